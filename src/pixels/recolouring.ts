import type { Image, Mask, Rows, Scan } from './image';
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
  /** Where the source's first pixel lies in the picture that `toFrame` speaks of; its own first pixel when left out. */
  readonly origin?: { readonly x: number; readonly y: number };
}

/** Copies rows bit for bit into `out` (RGBA, as large as the source); `out` may be the source itself. */
export function copyRows({ width, data }: Image, rows: Rows, out: Uint8ClampedArray): void {
  if (out === data) return;
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

/** Where the centre of pixel (x, y) of the source lies in a grid of `width`×`height` cells; 0 is the first cell's centre. */
export function cellOf(
  { toFrame, origin }: Recolouring,
  x: number,
  y: number,
  width: number,
  height: number,
): { u: number; v: number } {
  const px = (origin?.x ?? 0) + x + 0.5;
  const py = (origin?.y ?? 0) + y + 0.5;
  return {
    u: (toFrame.a * px + toFrame.c * py + toFrame.e) * width - 0.5,
    v: (toFrame.b * px + toFrame.d * py + toFrame.f) * height - 0.5,
  };
}

/** The pixels of a row from the first (inclusive) to the last (`to`, exclusive) that take any of the change; null when none does. */
export function takingPart(
  amount: Scan | null,
  width: number,
  y: number,
): { from: number; to: number } | null {
  if (!amount) return { from: 0, to: width };
  const start = y * width;
  const from = amount.next(start, start + width);
  if (from === start + width) return null;
  return { from: from - start, to: amount.last(from, start + width) + 1 - start };
}
