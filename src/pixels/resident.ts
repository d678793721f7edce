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
    this.letGo();
    const floats = make();
    return this.holdFilled(
      key,
      floats.byteLength,
      (at) => kernels().memory.floats.set(floats, at / 4),
      variant,
    );
  }

  /** As {@link hold}, of `length` bytes that `fill` writes where they will lie. */
  holdFilled(key: K, length: number, fill: (at: number) => void, variant = 0): number {
    if (this.#key === key && this.#variant === variant) return this.#at;
    this.letGo();
    const { memory } = kernels();
    const at = memory.take(length);
    try {
      fill(at);
    } catch (error) {
      memory.give(at, length);
      throw error;
    }
    this.#at = at;
    this.#length = length;
    this.#key = key;
    this.#variant = variant;
    return at;
  }

  /** Gives the memory back to the pool. */
  letGo(): void {
    if (this.#key) kernels().memory.give(this.#at, this.#length);
    this.#key = null;
  }
}
