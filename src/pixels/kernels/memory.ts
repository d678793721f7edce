import { Fault } from '../fault';
import type { LinearMemory } from './exports';

const PAGE = 2 ** 16;
/** The smallest piece: pieces are powers of two of at least so many bytes, so that they are used again. */
const SMALLEST = 2 ** 12;

/**
 * The pooled memory of the kernels: pieces are borrowed for the time of a call and used again by the next. Addresses
 * are multiples of 64.
 */
export class KernelMemory {
  readonly #linear: LinearMemory;
  /** Free pieces by their size. */
  readonly #free = new Map<number, number[]>();
  #end: number;
  #bytes: Uint8ClampedArray<ArrayBuffer>;
  #floats: Float32Array<ArrayBuffer>;

  constructor(linear: LinearMemory, base: number) {
    this.#linear = linear;
    this.#end = Math.ceil(base / 64) * 64;
    this.#bytes = new Uint8ClampedArray(linear.buffer);
    this.#floats = new Float32Array(linear.buffer);
  }

  /** All of it as bytes. Do not keep it: borrowing may move the memory. */
  get bytes(): Uint8ClampedArray<ArrayBuffer> {
    if (this.#bytes.buffer !== this.#linear.buffer) this.#bytes = new Uint8ClampedArray(this.#linear.buffer);
    return this.#bytes;
  }

  /** All of it as floats, `floats[address / 4]`. Do not keep it. */
  get floats(): Float32Array<ArrayBuffer> {
    if (this.#floats.buffer !== this.#linear.buffer) this.#floats = new Float32Array(this.#linear.buffer);
    return this.#floats;
  }

  /** Bytes of memory the pool has taken from the machine. */
  get size(): number {
    return this.#linear.buffer.byteLength;
  }

  /** The address of at least `length` bytes, uncleared; give it back with the same length. Throws a Fault when there is no room. */
  take(length: number): number {
    const size = sizeOf(length);
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) return free;
    const at = this.#end;
    const missing = at + size - this.size;
    if (missing > 0) {
      try {
        this.#linear.grow(Math.ceil(missing / PAGE));
      } catch {
        throw new Fault(
          'too-large',
          `There is not enough memory for another ${Math.ceil(length / 1e6)} MB of working space.`,
          'Close other programs, or work on a smaller picture.',
        );
      }
    }
    this.#end += size;
    return at;
  }

  give(at: number, length: number): void {
    const size = sizeOf(length);
    const free = this.#free.get(size);
    if (free) free.push(at);
    else this.#free.set(size, [at]);
  }

  /** Lends a piece of each length for the time of `work`, whatever becomes of it. */
  borrow<T>(lengths: readonly number[], work: (...at: number[]) => T): T {
    const taken: number[] = [];
    try {
      for (const length of lengths) taken.push(this.take(length));
      return work(...taken);
    } finally {
      taken.forEach((at, i) => this.give(at, lengths[i]!));
    }
  }
}

function sizeOf(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0 || length > 2 ** 31) {
    throw new Fault('too-large', `${length} bytes of working space cannot be had.`);
  }
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(length, 1))));
}
