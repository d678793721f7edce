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
  /** Pairs: the first source pixel, and how many. */
  readonly places: Int32Array;
  /** `stride` weights a target pixel. */
  readonly weights: Float32Array;
  readonly stride: number;
}

function taps(source: number, target: number): Taps {
  const scale = source / target;
  const stride = target <= source ? Math.ceil(scale) + 1 : 2;
  const places = new Int32Array(2 * target);
  const weights = new Float32Array(target * stride);
  for (let i = 0; i < target; i++) {
    if (target <= source) {
      const from = i * scale;
      const to = Math.min((i + 1) * scale, source);
      const first = Math.min(Math.floor(from), source - 1);
      const last = Math.min(Math.ceil(to - 1e-9), source);
      places.set([first, last - first], 2 * i);
      for (let j = first; j < last; j++) {
        weights[i * stride + j - first] = (Math.min(j + 1, to) - Math.max(j, from)) / (to - from);
      }
    } else {
      const centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), source - 1);
      const first = Math.min(Math.floor(centre), Math.max(source - 2, 0));
      const fraction = centre - first;
      places.set([first, source === 1 ? 1 : 2], 2 * i);
      weights[i * stride] = source === 1 ? 1 : 1 - fraction;
      if (source > 1) weights[i * stride + 1] = fraction;
    }
  }
  return { places, weights, stride };
}

/** Rows of bytes that sums of 16 bits hold. */
const MOST_ROWS = 257;

/**
 * Squashes interleaved bytes, RGBA or single ones; the answer is interleaved floats, `channels·width·height`. Down
 * before across: the long loops then run over whole rows. Rows that count wholly are added up as whole numbers, unless
 * they are of translucent pixels, whose colours weigh by alpha.
 */
function squashRows(
  source: { width: number; height: number; data: Uint8ClampedArray },
  width: number,
  height: number,
  channels: 1 | 4,
): Float32Array {
  const across = taps(source.width, width);
  const down = taps(source.height, height);
  const out = new Float32Array(width * height * channels);
  const { run, memory } = kernels();
  const length = source.width * channels;
  const rounded = 16 * Math.ceil(length / 16);
  const sizes = [
    rounded,
    2 * rounded,
    4 * rounded,
    8 * width,
    across.weights.byteLength,
    4 * channels * width,
  ];
  memory.borrow(sizes, (row, words, sums, places, weights, cells) => {
    const { bytes, floats } = memory;
    // Beyond a row there are opaque pixels, which nothing looks at.
    bytes.fill(255, row, row! + rounded);
    bytes.fill(0, words, words! + 2 * rounded);
    bytes.set(new Uint8Array(across.places.buffer), places);
    floats.set(across.weights, weights! / 4);
    const put = (y: number) => bytes.set(source.data.subarray(y * length, (y + 1) * length), row);
    const add = (y: number, weight: number) => {
      put(y);
      if (channels === 4) run.addRow(row!, sums!, weight, source.width);
      else run.addMaskRow(row!, sums!, weight, 4 * Math.ceil(length / 4));
    };
    /** Whole rows as whole numbers; false, and nothing added, when there are translucent pixels. */
    const addWhole = (y: number, count: number, weight: number) => {
      for (let k = 0; k < count; k++) {
        put(y + k);
        if (run.sumBytes(row!, words!, rounded) === 1 || channels === 1) continue;
        bytes.fill(0, words, words! + 2 * rounded);
        return false;
      }
      run.takeSums(words!, sums!, weight, channels === 4 ? weight / 255 : weight, rounded);
      return true;
    };
    for (let y = 0; y < height; y++) {
      const first = down.places[2 * y]!;
      const last = down.places[2 * y + 1]! - 1;
      const weight = (k: number) => down.weights[y * down.stride + k]!;
      floats.fill(0, sums! / 4, sums! / 4 + rounded);
      add(first, weight(0));
      // All but the first and the last weigh the same.
      for (let k = 1; k < last; k += MOST_ROWS) {
        const count = Math.min(MOST_ROWS, last - k);
        if (!addWhole(first + k, count, weight(k)))
          for (let j = k; j < k + count; j++) add(first + j, weight(j));
      }
      if (last > 0) add(first + last, weight(last));
      const take = channels === 4 ? run.takeColours : run.takeShares;
      take(sums!, places!, weights!, across.stride, cells!, width);
      out.set(floats.subarray(cells! / 4, cells! / 4 + width * channels), y * width * channels);
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
  const mixed = squashRows(image, width, height, 4);
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
  return { width, height, channels: 1, data: squashRows(mask, width, height, 1) };
}
