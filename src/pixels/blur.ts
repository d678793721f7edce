import { Fault } from './fault';
import { checkMask, type Mask } from './image';
import { kernels } from './kernels';

/** Larger blurs than this are made at a smaller size (mip levels) by those who need them. */
const MOST_RADIUS = 512;

/** Weights of a Gaussian of `deviation` pixels, cut off at three deviations; they sum to 1. */
export function gaussianWeights(deviation: number): Float32Array {
  if (!(deviation >= 0 && 3 * deviation <= MOST_RADIUS))
    throw new Fault('usage', `A blur of ${deviation} pixels is not between 0 and ${MOST_RADIUS / 3}.`);
  const radius = Math.ceil(3 * deviation);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    radius === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * deviation * deviation)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

/** Weights of a box of 2·radius + 1 pixels. */
export function boxWeights(radius: number): Float32Array {
  if (!Number.isInteger(radius) || radius < 0 || radius > MOST_RADIUS)
    throw new Fault('usage', `A box of radius ${radius} is not between 0 and ${MOST_RADIUS}.`);
  return new Float32Array(2 * radius + 1).fill(1 / (2 * radius + 1));
}

/** The mask blurred by a Gaussian of `deviation` pixels. Beyond its border the mask goes on as at its border. */
export function blurMask(mask: Mask, deviation: number): Mask {
  return convolveMask(mask, gaussianWeights(deviation));
}

/** The mask with every pixel the mean of the (2·radius + 1)² around it; beyond its border it goes on as at its border. */
export function boxBlurMask(mask: Mask, radius: number): Mask {
  return convolveMask(mask, boxWeights(radius));
}

/** Rows blurred in one go. */
const STRIP = 64;

/** Both axes by the same symmetric, odd number of weights, a strip of rows at a time. */
function convolveMask(mask: Mask, weights: Float32Array): Mask {
  checkMask(mask);
  const { width, height } = mask;
  const radius = weights.length >> 1;
  const out = new Uint8ClampedArray(width * height);
  const pitch = Math.ceil(width / 4) * 4;
  const padded = pitch + 2 * radius;
  const rows = STRIP + 2 * radius;
  const { run, memory } = kernels();
  memory.borrow(
    [4 * weights.length, 4 * padded * rows + 16, 4 * pitch * rows, 4 * pitch * STRIP],
    (table, from, across, to) => {
      memory.floats.set(weights, table / 4);
      for (let top = 0; top < height; top += STRIP) {
        const strip = Math.min(STRIP, height - top);
        const { floats } = memory;
        for (let j = 0; j < strip + 2 * radius; j++) {
          const row = width * Math.min(Math.max(top + j - radius, 0), height - 1);
          const at = from / 4 + j * padded;
          floats.fill(mask.data[row]! / 255, at, at + radius);
          for (let x = 0; x < width; x++) floats[at + radius + x] = mask.data[row + x]! / 255;
          floats.fill(mask.data[row + width - 1]! / 255, at + radius + width, at + padded);
        }
        run.convolveRows(from, padded, across, pitch, width, strip + 2 * radius, table, radius);
        run.convolveColumns(across, to, pitch, strip, table, radius);
        for (let y = 0; y < strip; y++) {
          for (let x = 0; x < width; x++) out[(top + y) * width + x] = floats[to / 4 + y * pitch + x]! * 255;
        }
      }
    },
  );
  return { width, height, data: out };
}
