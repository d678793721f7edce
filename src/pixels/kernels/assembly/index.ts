// Everything the module offers; src/pixels/kernels/exports.ts says the same to TypeScript, and a test compares them.
export { pack, unpack } from './planes';
export { blend } from './blend';
export { density, dissolve, fill, mix, weigh } from './shape';
export { affine, bilateral, colorMapRun } from './lift';

/** The first byte that no constant of the module takes: where the pool begins. */
export function heapBase(): usize {
  return __heap_base;
}
