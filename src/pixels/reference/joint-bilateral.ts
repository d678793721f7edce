import type { Rows } from '../image';
import type { LowResolutionChange } from '../low-resolution';
import { cellOf, mix, type Recolouring } from '../recolouring';
import { eachPixel } from './each-pixel';

/** The parameters of the exact joint bilateral. */
export interface BilateralSigmas {
  /** Spatial deviation, in low-resolution cells. */
  readonly space: number;
  /** Deviation of colour, levels of 255: Euclidean distance in RGB. */
  readonly colour: number;
}
const BILATERAL_SIGMAS: BilateralSigmas = { space: 0.8, colour: 15 };

/** Weight left to a cell of wholly different colour, so that a pixel unlike all its cells still takes their mean. */
const LIKENESS_FLOOR = 1e-3;

/** Added to the weight s² of a cell, so that cells without foreground divide nothing by 0: a hundredth of a cell's share counts as none. */
const SHARE_FLOOR = 1e-4;

/**
 * Likeness of two colours at squared distance d²: (1 − d²/2σ²/16)^16, the Gaussian exp(−d²/2σ²) to 3 % of its height
 * but 0 from 5.7σ on, and four multiplications instead of an exponential.
 */
function likenessFalloff(sigma: number): number {
  return 1 / (2 * sigma * sigma * 16);
}

/** Steps of a fraction of a cell in {@link nearness}. */
const FRACTIONS = 256;

/**
 * Nearness of the four cells around a place along one axis, at the distances 1 + f, f, 1 − f, 2 − f, for f = 0..1 in
 * steps of 1/256: a Gaussian lowered to meet 0 at two cells, so that no cell enters or leaves with a jump.
 */
function nearness(sigma: number): Float32Array {
  const bell = (distance: number) => Math.exp(-(distance * distance) / (2 * sigma * sigma));
  return Float32Array.from({ length: 4 * (FRACTIONS + 1) }, (_, i) => {
    const distance = Math.abs((i % 4) - 1 - Math.floor(i / 4) / FRACTIONS);
    return Math.max(bell(distance) - bell(2), 0);
  });
}

/**
 * Joint bilateral upsampling as it is defined, by distances of colours, which the bilateral grid comes near to at a
 * fraction of the time (docs/lifting.md compares them). A pixel's change is
 * Σ w s c / Σ w (s² + floor) over the 4×4 cells around it; c: a cell's change, s: its share of foreground, w: nearness
 * times likeness of the cell's colour to the pixel's.
 */
export function upsampleExactly(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  sigmas: BilateralSigmas = BILATERAL_SIGMAS,
): void {
  const { data } = job.source;
  const { width: across, height: down } = low.change;
  const size = across * down;
  const near = nearness(sigmas.space);
  const falloff = likenessFalloff(sigmas.colour);
  eachPixel(job, rows, out, (pixel, x, y, weight) => {
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
  });
}
