import type {
  BrightnessContrast,
  ColorBalance,
  Curve,
  Curves,
  Exposure,
  HueSaturation,
  Levels,
  LevelsChannel,
  Adjustment,
} from '../document/adjustment';
import { linearOf, srgbOf } from '../pixels/light';

/** The adjustments that change each channel by itself. */
export type ToneAdjustment = Exclude<Adjustment, HueSaturation | ColorBalance>;

/** Every level of 8 bits falls on an entry of the tables: neutral settings are exact. */
const ENTRIES = 4 * 255 + 1;

/** Red, green and blue by tables of output (0..1) over input (0..1). */
export type Tones = readonly [Float32Array, Float32Array, Float32Array];

const made = new WeakMap<ToneAdjustment, Tones>();

/** The adjustment's tables; made once an adjustment. */
export function tonesOf(adjustment: ToneAdjustment): Tones {
  let tones = made.get(adjustment);
  if (!tones) made.set(adjustment, (tones = tablesOf(adjustment)));
  return tones;
}

type Tone = (value: number) => number;

function tablesOf(adjustment: ToneAdjustment): Tones {
  switch (adjustment.kind) {
    case 'levels':
    case 'curves': {
      const of = adjustment.kind === 'levels' ? levelsTones(adjustment) : curvesTones(adjustment);
      return [of('red'), of('green'), of('blue')];
    }
    case 'exposure':
      return alike(exposureTone(adjustment));
    case 'brightness-contrast':
      return alike(brightnessTone(adjustment));
  }
}

const clip = (value: number) => (value >= 0 ? Math.min(value, 1) : 0);
const table = (tone: Tone) => Float32Array.from({ length: ENTRIES }, (_, i) => clip(tone(i / (ENTRIES - 1))));
const alike = (tone: Tone): Tones => {
  const all = table(tone);
  return [all, all, all];
};

const levelsTones = (levels: Levels) => (channel: 'red' | 'green' | 'blue') =>
  table((value) => levelsTone(levels.rgb, levelsTone(levels[channel], value)));

/** Input black and white to 0 and 1, midtones by a power of 1/gamma, then to output black and white. */
function levelsTone({ black, white, gamma, outputBlack, outputWhite }: LevelsChannel, value: number): number {
  const stretched = clip((value * 255 - black) / Math.max(white - black, 1));
  const bent = gamma === 1 ? stretched : stretched ** (1 / gamma);
  return (outputBlack + bent * (outputWhite - outputBlack)) / 255;
}

const curvesTones = (curves: Curves) => {
  const all = spline(curves.rgb);
  return (channel: 'red' | 'green' | 'blue') => {
    const own = spline(curves[channel]);
    return table((value) => all(clip(own(value))));
  };
};

/** The natural cubic spline through the points, flat beyond the ends (de Boor, "A practical guide to splines", IV). */
function spline(curve: Curve): Tone {
  const points = [...curve]
    .sort((a, b) => a.input - b.input)
    .filter(({ input }, i, all) => i === 0 || input > all[i - 1]!.input);
  const xs = points.map(({ input }) => input / 255);
  const ys = points.map(({ output }) => output / 255);
  const last = xs.length - 1;
  if (last < 0) return (value) => value;
  if (last === 0) return () => ys[0]!;
  // Second derivatives by Thomas's algorithm, 0 at both ends.
  const bend = new Array<number>(last + 1).fill(0);
  const carry = new Array<number>(last + 1).fill(0);
  for (let i = 1; i < last; i++) {
    const before = xs[i]! - xs[i - 1]!;
    const after = xs[i + 1]! - xs[i]!;
    const share = 2 * (before + after) - before * carry[i - 1]!;
    const slopes = (ys[i + 1]! - ys[i]!) / after - (ys[i]! - ys[i - 1]!) / before;
    carry[i] = after / share;
    bend[i] = (6 * slopes - before * bend[i - 1]!) / share;
  }
  for (let i = last - 1; i > 0; i--) bend[i] = bend[i]! - carry[i]! * bend[i + 1]!;
  return (value) => {
    if (value <= xs[0]!) return ys[0]!;
    if (value >= xs[last]!) return ys[last]!;
    let i = 0;
    while (value > xs[i + 1]!) i++;
    const width = xs[i + 1]! - xs[i]!;
    const right = (value - xs[i]!) / width;
    const left = 1 - right;
    const cubic = (left ** 3 - left) * bend[i]! + (right ** 3 - right) * bend[i + 1]!;
    return left * ys[i]! + right * ys[i + 1]! + (cubic * width * width) / 6;
  };
}

/** In linear light: stops multiply, the offset adds, gamma bends (the order of Photoshop's dialog). */
function exposureTone({ exposure, offset, gamma }: Exposure): Tone {
  if (exposure === 0 && offset === 0 && gamma === 1) return (value) => value;
  return (value) => srgbOf(clip(linearOf(value) * 2 ** exposure + offset) ** (1 / gamma));
}

/**
 * Legacy: brightness adds, contrast turns the line about middle grey and clips. Otherwise black and white stay: Photoshop
 * does not publish its curves; ours are a power for brightness (150 brightens middle grey by a power of 1/2.5) and, for
 * contrast, the way towards the smooth step 3v² − 2v³ or towards middle grey.
 */
function brightnessTone({ brightness, contrast, legacy }: BrightnessContrast): Tone {
  if (legacy) {
    const slope = contrast < 0 ? 1 + contrast / 100 : 1 / Math.max(1 - contrast / 100, 1e-3);
    return (value) => (value + brightness / 255 - 0.5) * slope + 0.5;
  }
  const power = 2.5 ** (-brightness / 150);
  const share = contrast / 100;
  return (value) => {
    const bright = power === 1 ? value : value ** power;
    const target = share >= 0 ? bright * bright * (3 - 2 * bright) : 0.5;
    return bright + Math.abs(share) * (target - bright);
  };
}
