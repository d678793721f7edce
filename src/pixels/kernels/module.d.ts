/** Made by scripts/kernels.mjs out of the AssemblyScript in ./assembly: the compiled module, embedded. */
declare module 'attune:kernels' {
  /** A new instance with a memory of its own. Synchronous; compiled once a thread. Not for a window's main thread. */
  export function instantiate(): import('./exports').KernelExports;
}
