import { kernels } from './kernels';

/** Values that are worked on at a time: they and their pixels stay in a core's cache. */
const CHUNK = 1 << 16;

/** The sum of bytes. */
export function sumOf(bytes: Uint8ClampedArray): number {
  const { run, memory } = kernels();
  let sum = 0;
  memory.borrow([CHUNK], (at) => {
    for (let from = 0; from < bytes.length; from += CHUNK) {
      const part = bytes.subarray(from, from + CHUNK);
      const rounded = 16 * Math.ceil(part.length / 16);
      memory.bytes.fill(0, at + part.length, at + rounded).set(part, at);
      sum += run.sumOf(at, rounded);
    }
  });
  return sum;
}

/**
 * Takes the values of RGB pixels (three bytes each) in `greys`, as long as they are grey, many at a time; answers how
 * many it took: all of a picture that is grey all over, but for the last ones, and at least none.
 */
export function takeGreys(pixels: Uint8ClampedArray, greys: Uint8ClampedArray): number {
  const { run, memory } = kernels();
  const all = greys.length & ~15;
  return memory.borrow([3 * CHUNK, CHUNK], (from, to) => {
    for (let i = 0; i < all; i += CHUNK) {
      const count = Math.min(CHUNK, all - i);
      memory.bytes.set(pixels.subarray(3 * i, 3 * (i + count)), from);
      const taken = run.takeGreys(from!, to!, count);
      greys.set(memory.bytes.subarray(to, to! + taken), i);
      if (taken < count) return i + taken;
    }
    return all;
  });
}
