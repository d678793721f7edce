import type { Image, Mask, Rows } from './image';
import type { Matrix } from './matrix';

/** How full-size pixels take part: see LiftJob in harmonize/lift.ts. */
export interface Recolouring {
  readonly source: Image;
  /** How much of the change a pixel takes, or null for all. */
  readonly amount: Mask | null;
  /** 0..1. */
  readonly strength: number;
  /** Source pixels → unit square of the map. */
  readonly toFrame: Matrix;
}

/** Copies rows bit for bit into `out` (RGBA, as large as the source). */
export function copyRows({ width, data }: Image, rows: Rows, out: Uint8ClampedArray): void {
  out.set(data.subarray(rows.from * width * 4, rows.to * width * 4), rows.from * width * 4);
}

/**
 * Adds `weight` (0..1) of a change to a colour. The changed colour is clipped before it is mixed, as a picture would
 * be: strength then moves along a straight line.
 */
export function mix(
  out: Uint8ClampedArray,
  at: number,
  colour: number,
  change: number,
  weight: number,
): void {
  const full = Math.min(Math.max(colour + change, 0), 255);
  out[at] = colour + weight * (full - colour);
}
