import type { StopSignal } from '../../compositor/render';

/** Memory in which the window counts the views that it has asked for; null where threads cannot share memory. */
export function viewCounter(): Int32Array | null {
  return globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : null;
}

/** Counts one more view, before it is sent; answers its number. */
export function countView(counter: Int32Array | null): number {
  return counter ? Atomics.add(counter, 0, 1) + 1 : 0;
}

/**
 * Stops drawing a view once the window has asked for a newer one: a thread that draws hears no messages, so it looks at
 * the window's counter. Never two pictures in a row are stopped, so that a steady drag is seen.
 */
export class NewestView {
  #counter: Int32Array | null = null;
  #stopped = false;

  /** Looks at this counter from now on. */
  follow(counter: Int32Array | null): void {
    this.#counter = counter;
  }

  /** For drawing the view of this number; undefined: it must not be stopped. */
  signal(number: number): StopSignal | undefined {
    const counter = this.#counter;
    if (!counter || this.#stopped) return undefined;
    return {
      get aborted() {
        return Atomics.load(counter, 0) !== number;
      },
    };
  }

  /** How drawing ended. */
  ended(how: 'drawn' | 'stopped'): void {
    this.#stopped = how === 'stopped';
  }
}
