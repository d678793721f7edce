import type { AdjustmentLayer, HueSaturationAdjustmentChannel, LevelsAdjustmentChannel } from 'ag-psd';
import {
  NEUTRAL,
  type Adjustment,
  type Balance,
  type Curve,
  type HueRange,
  type HueShift,
  type LevelsChannel,
} from '../../document/adjustment';

/** The blocks of the adjustments that Attune has. */
export const ADJUSTMENT_KEYS: ReadonlySet<string> = new Set('brit CgEd levl curv hue2 blnc expA'.split(' '));

/** Where Photoshop's six ranges of hues lie: fade in, from, to, fade out. */
const HUES = [
  [315, 345, 15, 45],
  [15, 45, 75, 105],
  [75, 105, 135, 165],
  [135, 165, 195, 225],
  [195, 225, 255, 285],
  [255, 285, 315, 345],
] as const;
const HUE_NAMES = ['reds', 'yellows', 'greens', 'cyans', 'blues', 'magentas'] as const;

const within = (low: number, value: number | undefined, high: number, otherwise = 0) =>
  value === undefined || !Number.isFinite(value) ? otherwise : Math.min(high, Math.max(low, value));

/** The adjustment of a PSD layer in Attune's records, its numbers brought into their ranges; null when Attune has no such. */
export function readAdjustment(found: AdjustmentLayer): Adjustment | null {
  switch (found.type) {
    case 'brightness/contrast': {
      const legacy = found.useLegacy ?? false;
      return {
        kind: 'brightness-contrast',
        brightness: legacy ? within(-100, found.brightness, 100) : within(-150, found.brightness, 150),
        contrast: legacy ? within(-100, found.contrast, 100) : within(-50, found.contrast, 100),
        legacy,
      };
    }
    case 'levels': {
      const { rgb, red, green, blue } = found;
      return { kind: 'levels', rgb: levels(rgb), red: levels(red), green: levels(green), blue: levels(blue) };
    }
    case 'curves': {
      const { rgb, red, green, blue } = found;
      return { kind: 'curves', rgb: curve(rgb), red: curve(red), green: curve(green), blue: curve(blue) };
    }
    case 'exposure':
      return {
        kind: 'exposure',
        exposure: within(-20, found.exposure, 20),
        offset: within(-0.5, found.offset, 0.5),
        gamma: within(0.01, found.gamma, 9.99, 1),
      };
    case 'color balance':
      return {
        kind: 'color-balance',
        shadows: balance(found.shadows),
        midtones: balance(found.midtones),
        highlights: balance(found.highlights),
        preserveLuminosity: found.preserveLuminosity ?? true,
      };
    case 'hue/saturation':
      return hueSaturation(found);
    default:
      return null;
  }
}

function levels(found: LevelsAdjustmentChannel | undefined): LevelsChannel {
  return {
    black: within(0, found?.shadowInput, 253),
    white: within(2, found?.highlightInput, 255, 255),
    gamma: within(0.1, found?.midtoneInput, 9.99, 1),
    outputBlack: within(0, found?.shadowOutput, 255),
    outputWhite: within(0, found?.highlightOutput, 255, 255),
  };
}

function curve(found: readonly { input: number; output: number }[] | undefined): Curve {
  const points = (found ?? [])
    .slice(0, 16)
    .map(({ input, output }) => ({ input: within(0, input, 255), output: within(0, output, 255) }))
    .sort((a, b) => a.input - b.input)
    .filter(({ input }, i, all) => i === 0 || input > all[i - 1]!.input);
  return points.length >= 2 ? points : NEUTRAL.curves.rgb;
}

function balance(found: Partial<Balance> | undefined): Balance {
  return {
    cyanRed: within(-100, found?.cyanRed, 100),
    magentaGreen: within(-100, found?.magentaGreen, 100),
    yellowBlue: within(-100, found?.yellowBlue, 100),
  };
}

type FoundHues = Extract<AdjustmentLayer, { type: 'hue/saturation' }>;

/**
 * ag-psd reads the head of the block as a range: its `a` holds the flag "colorize" in the upper byte, `b`, `c` and `d`
 * the hue (−180..180), saturation and lightness of colorizing (Adobe's specification, “Hue/Saturation”).
 */
function hueSaturation(found: FoundHues): Adjustment {
  const head = found.master;
  const colorize = (head?.a ?? 0) >> 8 !== 0;
  const master: HueShift = colorize
    ? {
        hue: (within(-360, head?.b, 360) + 360) % 360,
        saturation: within(0, head?.c, 100),
        lightness: within(-100, head?.d, 100),
      }
    : shift(head);
  const ranges = HUE_NAMES.map((hue, i): HueRange => {
    const range = found[hue];
    const [fadeIn, from, to, fadeOut] = HUES[i]!;
    return {
      ...shift(range),
      fadeIn: within(0, range?.a, 360, fadeIn),
      from: within(0, range?.b, 360, from),
      to: within(0, range?.c, 360, to),
      fadeOut: within(0, range?.d, 360, fadeOut),
    };
  });
  return { kind: 'hue-saturation', colorize, master, ranges: ranges.every(isPlain) ? [] : ranges };
}

function shift(found: HueSaturationAdjustmentChannel | undefined): HueShift {
  return {
    hue: within(-180, found?.hue, 180),
    saturation: within(-100, found?.saturation, 100),
    lightness: within(-100, found?.lightness, 100),
  };
}

function isPlain({ hue, saturation, lightness, fadeIn, from, to, fadeOut }: HueRange, i: number): boolean {
  const plain = HUES[i]!;
  const still = hue === 0 && saturation === 0 && lightness === 0;
  return still && [fadeIn, from, to, fadeOut].every((degrees, k) => degrees === plain[k]);
}

/** Attune's adjustment as ag-psd writes it. */
export function writeAdjustment(adjustment: Adjustment): AdjustmentLayer {
  switch (adjustment.kind) {
    case 'brightness-contrast': {
      const { brightness, contrast, legacy } = adjustment;
      return { type: 'brightness/contrast', brightness, contrast, meanValue: 127, useLegacy: legacy };
    }
    case 'levels': {
      const [rgb, red, green, blue] = [adjustment.rgb, adjustment.red, adjustment.green, adjustment.blue].map(
        (channel): LevelsAdjustmentChannel => ({
          shadowInput: Math.round(channel.black),
          highlightInput: Math.round(channel.white),
          shadowOutput: Math.round(channel.outputBlack),
          highlightOutput: Math.round(channel.outputWhite),
          midtoneInput: channel.gamma,
        }),
      );
      return { type: 'levels', rgb: rgb!, red: red!, green: green!, blue: blue! };
    }
    case 'curves': {
      const [rgb, red, green, blue] = [adjustment.rgb, adjustment.red, adjustment.green, adjustment.blue].map(
        (points) =>
          points.map(({ input, output }) => ({ input: Math.round(input), output: Math.round(output) })),
      );
      return { type: 'curves', rgb: rgb!, red: red!, green: green!, blue: blue! };
    }
    case 'exposure': {
      const { exposure, offset, gamma } = adjustment;
      return { type: 'exposure', exposure, offset, gamma };
    }
    case 'color-balance': {
      const { shadows, midtones, highlights, preserveLuminosity } = adjustment;
      return {
        type: 'color balance',
        shadows: { ...shadows },
        midtones: { ...midtones },
        highlights: { ...highlights },
        preserveLuminosity,
      };
    }
    case 'hue-saturation': {
      const { colorize, master, ranges } = adjustment;
      const hue = master.hue > 180 ? master.hue - 360 : master.hue;
      const head = colorize
        ? { a: 256, b: hue, c: master.saturation, d: master.lightness, hue: 0, saturation: 0, lightness: 0 }
        : {
            a: 0,
            b: 0,
            c: 25,
            d: 0,
            hue: master.hue,
            saturation: master.saturation,
            lightness: master.lightness,
          };
      const channels = HUE_NAMES.map((name, i) => [name, channelOf(ranges[i], i)] as const);
      return { type: 'hue/saturation', master: head, ...Object.fromEntries(channels) };
    }
  }
}

function channelOf(range: HueRange | undefined, i: number): HueSaturationAdjustmentChannel {
  const [fadeIn, from, to, fadeOut] = HUES[i]!;
  return {
    a: range?.fadeIn ?? fadeIn,
    b: range?.from ?? from,
    c: range?.to ?? to,
    d: range?.fadeOut ?? fadeOut,
    hue: range?.hue ?? 0,
    saturation: range?.saturation ?? 0,
    lightness: range?.lightness ?? 0,
  };
}
