import { checkImage, type Image } from './image';
import { kernels } from './kernels';

/** How often each level of 0..255 occurs. */
export interface Histogram {
  readonly red: Uint32Array;
  readonly green: Uint32Array;
  readonly blue: Uint32Array;
  /** 0.3·red + 0.59·green + 0.11·blue, rounded. */
  readonly luminosity: Uint32Array;
}

const STRIP = 2 ** 14;

/** Counts the levels of all pixels that are at least half opaque. */
export function histogramOf(image: Image): Histogram {
  checkImage(image);
  const { run, memory } = kernels();
  const { data } = image;
  return memory.borrow([4 * STRIP, 4096], (bytes, tables) => {
    memory.bytes.fill(0, tables, tables + 4096);
    for (let from = 0; from < data.length; from += 4 * STRIP) {
      const part = data.subarray(from, from + 4 * STRIP);
      memory.bytes.set(part, bytes);
      run.countLevels(bytes, part.length / 4, tables);
    }
    const counters = new Uint32Array(memory.bytes.slice(tables, tables + 4096).buffer);
    const [red, green, blue, luminosity] = [0, 1, 2, 3].map((i) => counters.slice(256 * i, 256 * (i + 1)));
    return { red: red!, green: green!, blue: blue!, luminosity: luminosity! };
  });
}
