import { kernels } from './kernels';

/**
 * What a kernel reads again and again stays in the kernels' memory until another takes its place: one at a time, a
 * thread lifts one picture after the other.
 */
export class Resident<K extends object> {
  #key: K | null = null;
  #variant = 0;
  #at = 0;
  #length = 0;

  /**
   * The address of the floats that `make` answers for `key`, made and copied once; `variant` tells apart what is made of
   * one key in different ways.
   */
  hold(key: K, make: () => Float32Array, variant = 0): number {
    if (this.#key === key && this.#variant === variant) return this.#at;
    const { memory } = kernels();
    this.letGo();
    const floats = make();
    this.#length = floats.byteLength;
    this.#at = memory.take(this.#length);
    memory.floats.set(floats, this.#at / 4);
    this.#key = key;
    this.#variant = variant;
    return this.#at;
  }

  /** Gives the memory back to the pool. */
  letGo(): void {
    if (this.#key) kernels().memory.give(this.#at, this.#length);
    this.#key = null;
  }
}
