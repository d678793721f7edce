import type { Blending } from '../blend-modes';
import { FILLED_APART } from '../blend-modes';
import type { BlendOptions } from '../blend';
import type { Image } from '../image';
import { isTone, TONES } from './tones';

/**
 * Plain TypeScript of what the blending kernels do: the oracle of their tests and their peer in `npm run bench`.
 * Sources of the formulas: kernels/assembly/separable.ts and tones.ts.
 */
export function blendImagesPlainly(
  under: Image,
  over: Image,
  {
    mode = 'normal',
    opacity = 1,
    fill = 1,
    mask = null,
    atop = false,
    offset = { x: 0, y: 0 },
  }: BlendOptions = {},
): Image {
  const { width, height } = under;
  const data = new Uint8ClampedArray(under.data.length);
  const apart = FILLED_APART.has(mode);
  const weight = apart ? opacity : opacity * fill;
  const open = atop ? 0 : apart ? fill : 1;
  const channel = mode in CHANNELS ? CHANNELS[mode] : undefined;
  const b = [0, 0, 0];
  const s = [0, 0, 0];
  const kept = apart ? fill : 1;
  const neutral = (1 - kept) * (NEUTRAL[mode] ?? 0);
  for (let i = 0; i < data.length; i += 4) {
    const backdrop = under.data[i + 3]! / 255;
    let source = (over.data[i + 3]! / 255) * (mask ? mask.data[i / 4]! / 255 : 1) * weight;
    if (mode === 'dissolve') {
      const x = ((i / 4) % width) + offset.x;
      const y = Math.floor(i / 4 / width) + offset.y;
      source = source > chance(x, y) ? 1 : 0;
    }
    const alpha = backdrop + source * (1 - backdrop) * open;
    if (alpha < 0.5 / 255) continue;
    for (let c = 0; c < 3; c++) {
      b[c] = under.data[i + c]! / 255;
      s[c] = over.data[i + c]! / 255;
    }
    const toned = isTone(mode) ? TONES[mode](b, s) : null;
    for (let c = 0; c < 3; c++) {
      const blended = toned ? toned[c]! : channel ? channel(b[c]!, s[c]! * kept + neutral, fill) : s[c]!;
      const colour =
        (1 - source) * backdrop * b[c]! +
        (1 - backdrop) * source * s[c]! * open +
        backdrop * source * blended;
      data[i + c] = (colour / alpha) * 255;
    }
    data[i + 3] = alpha * 255;
  }
  return { width, height, data };
}

/** The grey towards which fill moves the source: the colour that changes nothing. */
const NEUTRAL: Partial<Record<Blending, number>> = {
  'color burn': 1,
  'linear burn': 1,
  'vivid light': 0.5,
  'linear light': 0.5,
  'hard mix': 0.5,
};

/** What lies nearer to 0, 1 or a threshold counts as there: a quarter of a level. */
const EPSILON = 0.25 / 255;

const clip = (value: number) => Math.min(Math.max(value, 0), 1);
const screen = (b: number, s: number) => b + s - b * s;
const burn = (b: number, s: number) => (1 - b <= EPSILON ? 1 : s <= 0 ? 0 : 1 - Math.min(1, (1 - b) / s));
const dodge = (b: number, s: number) => (b <= EPSILON ? 0 : s >= 1 ? 1 : Math.min(1, b / (1 - s)));
const hardLight = (b: number, s: number) => (s <= 0.5 ? b * 2 * s : screen(b, 2 * s - 1));

const CHANNELS: Partial<Record<Blending, (b: number, s: number, fill: number) => number>> = {
  darken: (b, s) => Math.min(b, s),
  multiply: (b, s) => b * s,
  'color burn': burn,
  'linear burn': (b, s) => clip(b + s - 1),
  lighten: (b, s) => Math.max(b, s),
  screen,
  'color dodge': dodge,
  'linear dodge': (b, s) => Math.min(b + s, 1),
  overlay: (b, s) => hardLight(s, b),
  'soft light': (b, s) =>
    s <= 0.5 ? 2 * b * s + b * b * (1 - 2 * s) : 2 * b * (1 - s) + Math.sqrt(b) * (2 * s - 1),
  'hard light': hardLight,
  'vivid light': (b, s) => (s <= 0.5 ? burn(b, 2 * s) : dodge(b, 2 * s - 1)),
  'linear light': (b, s) => clip(b + 2 * s - 1),
  'pin light': (b, s) => (s <= 0.5 ? Math.min(b, 2 * s) : Math.max(b, 2 * s - 1)),
  'hard mix': (b, s, fill) =>
    fill > 0.999 ? (b + s >= 1 - EPSILON ? 1 : 0) : clip((b + s - (1 + fill) / 2) / (1 - fill)),
  difference: (b, s) => Math.abs(b - s),
  exclusion: (b, s) => b + s - 2 * b * s,
  subtract: (b, s) => Math.max(b - s, 0),
  divide: (b, s) => (b <= EPSILON ? 0 : s <= 0 ? 1 : Math.min(1, b / s)),
};

/** The kernels' number of a place (shape.ts), in JavaScript's integers. */
export function chance(x: number, y: number): number {
  let h = (Math.imul(x, 0x9e3779b1) + Math.imul(y, 0x85ebca77)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  h = (h ^ (h >>> 16)) >>> 0;
  return ((h >>> 8) + 0.5) / 2 ** 24;
}
