import { COLOR_MAP_CHANNELS, type ColorMap, TERMS } from '../color-map';
import type { Rows } from '../image';
import { cellOf, mix, type Recolouring } from '../recolouring';
import { eachPixel } from './each-pixel';

/** The map's coefficients transform after transform, for locality: `[cell][30]`. */
function interleave(map: ColorMap): Float32Array {
  const cells = map.width * map.height;
  const out = new Float32Array(cells * COLOR_MAP_CHANNELS);
  for (let k = 0; k < COLOR_MAP_CHANNELS; k++) {
    for (let i = 0; i < cells; i++) out[i * COLOR_MAP_CHANNELS + k] = map.data[k * cells + i]!;
  }
  return out;
}

/** What the thirty coefficients of the cell at `at` add to channel `c` of a colour in 0..1. */
function changeOf(cells: Float32Array, at: number, c: number, r: number, g: number, b: number): number {
  const k = at + c * TERMS;
  return (
    (cells[k]! + cells[k + 3]! * r + cells[k + 6]! * g + cells[k + 7]! * b) * r +
    (cells[k + 1]! + cells[k + 4]! * g + cells[k + 8]! * b) * g +
    (cells[k + 2]! + cells[k + 5]! * b) * b +
    cells[k + 9]!
  );
}

/** Applying a colour map in plain TypeScript: what the kernel is held to. */
export function applyColorMap(job: Recolouring, map: ColorMap, rows: Rows, out: Uint8ClampedArray): void {
  const { data } = job.source;
  const cells = interleave(map);
  const lastX = map.width - 1;
  const lastY = map.height - 1;
  eachPixel(job, rows, out, (pixel, x, y, weight) => {
    const { u, v } = cellOf(job, x, y, map.width, map.height);
    const gx = Math.min(Math.max(u, 0), lastX);
    const gy = Math.min(Math.max(v, 0), lastY);
    const left = Math.min(Math.floor(gx), Math.max(lastX - 1, 0));
    const top = Math.min(Math.floor(gy), Math.max(lastY - 1, 0));
    const fx = gx - left;
    const fy = gy - top;
    const upperLeft = (top * map.width + left) * COLOR_MAP_CHANNELS;
    const upperRight = upperLeft + (left < lastX ? COLOR_MAP_CHANNELS : 0);
    const below = top < lastY ? map.width * COLOR_MAP_CHANNELS : 0;
    const at = 4 * pixel;
    const r = data[at]! / 255;
    const g = data[at + 1]! / 255;
    const b = data[at + 2]! / 255;
    for (let c = 0; c < 3; c++) {
      // The change is linear in the coefficients: interpolating changes is interpolating coefficients.
      const upper =
        (1 - fx) * changeOf(cells, upperLeft, c, r, g, b) + fx * changeOf(cells, upperRight, c, r, g, b);
      const lower =
        (1 - fx) * changeOf(cells, upperLeft + below, c, r, g, b) +
        fx * changeOf(cells, upperRight + below, c, r, g, b);
      const colour = data[at + c]!;
      mix(out, at + c, colour, 255 * ((1 - fy) * upper + fy * lower), weight);
    }
  });
}
