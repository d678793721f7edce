import type { Image, Mask, Rows } from '../pixels/image';
import type { Matrix } from '../pixels/matrix';
import type { NetworkInput, NetworkResult } from './network';

/** How an image result is brought to full size: the paper's joint bilateral upsampling, or plain bilinear. */
export type LiftMethod = 'bilateral' | 'bilinear';

/**
 * A network's low-resolution result, to be applied to full-size pixels. Plain data: it may be sent to a worker.
 * `source` are the pixels to recolour: the composite (command line) or the layer's own pixels (editor).
 */
export interface LiftJob {
  readonly source: Image;
  /** How much of the change each pixel takes; null: all of it everywhere. Where it is 0 the source stays bit-identical. */
  readonly amount: Mask | null;
  /** 0..1, multiplies `amount`. */
  readonly strength: number;
  /** Source pixels → the frame that the network saw, as the unit square (0..1). */
  readonly toFrame: Matrix;
  /** What the network saw and what it answered. */
  readonly input: NetworkInput;
  readonly result: NetworkResult;
  readonly method: LiftMethod;
}

/** Writes the harmonized rows into `out` (RGBA, as large as the source, alpha copied). Pure: any split into rows gives the same pixels. */
export declare function liftRows(job: LiftJob, rows: Rows, out: Uint8ClampedArray): void;
