import { openSource } from '../files/source';
import type { PictureWork } from './work';

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Bytes that pictures in the works share: whoever asks waits until what is held leaves room, in the order of asking. A
 * picture larger than all of it is done alone.
 */
export class MemoryBudget {
  readonly #total: number;
  readonly #queue: Waiting[] = [];
  #held = 0;

  constructor(total: number) {
    this.#total = total;
  }

  get held(): number {
    return this.#held;
  }

  /** Resolves, when there is room, to the function that gives the bytes back. */
  take(bytes: number): Promise<() => void> {
    return new Promise((resolve) => {
      this.#queue.push({
        bytes,
        start: () => {
          this.#held += bytes;
          let given = false;
          resolve(() => {
            if (given) return;
            given = true;
            this.#held -= bytes;
            this.#next();
          });
        },
      });
      this.#next();
    });
  }

  #next(): void {
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      if (this.#held > 0 && this.#held + first.bytes > this.#total) return;
      this.#queue.shift();
      first.start();
    }
  }
}

/**
 * Bytes a pixel while a picture is in the works: its RGBA (4), the mask as it is decoded (4) and as it is used (1), the
 * result (4), what the encoder keeps and what waits for the garbage collector. Measured, not only counted.
 */
const BYTES_PER_PIXEL = 18;
/** A project's layers and their flattened states, for each pixel of its frame and byte of its file. */
const PROJECT_BYTES_PER_BYTE = 12;
const BASE = 8 << 20;

/** The memory that a picture will need at most; its header is read. A picture that cannot be read needs next to none. */
export async function memoryOf(work: PictureWork, size: number): Promise<number> {
  if (work.kind === 'project') return BASE + PROJECT_BYTES_PER_BYTE * size;
  const source = await openSource(work.kind === 'cutout' ? work.background : work.picture).catch(() => null);
  if (!source) return BASE;
  const { width, height, depth } = source.metadata;
  const wide = depth === 'ushort' ? 8 : 0;
  return BASE + width * height * (BYTES_PER_PIXEL + wide);
}
