/**
 * The kernels that lift (assembly/lift.ts). They recolour a row of straight RGBA bytes at `pixels` in place; `amount`
 * holds one byte a pixel, `strength` is 0..1 divided by 255; (u, v) is the first pixel's place in cells, 0 the first
 * cell's centre, (du, dv) its step from pixel to pixel. Alpha and pixels of amount 0 stay bit-identical.
 */
export interface LiftExports {
  /** Adds a row of a picture's cells to a row of the bilateral grid (assembly/grid.ts); `lines`: seven lines of floats. */
  gridAdd(lines: number, count: number, reach: number, grid: number, levels: number, floor: number): void;
  /** A row of the grid, spread out along it. */
  gridAlong(row: number, width: number, levels: number, spread: number, out: number): void;
  /** A row of the grid as it is read, of three such rows; `work`: as many bytes as three of their cells take. */
  gridDown(
    above: number,
    row: number,
    below: number,
    width: number,
    levels: number,
    spread: number,
    fade: number,
    work: number,
    out: number,
  ): void;
  /** Where the pixels of a row lie along the rows of the grid, four bytes each at `places` and at `shares`; the i-th at u + (first + i)·du. */
  gridColumns(
    u: number,
    du: number,
    first: number,
    count: number,
    width: number,
    levels: number,
    places: number,
    shares: number,
  ): void;
  /** The row of cells between two of the grid, at `share` (2^15ths) of the way from the upper to the lower; `pairs` of levels. */
  gridBetween(upper: number, lower: number, share: number, pairs: number, out: number): void;
  /** Writes what pixels are multiplied by for their brightness, 16 bytes. */
  gridLights(levels: number, out: number): void;
  /** Lifts by the one row of cells that is there; `light`: of `gridLights`; `strength`: 0..8421247. Reads up to 12 bytes, 3 amounts and 3 places beyond the row. */
  gridRow(
    cells: number,
    places: number,
    shares: number,
    levels: number,
    pixels: number,
    amount: number,
    count: number,
    light: number,
    strength: number,
  ): void;
  /** Lifts by the grid, whatever lies between a pixel and the next; `row`: bytes of a row of cells; the i-th pixel lies at (u, v) + (first + i)·(du, dv). */
  gridFreely(
    cells: number,
    row: number,
    levels: number,
    pixels: number,
    amount: number,
    first: number,
    count: number,
    light: number,
    strength: number,
    u: number,
    v: number,
    du: number,
    dv: number,
    width: number,
    height: number,
  ): void;
  /** `affine` on the one row of cells that is there, where du is not negative. Reads as far. */
  affineRow(
    cells: number,
    pixels: number,
    amount: number,
    count: number,
    strength: number,
    u: number,
    du: number,
    width: number,
  ): void;
  /** The row of cells between two of an affine grid, at `share` of the way from the upper to the lower. */
  betweenRows(upper: number, lower: number, share: number, cells: number, out: number): void;
  affine(
    cells: number,
    row: number,
    pixels: number,
    amount: number,
    count: number,
    strength: number,
    u: number,
    v: number,
    du: number,
    dv: number,
    width: number,
    height: number,
  ): void;
  /** Reads up to 12 bytes and 3 amounts beyond the run. */
  colorMapRun(
    coefficients: number,
    pixels: number,
    amount: number,
    count: number,
    strength: number,
    order: number,
  ): void;
  /** Adds `weight` times a row of RGBA bytes to four floats a pixel: colours times alpha, and alpha in 0..1. */
  addRow(pixels: number, sums: number, weight: number, count: number): void;
  /** Adds `weight` times a row of bytes to one float each; `count` is a multiple of four. */
  addMaskRow(bytes: number, sums: number, weight: number, count: number): void;
  /** Adds `count` bytes (a multiple of 16) to sums of 16 bits; 1 when every fourth is 255. */
  sumBytes(bytes: number, sums: number, count: number): number;
  /** The sum of bytes, `count` (a multiple of 16) of them. */
  sumOf(bytes: number, count: number): number;
  /** The values of RGB pixels as long as sixteen at a time are grey, `count` (a multiple of 16) at the most; answers how many. */
  takeGreys(pixels: number, greys: number, count: number): number;
  /** Adds sums of 16 bits (a multiple of 8) to floats, every fourth times `last`, the others times `weight`, and clears them. */
  takeSums(words: number, sums: number, weight: number, last: number, count: number): void;
  /** Weighted sums of four floats a pixel, a cell after the other; `taps`: first pixel and how many. */
  takeColours(sums: number, taps: number, weights: number, stride: number, to: number, count: number): void;
  /** The same of one float a pixel. */
  takeShares(sums: number, taps: number, weights: number, stride: number, to: number, count: number): void;
  /** What the guided fit sums up of `count` cells, 22 doubles each; `change`, `guide`: three planes of floats. */
  guidedSums(
    change: number,
    guide: number,
    mask: number,
    plane: number,
    count: number,
    least: number,
    out: number,
  ): void;
  /** Sums over 2·reach + 1 cells along a row of `pairs` pairs of doubles; added to `total`, too. */
  sumAlong(row: number, sums: number, total: number, width: number, reach: number, pairs: number): void;
  /** Takes `pairs` pairs of doubles off the total. */
  takeOff(total: number, sums: number, pairs: number): void;
  /** The fits of `count` windows, 14 doubles each. */
  guidedFits(sums: number, count: number, damping: number, out: number): void;
  /** Means of fits → cells of an affine grid, 16 floats each. */
  guidedCells(fits: number, count: number, out: number): void;
}
