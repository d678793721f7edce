import { checkImage, checkMask, type Image, type Mask, type Planes } from './image';
import { kernels } from './kernels';

/**
 * The squash that brings pictures to a network's size, in training (training/area.py) and here alike; aspect is not
 * kept. Per axis: shrinking averages the exact stretch of source pixels that a target pixel covers, with fractional
 * weights at its ends; enlarging is bilinear between pixel centres, clamped at the border. A fixture made by the
 * training code holds the two together (test/fixtures/area-resize.json).
 */

/** For each target pixel of one axis the source pixels it takes, with weights that sum to 1. */
interface Taps {
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** `stride` weights a target pixel. */
  readonly weights: Float32Array;
  readonly stride: number;
}

function taps(source: number, target: number): Taps {
  const scale = source / target;
  const stride = target <= source ? Math.ceil(scale) + 1 : 2;
  const start = new Int32Array(target);
  const count = new Int32Array(target);
  const weights = new Float32Array(target * stride);
  for (let i = 0; i < target; i++) {
    if (target <= source) {
      const from = i * scale;
      const to = Math.min((i + 1) * scale, source);
      const first = Math.min(Math.floor(from), source - 1);
      const last = Math.min(Math.ceil(to - 1e-9), source);
      start[i] = first;
      count[i] = last - first;
      for (let j = first; j < last; j++) {
        weights[i * stride + j - first] = (Math.min(j + 1, to) - Math.max(j, from)) / (to - from);
      }
    } else {
      const centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), source - 1);
      const first = Math.min(Math.floor(centre), Math.max(source - 2, 0));
      const fraction = centre - first;
      start[i] = first;
      count[i] = source === 1 ? 1 : 2;
      weights[i * stride] = source === 1 ? 1 : 1 - fraction;
      if (source > 1) weights[i * stride + 1] = fraction;
    }
  }
  return { start, count, weights, stride };
}

/** Adds `weight` times a row of `count` pixels at `row` to the sums at `sums`, both in the kernels' memory. */
type AddRow = (row: number, sums: number, weight: number, count: number) => void;

/**
 * Squashes interleaved bytes; the answer is interleaved floats, `channels·width·height`. `add` adds a row of source
 * pixels to a row of sums. Down before across: the long loops then run over whole rows.
 */
function squashRows(
  source: { width: number; height: number; data: Uint8ClampedArray },
  width: number,
  height: number,
  channels: number,
  add: AddRow,
): Float32Array {
  const across = taps(source.width, width);
  const down = taps(source.height, height);
  const out = new Float32Array(width * height * channels);
  const { memory } = kernels();
  const length = source.width * channels;
  // The kernels take pixels by fours.
  const rounded = 4 * Math.ceil(length / 4);
  memory.borrow([rounded, 4 * rounded], (row, at) => {
    const { bytes, floats } = memory;
    const sums = floats.subarray(at! / 4, at! / 4 + rounded);
    bytes.fill(0, row, row! + rounded);
    for (let y = 0; y < height; y++) {
      sums.fill(0);
      for (let k = 0; k < down.count[y]!; k++) {
        const from = (down.start[y]! + k) * length;
        bytes.set(source.data.subarray(from, from + length), row);
        add(row!, at!, down.weights[y * down.stride + k]!, source.width);
      }
      for (let x = 0; x < width; x++) {
        const first = across.start[x]! * channels;
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let k = 0; k < across.count[x]!; k++) {
            sum += across.weights[x * across.stride + k]! * sums[first + k * channels + c]!;
          }
          out[(y * width + x) * channels + c] = sum;
        }
      }
    }
  });
  return out;
}

/**
 * The picture at `width`×`height` as planar RGB, 0..255, unrounded. Colours are weighted by alpha, so that what is
 * transparent bleeds into nothing; cells that are wholly transparent take the mean colour of what is visible.
 */
export function squashImage(image: Image, width: number, height: number): Planes {
  checkImage(image);
  const { run } = kernels();
  const mixed = squashRows(image, width, height, 4, (row, sums, weight, count) =>
    run.addRow(row, sums, weight, count),
  );
  const size = width * height;
  const planes = new Float32Array(3 * size);
  const mean = [0, 0, 0, 0];
  for (let i = 0; i < mixed.length; i++) mean[i & 3]! += mixed[i]!;
  const visible = Math.max(mean[3]!, 1e-6);
  for (let i = 0; i < size; i++) {
    const alpha = mixed[4 * i + 3]!;
    for (let c = 0; c < 3; c++) {
      planes[c * size + i] = alpha > 1e-6 ? mixed[4 * i + c]! / alpha : mean[c]! / visible;
    }
  }
  return { width, height, channels: 3, data: planes };
}

/** The mask at `width`×`height`, one plane, 0..255, unrounded. */
export function squashMask(mask: Mask, width: number, height: number): Planes {
  checkMask(mask);
  const { run } = kernels();
  const data = squashRows(mask, width, height, 1, (row, sums, weight, count) =>
    run.addMaskRow(row, sums, weight, 4 * Math.ceil(count / 4)),
  );
  return { width, height, channels: 1, data };
}
