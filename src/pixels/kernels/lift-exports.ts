/**
 * The kernels that lift (assembly/lift.ts). They recolour a row of straight RGBA bytes at `pixels` in place; `amount`
 * holds one byte a pixel, `strength` is 0..1 divided by 255; (u, v) is the first pixel's place in cells, 0 the first
 * cell's centre, (du, dv) its step from pixel to pixel. Alpha and pixels of amount 0 stay bit-identical.
 */
export interface LiftExports {
  bilateral(
    cells: number,
    plane: number,
    row: number,
    near: number,
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
    falloff: number,
    floor: number,
  ): void;
  /** The row of cells between two of an affine grid, at `share` of the way from the upper to the lower. */
  betweenRows(upper: number, lower: number, share: number, cells: number, out: number): void;
  /** `row` 0: there is one row of cells, and all pixels lie on it. */
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
    bent: boolean,
  ): void;
  /** Adds `weight` times a row of RGBA bytes to four floats a pixel: colours times alpha, and alpha in 0..1. */
  addRow(pixels: number, sums: number, weight: number, count: number): void;
  /** Adds `weight` times a row of bytes to one float each; `count` is a multiple of four. */
  addMaskRow(bytes: number, sums: number, weight: number, count: number): void;
}
