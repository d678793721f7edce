import { FADE, FLOOR, GRID_SHAPE, type GridShape, inGrid, layoutOf } from '../bilateral-grid';
import type { AffineGrid } from '../guided';
import type { Rows } from '../image';
import type { LowResolutionChange } from '../low-resolution';
import { eachPixel } from './each-pixel';
import { cellOf, mix, type Recolouring } from '../recolouring';

/** The bilateral grid in plain TypeScript: changes of r, g, b by `[row][cell][level][4]`. */
function gridOf(low: LowResolutionChange, shape: GridShape): Float64Array {
  const { width, height, levels, reach, spread } = layoutOf(low, shape);
  const scale = (levels - 1) / 256;
  const { change, guide, mask } = low;
  const size = change.width * change.height;
  const at = (x: number, y: number, level: number) =>
    4 *
    ((Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)) * levels + level);
  const raw = new Float64Array(4 * width * height * levels);
  for (let i = 0; i < size; i++) {
    const x = Math.floor((i % change.width) / reach);
    const y = Math.floor(i / change.width / reach);
    const bright = brightness(guide.data[i]!, guide.data[size + i]!, guide.data[2 * size + i]!) * scale;
    const level = Math.min(Math.floor(bright), levels - 2);
    const share = mask.data[i]! / 255;
    if (share === 0) continue;
    for (const [k, weight] of [
      [level, 1 - bright + level],
      [level + 1, bright - level],
    ] as const) {
      for (let c = 0; c < 3; c++) raw[at(x, y, k) + c]! += weight * share * change.data[c * size + i]!;
      raw[at(x, y, k) + 3]! += weight * (share * share + FLOOR);
    }
  }
  const spreadBy = (from: Float64Array, dx: number, dy: number) => {
    const to = new Float64Array(from.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let k = 0; k < 4 * levels; k++) {
          const both = from[at(x - dx, y - dy, 0) + k]! + from[at(x + dx, y + dy, 0) + k]!;
          to[at(x, y, 0) + k] = (1 - 2 * spread) * from[at(x, y, 0) + k]! + spread * both;
        }
    return to;
  };
  const grid = spreadBy(spreadBy(raw, 1, 0), 0, 1);
  for (let cell = 0; cell < grid.length; cell += 4 * levels) {
    const sums = grid.slice(cell, cell + 4 * levels);
    const all = sums.slice();
    for (let c = 0; c < 4; c++) {
      let [up, down] = [0, 0];
      for (let k = 0; k < levels; k++) {
        const [low, high] = [4 * k + c, 4 * (levels - 1 - k) + c];
        all[low]! += up;
        all[high]! += down;
        up = FADE * (up + sums[low]!);
        down = FADE * (down + sums[high]!);
      }
    }
    for (let k = 0; k < 4 * levels; k++) {
      const weight = all[k | 3]!;
      grid[cell + k] = weight > 0 ? Math.min(Math.max(all[k]! / weight, -255), 255) : 0;
    }
  }
  return grid;
}

const brightness = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;

/** Joint bilateral upsampling by the grid in plain TypeScript: what the kernel is held to. */
export function upsampleBilateral(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  shape: GridShape = GRID_SHAPE,
): void {
  const { data } = job.source;
  const { width: across, height: down, levels, reach } = layoutOf(low, shape);
  const grid = gridOf(low, shape);
  eachPixel(job, rows, out, (pixel, x, y, weight) => {
    const place = cellOf(job, x, y, low.change.width, low.change.height);
    const u = Math.min(Math.max(inGrid(place.u, reach), 0), across - 1);
    const v = Math.min(Math.max(inGrid(place.v, reach), 0), down - 1);
    const [r, g, b] = [data[4 * pixel]!, data[4 * pixel + 1]!, data[4 * pixel + 2]!];
    const bright = (brightness(r, g, b) * (levels - 1)) / 256;
    const [left, top, level] = [Math.floor(u), Math.floor(v), Math.min(Math.floor(bright), levels - 2)];
    const change = [0, 0, 0];
    for (let k = 0; k < 8; k++) {
      const [dx, dy, dz] = [k & 1, (k >> 1) & 1, k >> 2];
      const near =
        (dx ? u - left : 1 - u + left) *
        (dy ? v - top : 1 - v + top) *
        (dz ? bright - level : 1 - bright + level);
      const column = Math.min(left + dx, across - 1);
      const at = 4 * ((Math.min(top + dy, down - 1) * across + column) * levels + level + dz);
      for (let c = 0; c < 3; c++) change[c]! += near * grid[at + c]!;
    }
    for (let c = 0; c < 3; c++) mix(out, 4 * pixel + c, data[4 * pixel + c]!, change[c]!, weight);
  });
}

/** Applying an affine grid in plain TypeScript: what the kernel is held to. */
export function applyAffine(job: Recolouring, grid: AffineGrid, rows: Rows, out: Uint8ClampedArray): void {
  const { data } = job.source;
  eachPixel(job, rows, out, (pixel, x, y, weight) => {
    const place = cellOf(job, x, y, grid.width, grid.height);
    const u = Math.min(Math.max(place.u, 0), grid.width - 1);
    const v = Math.min(Math.max(place.v, 0), grid.height - 1);
    const left = Math.floor(u);
    const top = Math.floor(v);
    const fx = u - left;
    const fy = v - top;
    const upper = 16 * (top * (grid.width + 1) + left);
    const lower = upper + 16 * (grid.width + 1);
    const [r, g, b] = [data[4 * pixel]!, data[4 * pixel + 1]!, data[4 * pixel + 2]!];
    for (let c = 0; c < 3; c++) {
      const at = (k: number) => {
        const above = (1 - fx) * grid.data[upper + k + c]! + fx * grid.data[upper + 16 + k + c]!;
        const below = (1 - fx) * grid.data[lower + k + c]! + fx * grid.data[lower + 16 + k + c]!;
        return (1 - fy) * above + fy * below;
      };
      const change = at(0) * r + at(4) * g + at(8) * b + at(12);
      mix(out, 4 * pixel + c, data[4 * pixel + c]!, change, weight);
    }
  });
}
