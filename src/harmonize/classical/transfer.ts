import { Fault } from '../../pixels/fault';
import type { Rows } from '../../pixels/image';
import { copyRows, mix, type Recolouring } from '../../pixels/recolouring';
import type { TransferResult } from '../network';
import { clusterFunction } from './lalonde';
import type { Triple } from './lab';
import { affineFunction } from './realism';
import { labFunction } from './reinhard';
import { statisticsFunction } from './xue';

/** Writes what a colour becomes: sRGB on 0..255 in and out; the answer may lie outside. */
export type ColourFunction = (r: number, g: number, b: number, out: Triple) => void;

/** Every kind of colour change: how many parameters it has (0: a multiple of six), and the function that they make. */
const kinds = {
  affine: { count: 6, compile: affineFunction },
  lab: { count: 6, compile: labFunction },
  clusters: { count: 0, compile: clusterFunction },
  statistics: { count: 5, compile: statisticsFunction },
} as const;

/** Throws a Fault unless the parameters are those of the kind. */
export function checkTransfer({ transfer, data, network }: TransferResult): void {
  const { count } = kinds[transfer];
  if ((count === 0 ? data.length % 6 === 0 : data.length === count) && data.every(Number.isFinite)) return;
  throw new Fault('engine', `The method ${network} answered numbers that describe no change of colours.`);
}

/** Colours that were computed lately, by a hash of the colour: pictures repeat colours, and some changes are dear. */
interface Known {
  readonly compute: ColourFunction;
  readonly keys: Int32Array;
  readonly values: Float32Array;
}

const SLOTS = 1 << 16;
const known = new WeakMap<TransferResult, Known>();

function knownOf(result: TransferResult): Known {
  const made = known.get(result) ?? {
    compute: kinds[result.transfer].compile(result.data),
    keys: new Int32Array(SLOTS).fill(-1),
    values: new Float32Array(3 * SLOTS),
  };
  known.set(result, made);
  return made;
}

/**
 * Applies a change of colours to rows of the source, exactly, pixel by pixel: `out = in + amount·strength·(f(in) − in)`.
 * Alpha is copied; where `amount` is 0 the pixel is copied bit for bit. `out` is RGBA, as large as the source.
 */
export function applyTransfer(
  job: Recolouring,
  result: TransferResult,
  rows: Rows,
  out: Uint8ClampedArray,
): void {
  const { source, amount, strength } = job;
  const { width, data } = source;
  const { compute, keys, values } = knownOf(result);
  const colour: Triple = [0, 0, 0];
  copyRows(source, rows, out);
  for (let pixel = rows.from * width; pixel < rows.to * width; pixel++) {
    const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
    if (weight === 0) continue;
    const at = 4 * pixel;
    const r = data[at]!;
    const g = data[at + 1]!;
    const b = data[at + 2]!;
    const key = (r << 16) | (g << 8) | b;
    const slot = (Math.imul(key, 0x9e3779b1) >>> 16) & (SLOTS - 1);
    if (keys[slot] !== key) {
      compute(r, g, b, colour);
      keys[slot] = key;
      values.set(colour, 3 * slot);
    }
    mix(out, at, r, values[3 * slot]! - r, weight);
    mix(out, at + 1, g, values[3 * slot + 1]! - g, weight);
    mix(out, at + 2, b, values[3 * slot + 2]! - b, weight);
  }
}
