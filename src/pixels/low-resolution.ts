import type { Planes } from './image';

/** What a network changed at its own size, with the picture it saw. */
export interface LowResolutionChange {
  /** Result − input, planar RGB, levels of 255. */
  readonly change: Planes;
  /** The input: the guide at low resolution, planar RGB, 0..255. */
  readonly guide: Planes;
  /**
   * How much each cell belongs to the foreground, 0..255. A cell of which a share s is foreground shows s times the
   * foreground's change: what is lifted is the change that explains the cells best, Σ w (change − s·lifted)² at its
   * least, or lifted = Σ w s change / Σ w s². So no change of the background leaks over the edge, and at soft edges the
   * foreground gets its whole change, to be blended by the full-size mask once and not twice.
   */
  readonly mask: Planes;
}

/**
 * Added to the weight s² of a cell, so that cells without foreground divide nothing by 0: a hundredth of a cell's
 * share counts as none.
 */
export const SHARE_FLOOR = 1e-4;

/** The parameters of joint bilateral upsampling; docs/lifting.md has the measurements behind the standard ones. */
export interface BilateralSigmas {
  /** Spatial deviation, in low-resolution cells. */
  readonly space: number;
  /** Deviation of colour, levels of 255: Euclidean distance in RGB. */
  readonly colour: number;
}
export const BILATERAL_SIGMAS: BilateralSigmas = { space: 0.8, colour: 15 };

/** Weight left to a cell of wholly different colour, so that a pixel unlike all its cells still takes their mean. */
export const LIKENESS_FLOOR = 1e-3;

/**
 * Likeness of two colours at squared distance d²: (1 − d²/2σ²/16)^16, the Gaussian exp(−d²/2σ²) to 3 % of its height
 * but 0 from 5.7σ on, and four multiplications instead of an exponential.
 */
export function likenessFalloff(sigma: number): number {
  return 1 / (2 * sigma * sigma * 16);
}

/** Steps of a fraction of a cell in {@link nearness}. */
export const FRACTIONS = 256;

/**
 * Nearness of the four cells around a place along one axis, at the distances 1 + f, f, 1 − f, 2 − f, for f = 0..1 in
 * steps of 1/256: a Gaussian lowered to meet 0 at two cells, so that no cell enters or leaves with a jump.
 */
export function nearness(sigma: number): Float32Array {
  const bell = (distance: number) => Math.exp(-(distance * distance) / (2 * sigma * sigma));
  return Float32Array.from({ length: 4 * (FRACTIONS + 1) }, (_, i) => {
    const distance = Math.abs((i % 4) - 1 - Math.floor(i / 4) / FRACTIONS);
    return Math.max(bell(distance) - bell(2), 0);
  });
}
