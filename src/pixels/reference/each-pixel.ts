import type { Rows } from '../image';
import { copyRows, type Recolouring } from '../recolouring';

/** Copies rows into `out`, and names every pixel of them that takes any of the change, with how much it takes. */
export function eachPixel(
  { source, amount, strength }: Recolouring,
  rows: Rows,
  out: Uint8ClampedArray,
  work: (pixel: number, x: number, y: number, weight: number) => void,
): void {
  const { width } = source;
  copyRows(source, rows, out);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
      if (weight > 0) work(pixel, x, y, weight);
    }
  }
}
