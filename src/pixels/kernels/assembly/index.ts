// Everything the module offers; src/pixels/kernels/exports.ts says the same to TypeScript, and a test compares them.
export { pack, unpack } from './planes';
export { blendNormal } from './normal';

/** The first byte that no constant of the module takes: where the pool begins. */
export function heapBase(): usize {
  return __heap_base;
}
