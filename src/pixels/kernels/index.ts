import { instantiate } from 'attune:kernels';
import type { KernelExports } from './exports';
import { KernelMemory } from './memory';

/** The compiled kernels of this thread and the memory they work in. */
export interface Kernels {
  readonly run: KernelExports;
  readonly memory: KernelMemory;
}

let own: Kernels | null = null;

/** The kernels of this thread; compiled on first use, synchronously, without any file or network. */
export function kernels(): Kernels {
  if (!own) {
    const run = instantiate();
    own = { run, memory: new KernelMemory(run.memory, run.heapBase()) };
  }
  return own;
}
