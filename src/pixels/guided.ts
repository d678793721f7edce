import { type Box, maskBounds, type Planes } from './image';
import { kernels } from './kernels';
import type { LowResolutionChange } from './low-resolution';

/** Changes of colours, affine in them, a cell: four by four floats, what r, g, b (levels of 255) and 1 add to r, g, b (levels), and a zero. */
export interface AffineGrid {
  readonly width: number;
  readonly height: number;
  /** Rows of `width + 1` cells, `height + 1` rows: the last of either repeats the one before. */
  readonly data: Float32Array;
}

/** The parameters of the guided fit; docs/lifting.md has the measurements behind the standard ones. */
export interface GuidedSigmas {
  /** Reach of a window in cells: (2·reach + 1)² cells are fitted together. */
  readonly reach: number;
  /** What the slopes are damped by: a variance of colours in 0..1. */
  readonly damping: number;
}
export const GUIDED_SIGMAS: GuidedSigmas = { reach: 2, damping: 1e-5 };

/** Weight of a cell of no foreground at all, so that windows without foreground have a fit (of nearly no change). */
export const LEAST_WEIGHT = 1e-6;

/** Doubles that the kernels keep of a cell, and of the fit of a window. */
const SUMS = 22;
const FITS = 14;

/** The change without any dependence on colour. */
export function plainGrid({ change }: LowResolutionChange): AffineGrid {
  const { width, height, data } = change;
  const size = width * height;
  const grid = new Float32Array(16 * (width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 16 * (y * (width + 1) + x) + 12;
      for (let c = 0; c < 3; c++) grid[at + c] = data[c * size + y * width + x]!;
    }
  }
  repeatBorder(grid, width, height);
  return { width, height, data: grid };
}

/**
 * The guided filter's fit (He, Sun, Tang 2013, eqs. 11, 16 and 19, colours as guide), by the foreground's cells alone:
 * in every window the affine function f of the guide's colours of which share·f(colour) comes nearest to the cells'
 * changes, its slopes damped; then every cell takes the mean of the functions of the windows that it is in, each by the
 * foreground in it. Cells far from any foreground change nothing.
 */
export function fitGuided(low: LowResolutionChange, sigmas: GuidedSigmas = GUIDED_SIGMAS): AffineGrid {
  const { width, height } = low.change;
  const grid = new Float32Array(16 * (width + 1) * (height + 1));
  const bounds = boundsOf(low.mask, 2 * sigmas.reach);
  if (bounds) fitBox(low, bounds, sigmas, grid);
  repeatBorder(grid, width, height);
  return { width, height, data: grid };
}

function fitBox(
  low: LowResolutionChange,
  box: Box,
  { reach, damping }: GuidedSigmas,
  grid: Float32Array,
): void {
  const { width, height } = low.change;
  const { x: left, y: top } = box;
  const { run, memory } = kernels();
  const plane = 4 * width * height;
  const cells = 64 * box.width;
  memory.borrow([7 * plane, cells], (planes, line) => {
    memory.floats.set(low.change.data, planes! / 4);
    memory.floats.set(low.guide.data, planes! / 4 + (3 * plane) / 4);
    memory.floats.set(low.mask.data, planes! / 4 + (6 * plane) / 4);
    const sumsOfRow = (y: number, to: number) => {
      const from = planes! + 4 * ((top + y) * width + left);
      run.guidedSums(from, from + 3 * plane, from + 6 * plane, plane, box.width, LEAST_WEIGHT, to);
    };
    withBoxSums(box, reach, SUMS, sumsOfRow, (windows) => {
      const fitsOfRow = (_: number, to: number) => run.guidedFits(windows(), box.width, damping, to);
      withBoxSums(box, reach, FITS, fitsOfRow, (means) => {
        for (let y = 0; y < box.height; y++) {
          run.guidedCells(means(), box.width, line!);
          const from = line! / 4;
          grid.set(memory.floats.subarray(from, from + cells / 4), 16 * ((top + y) * (width + 1) + left));
        }
      });
    });
  });
}

/**
 * Sums over (2·reach + 1)² boxes, cut off at the border, of rows that `fill` writes (`channels` doubles a cell, an even
 * number). `work` gets a function of which each call answers the address of the next row of sums, in memory that the
 * call after it uses again.
 */
function withBoxSums(
  { width, height }: Box,
  reach: number,
  channels: number,
  fill: (y: number, to: number) => void,
  work: (next: () => number) => void,
): void {
  const { run, memory } = kernels();
  const length = 8 * channels * width;
  const rows = 2 * reach + 1;
  memory.borrow([length, length, rows * length], (row, total, kept) => {
    memory.bytes.fill(0, total, total! + length);
    let filled = 0;
    let next = 0;
    work(() => {
      // The row that leaves lies where the one that enters will.
      const leaving = next - reach - 1;
      if (leaving >= 0) run.takeOff(total!, kept! + (leaving % rows) * length, (channels * width) / 2);
      for (; filled < Math.min(next + reach + 1, height); filled++) {
        fill(filled, row!);
        run.sumAlong(row!, kept! + (filled % rows) * length, total!, width, reach, channels / 2);
      }
      next++;
      return total!;
    });
  });
}

/** The box around the cells with any foreground, and `around` more where there are. */
export function boundsOf({ width, height, data }: Planes, around: number): Box | null {
  const marks = new Uint8ClampedArray(data.length);
  for (let i = 0; i < marks.length; i++) marks[i] = data[i]! > 0 ? 1 : 0;
  const box = maskBounds({ width, height, data: marks });
  if (!box) return null;
  const x = Math.max(box.x - around, 0);
  const y = Math.max(box.y - around, 0);
  const right = Math.min(box.x + box.width + around, width);
  const bottom = Math.min(box.y + box.height + around, height);
  return { x, y, width: right - x, height: bottom - y };
}

/** Repeats the last column and row, for interpolation at the border. */
export function repeatBorder(grid: Float32Array, width: number, height: number): void {
  const row = 16 * (width + 1);
  for (let y = 0; y < height; y++)
    grid.copyWithin(y * row + 16 * width, y * row + 16 * (width - 1), y * row + 16 * width);
  grid.copyWithin(height * row, (height - 1) * row, height * row);
}
