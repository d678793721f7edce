import {
  type AffineGrid,
  boundsOf,
  GUIDED_SIGMAS,
  type GuidedSigmas,
  LEAST_WEIGHT,
  repeatBorder,
} from '../guided';
import type { LowResolutionChange } from '../low-resolution';

/** Sums kept of a cell: weight, 3 colours, 6 products of colours, 3 times (change, change·3 colours). */
const SUMS = 22;
/** Fits kept of a window: its weight, 3 times (3 slopes, constant). */
const FITS = 13;

/**
 * In plain TypeScript, what the kernels are held to: the guided filter's fit (He, Sun, Tang 2013, eqs. 11, 16 and 19, colours as guide), by the foreground's cells alone:
 * in every window the affine function f of the guide's colours of which share·f(colour) comes nearest to the cells'
 * changes, its slopes damped; then every cell takes the mean of the functions of the windows that it is in, each by the
 * foreground in it. Cells far from any foreground change nothing.
 */
export function fitGuided(low: LowResolutionChange, sigmas: GuidedSigmas = GUIDED_SIGMAS): AffineGrid {
  const { width, height } = low.change;
  const grid = new Float32Array(16 * (width + 1) * (height + 1));
  const bounds = boundsOf(low.mask, 2 * sigmas.reach);
  if (bounds) {
    const { x: left, y: top } = bounds;
    const box = [bounds.width, bounds.height, sigmas.reach] as const;
    const windows = boxSums(...box, SUMS, (y, out) => sumsOfRow(low, left, top + y, bounds.width, out));
    const means = boxSums(...box, FITS, (_, out) => fitRow(windows(), bounds.width, sigmas.damping, out));
    for (let y = 0; y < bounds.height; y++) {
      const fits = means();
      for (let x = 0; x < bounds.width; x++) {
        const weight = fits[x * FITS]!;
        const at = 16 * ((top + y) * (width + 1) + left + x);
        for (let c = 0; c < 3; c++) {
          for (let k = 0; k < 4; k++) grid[at + 4 * k + c] = fits[x * FITS + 1 + 4 * c + k]! / weight;
          // Changes in 0..1 become levels; slopes are the same in both.
          grid[at + 12 + c]! *= 255;
        }
      }
    }
  }
  repeatBorder(grid, width, height);
  return { width, height, data: grid };
}

/** Row by row what {@link SUMS} names; the weight of a cell is its share squared. */
function sumsOfRow(
  low: LowResolutionChange,
  left: number,
  y: number,
  count: number,
  out: Float64Array,
): void {
  const { width, height } = low.change;
  const size = width * height;
  for (let x = 0; x < count; x++) {
    const cell = y * width + left + x;
    const share = low.mask.data[cell]! / 255;
    const weight = share * share + LEAST_WEIGHT;
    const r = low.guide.data[cell]! / 255;
    const g = low.guide.data[size + cell]! / 255;
    const b = low.guide.data[2 * size + cell]! / 255;
    const at = x * SUMS;
    out[at] = weight;
    out[at + 1] = weight * r;
    out[at + 2] = weight * g;
    out[at + 3] = weight * b;
    out[at + 4] = weight * r * r;
    out[at + 5] = weight * r * g;
    out[at + 6] = weight * r * b;
    out[at + 7] = weight * g * g;
    out[at + 8] = weight * g * b;
    out[at + 9] = weight * b * b;
    for (let c = 0; c < 3; c++) {
      const change = (share * low.change.data[c * size + cell]!) / 255;
      out[at + 10 + 4 * c] = change;
      out[at + 11 + 4 * c] = change * r;
      out[at + 12 + 4 * c] = change * g;
      out[at + 13 + 4 * c] = change * b;
    }
  }
}

/** The damped least-squares fit of each window of a row, times the window's weight. */
function fitRow(sums: Float64Array, count: number, damping: number, out: Float64Array): void {
  for (let x = 0; x < count; x++) {
    const at = x * SUMS;
    const weight = sums[at]!;
    const r = sums[at + 1]! / weight;
    const g = sums[at + 2]! / weight;
    const b = sums[at + 3]! / weight;
    const rr = sums[at + 4]! / weight - r * r + damping;
    const rg = sums[at + 5]! / weight - r * g;
    const rb = sums[at + 6]! / weight - r * b;
    const gg = sums[at + 7]! / weight - g * g + damping;
    const gb = sums[at + 8]! / weight - g * b;
    const bb = sums[at + 9]! / weight - b * b + damping;
    // The inverse of the symmetric 3×3 matrix by its cofactors.
    const crr = gg * bb - gb * gb;
    const crg = rb * gb - rg * bb;
    const crb = rg * gb - rb * gg;
    const cgg = rr * bb - rb * rb;
    const cgb = rg * rb - rr * gb;
    const cbb = rr * gg - rg * rg;
    const determinant = rr * crr + rg * crg + rb * crb;
    out[x * FITS] = weight;
    for (let c = 0; c < 3; c++) {
      const from = at + 10 + 4 * c;
      const mean = sums[from]! / weight;
      const withR = sums[from + 1]! / weight - mean * r;
      const withG = sums[from + 2]! / weight - mean * g;
      const withB = sums[from + 3]! / weight - mean * b;
      const byR = (crr * withR + crg * withG + crb * withB) / determinant;
      const byG = (crg * withR + cgg * withG + cgb * withB) / determinant;
      const byB = (crb * withR + cgb * withG + cbb * withB) / determinant;
      const to = x * FITS + 1 + 4 * c;
      out[to] = weight * byR;
      out[to + 1] = weight * byG;
      out[to + 2] = weight * byB;
      out[to + 3] = weight * (mean - byR * r - byG * g - byB * b);
    }
  }
}

/**
 * Sums over (2·reach + 1)² boxes, cut off at the border, of rows that `fill` writes (`channels` doubles a cell). Each
 * call of the answer gives the next row of sums, in memory that the call after it uses again.
 */
function boxSums(
  width: number,
  height: number,
  reach: number,
  channels: number,
  fill: (y: number, out: Float64Array) => void,
): () => Float64Array {
  const length = width * channels;
  const row = new Float64Array(length);
  const kept = Array.from({ length: 2 * reach + 1 }, () => new Float64Array(length));
  const total = new Float64Array(length);
  let filled = 0;
  let next = 0;
  const add = (y: number) => {
    fill(y, row);
    const sums = kept[y % kept.length]!;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let x = 0; x < Math.min(reach, width); x++) sum += row[x * channels + c]!;
      for (let x = 0; x < width; x++) {
        if (x + reach < width) sum += row[(x + reach) * channels + c]!;
        if (x > reach) sum -= row[(x - reach - 1) * channels + c]!;
        sums[x * channels + c] = sum;
      }
    }
    for (let i = 0; i < length; i++) total[i]! += sums[i]!;
  };
  return () => {
    // The row that leaves lies where the one that enters will.
    const leaving = next - reach - 1;
    if (leaving >= 0) {
      const sums = kept[leaving % kept.length]!;
      for (let i = 0; i < length; i++) total[i]! -= sums[i]!;
    }
    while (filled < Math.min(next + reach + 1, height)) add(filled++);
    next++;
    return total;
  };
}
