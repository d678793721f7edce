import { type Rows, Scan } from './image';
import { kernels } from './kernels';
import { copyRows, takingPart, type Recolouring } from './recolouring';

/** Kernels read whole vectors: so many bytes beyond a row are there. */
const BEYOND = 64;

/**
 * Runs a kernel over rows of a recolouring, in the kernels' memory: `run` is told the row, its pixels from `from` to
 * `to` (exclusive), and where their RGBA bytes and their amounts lie. Pixels before, after and in rows that take none of
 * the change are copied bit for bit.
 */
export function recolourRows(
  job: Recolouring,
  rows: Rows,
  out: Uint8ClampedArray,
  run: (y: number, from: number, to: number, pixels: number, amount: number) => void,
): void {
  const { source, amount, strength } = job;
  const { width } = source;
  copyRows(source, rows, out);
  if (strength === 0 || rows.to <= rows.from) return;
  const { memory } = kernels();
  memory.borrow([4 * width + BEYOND, width + BEYOND], (pixels, shares) => {
    if (!amount) memory.bytes.fill(255, shares, shares! + width);
    const scan = amount && new Scan(amount.data);
    for (let y = rows.from; y < rows.to; y++) {
      const part = takingPart(scan, width, y);
      if (!part) continue;
      const { from, to } = part;
      const first = 4 * (y * width + from);
      const length = 4 * (to - from);
      memory.bytes.set(out.subarray(first, first + length), pixels);
      if (amount) memory.bytes.set(amount.data.subarray(y * width + from, y * width + to), shares);
      run(y, from, to, pixels!, shares!);
      out.set(memory.bytes.subarray(pixels!, pixels! + length), first);
    }
  });
}
