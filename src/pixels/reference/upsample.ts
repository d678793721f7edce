import type { AffineGrid } from '../guided';
import type { Rows } from '../image';
import {
  BILATERAL_SIGMAS,
  type BilateralSigmas,
  FRACTIONS,
  LIKENESS_FLOOR,
  likenessFalloff,
  type LowResolutionChange,
  nearness,
  SHARE_FLOOR,
} from '../low-resolution';
import { cellOf, copyRows, mix, type Recolouring } from '../recolouring';

/**
 * Joint bilateral upsampling in plain TypeScript: what the kernel is held to. A pixel's change is
 * Σ w s c / Σ w (s² + floor) over the 4×4 cells around it; c: a cell's change, s: its share of foreground, w: nearness
 * times likeness of the cell's colour to the pixel's.
 */
export function upsampleBilateral(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  sigmas: BilateralSigmas = BILATERAL_SIGMAS,
): void {
  const { source, amount, strength } = job;
  const { width, data } = source;
  const { width: across, height: down } = low.change;
  const size = across * down;
  const near = nearness(sigmas.space);
  const falloff = likenessFalloff(sigmas.colour);
  copyRows(source, rows, out);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
      if (weight === 0) continue;
      const place = cellOf(job, x, y, across, down);
      const u = Math.min(Math.max(place.u, -1), across);
      const v = Math.min(Math.max(place.v, -1), down);
      const left = Math.floor(u);
      const top = Math.floor(v);
      const nearX = 4 * Math.floor((u - left) * FRACTIONS + 0.5);
      const nearY = 4 * Math.floor((v - top) * FRACTIONS + 0.5);
      let total = 0;
      const sums = [0, 0, 0];
      for (let j = 0; j < 4; j++) {
        const row = Math.min(Math.max(top + j - 1, 0), down - 1) * across;
        for (let k = 0; k < 4; k++) {
          const cell = row + Math.min(Math.max(left + k - 1, 0), across - 1);
          let far = 0;
          for (let c = 0; c < 3; c++) far += (low.guide.data[c * size + cell]! - data[4 * pixel + c]!) ** 2;
          const likeness = Math.max(1 - far * falloff, 0) ** 16 + LIKENESS_FLOOR;
          const w = near[nearX + k]! * near[nearY + j]! * likeness;
          const share = low.mask.data[cell]! / 255;
          total += w * (share * share + SHARE_FLOOR);
          for (let c = 0; c < 3; c++) sums[c]! += w * share * low.change.data[c * size + cell]!;
        }
      }
      for (let c = 0; c < 3; c++)
        mix(out, 4 * pixel + c, data[4 * pixel + c]!, total > 0 ? sums[c]! / total : 0, weight);
    }
  }
}

/** Applying an affine grid in plain TypeScript: what the kernel is held to. */
export function applyAffine(job: Recolouring, grid: AffineGrid, rows: Rows, out: Uint8ClampedArray): void {
  const { source, amount, strength } = job;
  const { width, data } = source;
  copyRows(source, rows, out);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
      if (weight === 0) continue;
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
    }
  }
}
