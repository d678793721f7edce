// Everything the module offers; src/pixels/kernels/exports.ts says the same to TypeScript, and a test compares them.
export { pack, packPlane, straighten, unpack, unpackRows } from './planes';
export { blend } from './blend';
export { blendBytes, blendSpace } from './bytes';
export { copy, density, dissolve, dissolveBytes, fill, mix, weigh } from './shape';
export { sampleAligned, sampleFreely, sampleSpace, texelsOfImage, texelsOfMask } from './texels';
export { halve, halveMask, isOpaque } from './mips';
export { balance, shiftHues, tabulate } from './adjust';
export { countLevels, cube, recombine } from './colour';
export { convolveColumns, convolveRows } from './convolve';
export { affine, betweenRows, colorMapRun } from './lift';
export { gridAdd, gridAlong, gridDown } from './grid';
export { gridBetween, gridColumns, gridFreely, gridLights, gridRow } from './grid-rows';
export { guidedCells, guidedFits, guidedSums, sumAlong, takeOff } from './guided';
export { affineRow } from './lift-rows';
export { addMaskRow, addRow, sumBytes, takeColours, takeShares, takeSums } from './squash';
export { sumOf, takeGreys } from './greys';
export { endOfFilled, firstFilled, interleave, unpackBits } from './packbits';
export { recode } from './huffman';

/** The first byte that no constant of the module takes: where the pool begins. */
export function heapBase(): usize {
  return __heap_base;
}
