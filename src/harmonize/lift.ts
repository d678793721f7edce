import { applyColorMap, COLOR_MAP_CHANNELS } from '../pixels/color-map';
import { Fault } from '../pixels/fault';
import { checkImage, checkMask, type Image, type Mask, type Planes, type Rows } from '../pixels/image';
import type { Matrix } from '../pixels/matrix';
import type { LowResolutionChange } from '../pixels/low-resolution';
import { upsampleBilateral, upsampleBilinear, upsampleGuided } from '../pixels/upsample';
import { applyTransfer, checkTransfer } from './classical/transfer';
import type { ImageResult, NetworkInput, NetworkResult } from './network';

/**
 * How an image result is brought to full size: guided upsampling, the paper's joint bilateral upsampling, or plain
 * bilinear; docs/lifting.md compares them.
 */
export const liftMethods = ['guided', 'bilateral', 'bilinear'] as const;
export type LiftMethod = (typeof liftMethods)[number];
export const DEFAULT_LIFT: LiftMethod = 'guided';

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
  /** Where the source's first pixel lies in the picture that `toFrame` speaks of; its own first pixel when left out. */
  readonly origin?: { readonly x: number; readonly y: number };
  /** What the network saw and what it answered. */
  readonly input: NetworkInput;
  readonly result: NetworkResult;
  readonly method: LiftMethod;
}

/** Throws a Fault unless the job's parts fit each other. */
export function checkLift(job: LiftJob): void {
  const { source, amount, strength, toFrame, input, result } = job;
  checkImage(source);
  if (amount) {
    checkMask(amount);
    if (amount.width !== source.width || amount.height !== source.height) {
      throw new Fault(
        'size-mismatch',
        `The mask is ${amount.width}×${amount.height}, the picture ${source.width}×${source.height}.`,
        'Give a mask of the same size.',
      );
    }
  }
  if (!(strength >= 0 && strength <= 1))
    throw new Fault('usage', `Strength ${strength} is not between 0 and 1.`);
  if (!Object.values(toFrame).every(Number.isFinite))
    throw new Fault('image', 'The transform is not finite.');
  if (result.kind === 'transfer') return checkTransfer(result);
  const channels = result.kind === 'colorMap' ? COLOR_MAP_CHANNELS : 3;
  if (result.data.length !== channels * result.width * result.height) {
    throw new Fault(
      'engine',
      `The network ${result.network} answered ${result.data.length} values, not as many as it said.`,
    );
  }
  if (!allFinite(result.data) || !allFinite(input.image)) {
    throw new Fault('engine', `The network ${result.network} answered values that are not finite.`);
  }
  if (result.kind === 'image' && (result.width !== input.width || result.height !== input.height)) {
    throw new Fault('engine', `The network ${result.network} answered another size than it was asked for.`);
  }
}

/** Whether all values are finite. A plain loop: `every` takes ten times as long over a picture. */
function allFinite(values: Float32Array): boolean {
  let sum = 0;
  // Nothing times a number is nothing; times what is not finite it is not a number.
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]!;
  return sum === 0;
}

/** Writes the harmonized rows into `out` (RGBA, as large as the source, alpha copied). Pure: any split into rows gives the same pixels. */
export function liftRows(job: LiftJob, rows: Rows, out: Uint8ClampedArray): void {
  const { result } = job;
  if (result.kind === 'transfer') applyTransfer(job, result, rows, out);
  else if (result.kind === 'colorMap') applyColorMap(job, result, rows, out);
  else upsamplers[job.method](job, changeOf(job.input, result), rows, out);
}

const upsamplers = {
  guided: upsampleGuided,
  bilateral: upsampleBilateral,
  bilinear: upsampleBilinear,
} as const;

/** Lifts in one go, on this thread. */
export function lift(job: LiftJob): Image {
  checkLift(job);
  const { width, height } = job.source;
  const out = new Uint8ClampedArray(width * height * 4);
  liftRows(job, { from: 0, to: height }, out);
  return { width, height, data: out };
}

const changes = new WeakMap<ImageResult, LowResolutionChange>();

/** Result − input at the network's size; made once a result. */
function changeOf(input: NetworkInput, result: ImageResult): LowResolutionChange {
  const made = changes.get(result);
  if (made) return made;
  const { width, height } = result;
  const plane = (data: Float32Array, channels: number): Planes => ({ width, height, channels, data });
  const change = new Float32Array(result.data.length);
  for (let i = 0; i < change.length; i++)
    change[i] = Math.min(Math.max(result.data[i]!, 0), 255) - input.image[i]!;
  const low: LowResolutionChange = {
    change: plane(change, 3),
    guide: plane(input.image, 3),
    mask: plane(input.mask, 1),
  };
  changes.set(result, low);
  return low;
}
