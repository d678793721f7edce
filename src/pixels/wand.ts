import { type Coverage, trimmed } from './coverage';
import type { Image } from './image';

export interface WandOptions {
  /** How far each channel may be from the pixel that was clicked, 0..255. */
  readonly tolerance: number;
  /** Only what hangs together with that pixel (by its sides). */
  readonly contiguous: boolean;
  /** Pixels beside the area that are only a little too different are taken in part. */
  readonly smooth: boolean;
}

/** Beyond so many tolerances a pixel beside the area is left out wholly. */
const FRINGE = 1.5;

/** The pixels that look like the one at x, y: the greatest difference of red, green, blue and alpha counts. */
export function wand(image: Image, x: number, y: number, options: WandOptions): Coverage | null {
  const { width, height, data } = image;
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const { tolerance } = options;
  const at = 4 * (y * width + x);
  const [red, green, blue, alpha] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
  const difference = (i: number): number => {
    const j = 4 * i;
    const own = data[j + 3]!;
    // What is wholly transparent has no colour.
    if (own === 0 && alpha === 0) return 0;
    return Math.max(
      Math.abs(data[j]! - red),
      Math.abs(data[j + 1]! - green),
      Math.abs(data[j + 2]! - blue),
      Math.abs(own - alpha),
    );
  };
  const out = new Uint8ClampedArray(width * height);
  if (options.contiguous) flood(out, width, height, x, y, (i) => difference(i) <= tolerance);
  else for (let i = 0; i < out.length; i++) if (difference(i) <= tolerance) out[i] = 255;
  if (options.smooth && tolerance > 0) fringe(out, width, height, (i) => FRINGE - difference(i) / tolerance);
  return trimmed({ x: 0, y: 0, width, height, data: out });
}

/** Fills what is alike and hangs together with x, y, a row's span at a time. */
function flood(
  out: Uint8ClampedArray,
  width: number,
  height: number,
  x: number,
  y: number,
  alike: (i: number) => boolean,
): void {
  const waiting: number[] = [y * width + x];
  for (let seed = waiting.pop(); seed !== undefined; seed = waiting.pop()) {
    if (out[seed] !== 0) continue;
    const row = seed - (seed % width);
    let from = seed;
    while (from > row && out[from - 1] === 0 && alike(from - 1)) from--;
    let [above, below] = [false, false];
    for (let i = from; i < row + width && out[i] === 0 && alike(i); i++) {
      out[i] = 255;
      const up = row > 0 && out[i - width] === 0 && alike(i - width);
      if (up && !above) waiting.push(i - width);
      above = up;
      const down = row < (height - 1) * width && out[i + width] === 0 && alike(i + width);
      if (down && !below) waiting.push(i + width);
      below = down;
    }
  }
}

/** Gives the pixels beside what is wholly selected their share. */
function fringe(out: Uint8ClampedArray, width: number, height: number, share: (i: number) => number): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (out[i] !== 0) continue;
      const beside =
        (x > 0 && out[i - 1] === 255) ||
        (x < width - 1 && out[i + 1] === 255) ||
        (y > 0 && out[i - width] === 255) ||
        (y < height - 1 && out[i + width] === 255);
      // Never wholly: its own neighbours are not to follow.
      if (beside) out[i] = Math.min(254, 255 * Math.max(0, 2 * share(i)));
    }
  }
}

/**
 * The part of a coverage that hangs together with the pixel at x, y (by the sides of pixels selected at all); the whole of
 * it when that pixel is not selected itself.
 */
export function connected(coverage: Coverage, x: number, y: number): Coverage {
  const { width, height, data } = coverage;
  const [column, row] = [x - coverage.x, y - coverage.y];
  const inside = column >= 0 && row >= 0 && column < width && row < height;
  if (!inside || data[row * width + column] === 0) return coverage;
  const part = new Uint8ClampedArray(data.length);
  flood(part, width, height, column, row, (i) => data[i] !== 0);
  for (let i = 0; i < part.length; i++) if (part[i] !== 0) part[i] = data[i]!;
  return { ...coverage, data: part };
}
