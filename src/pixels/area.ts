import { checkImage, checkMask, type Image, type Mask, type Planes } from './image';

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

/**
 * Squashes interleaved rows of `channels` floats a pixel; the answer is interleaved, `channels·width·height`. `add`
 * adds `weight` times a source row to a row of sums. Down before across: the long loops then run over whole rows.
 */
function squashRows(
  source: { width: number; height: number },
  width: number,
  height: number,
  channels: number,
  add: (y: number, weight: number, sums: Float32Array) => void,
): Float32Array {
  const across = taps(source.width, width);
  const down = taps(source.height, height);
  const out = new Float32Array(width * height * channels);
  const sums = new Float32Array(source.width * channels);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = 0; k < down.count[y]!; k++)
      add(down.start[y]! + k, down.weights[y * down.stride + k]!, sums);
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
  return out;
}

/**
 * The picture at `width`×`height` as planar RGB, 0..255, unrounded. Colours are weighted by alpha, so that what is
 * transparent bleeds into nothing; cells that are wholly transparent take the mean colour of what is visible.
 */
export function squashImage(image: Image, width: number, height: number): Planes {
  checkImage(image);
  const { data } = image;
  const mixed = squashRows(image, width, height, 4, (y, weight, sums) => {
    const from = y * image.width * 4;
    for (let i = 0; i < sums.length; i += 4) {
      const share = (data[from + i + 3]! / 255) * weight;
      sums[i]! += data[from + i]! * share;
      sums[i + 1]! += data[from + i + 1]! * share;
      sums[i + 2]! += data[from + i + 2]! * share;
      sums[i + 3]! += share;
    }
  });
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
  const data = squashRows(mask, width, height, 1, (y, weight, sums) => {
    const from = y * mask.width;
    for (let x = 0; x < sums.length; x++) sums[x]! += weight * mask.data[from + x]!;
  });
  return { width, height, channels: 1, data };
}
