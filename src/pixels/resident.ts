import { kernels } from './kernels';

/**
 * What a kernel reads again and again stays in the kernels' memory until another takes its place: one at a time, a
 * thread lifts one picture after the other.
 */
export class Resident<K extends object> {
  #key: K | null = null;
  #at = 0;
  #length = 0;

  /** The address of the floats that `make` answers for `key`; made and copied once, as long as the key is the same. */
  hold(key: K, make: () => Float32Array): number {
    if (this.#key === key) return this.#at;
    const { memory } = kernels();
    this.letGo();
    const floats = make();
    this.#length = floats.byteLength;
    this.#at = memory.take(this.#length);
    memory.floats.set(floats, this.#at / 4);
    this.#key = key;
    return this.#at;
  }

  /** Gives the memory back to the pool. */
  letGo(): void {
    if (this.#key) kernels().memory.give(this.#at, this.#length);
    this.#key = null;
  }
}
