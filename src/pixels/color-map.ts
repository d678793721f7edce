import type { Rows } from './image';
import { kernels } from './kernels';
import { cellOf, type Recolouring } from './recolouring';
import { recolourRows } from './recolour-rows';

/** φ = (r, g, b, r², g², b², rg, rb, gb, 1): the terms of a colour transform. */
export const TERMS = 10;
/** Coefficients of one colour transform: {@link TERMS} for each of r, g, b. */
export const COLOR_MAP_CHANNELS = 3 * TERMS;

/** A grid of colour transforms, {@link COLOR_MAP_CHANNELS} planes of `width·height`; plane 10·c + k multiplies φ_k for output channel c. */
export interface ColorMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** From colours in 0..1 to levels of 255, term by term. */
const TO_LEVELS = [1, 1, 1, 1 / 255, 1 / 255, 1 / 255, 1 / 255, 1 / 255, 1 / 255, 255];

/** The transforms of a map one after the other, in levels of 255: `[cell][30]`; one cell when they are all the same. */
interface Transforms {
  readonly width: number;
  readonly height: number;
  readonly cells: Float64Array;
}

const made = new WeakMap<ColorMap, Transforms>();

/** Made once a map, which must not change. */
function transforms(map: ColorMap): Transforms {
  const known = made.get(map);
  if (known) return known;
  const cells = map.width * map.height;
  const isFlat = map.data.every((value, i) => value === map.data[i - (i % cells)]);
  const { width, height } = isFlat ? { width: 1, height: 1 } : map;
  const out = { width, height, cells: new Float64Array(width * height * COLOR_MAP_CHANNELS) };
  for (let k = 0; k < COLOR_MAP_CHANNELS; k++) {
    const scale = TO_LEVELS[k % TERMS]!;
    for (let i = 0; i < width * height; i++) {
      out.cells[i * COLOR_MAP_CHANNELS + k] = scale * map.data[k * cells + i]!;
    }
  }
  made.set(map, out);
  return out;
}

/** Along one axis: the cell before a place, the fraction of a cell beyond it, its growth a pixel, and pixels until that changes. */
interface Stretch {
  readonly cell: number;
  readonly fraction: number;
  readonly slope: number;
  readonly pixels: number;
}

/** `place` in cells, growing by `step` a pixel, clamped to 0..last. */
function stretch(place: number, step: number, last: number): Stretch {
  const until = (goal: number) => Math.max(Math.ceil((goal - place) / step), 1);
  const before = place < 0 || (place === 0 && step < 0);
  const after = place > last || (place === last && step > 0);
  if (before) return { cell: 0, fraction: 0, slope: 0, pixels: step > 0 ? until(0) : Infinity };
  if (after || last === 0)
    return { cell: last, fraction: 0, slope: 0, pixels: step < 0 && last > 0 ? until(last) : Infinity };
  const cell = Math.min(step < 0 ? Math.ceil(place) - 1 : Math.floor(place), last - 1);
  const pixels = step === 0 ? Infinity : until(step > 0 ? cell + 1 : cell);
  return { cell, fraction: place - cell, slope: step, pixels };
}

/**
 * Applies a colour map to rows of the source: `out = in + amount·strength·Σ_k coef_k·φ_k(in)`, colours in 0..1, the
 * coefficients interpolated bilinearly between cell centres and clamped at the border (Ren et al., "PCT-Net", CVPR 2023,
 * apply such parameters at full resolution; the quadratic terms are those of Attune's own network). Alpha is copied;
 * where `amount` is 0 the pixel is copied bit for bit. `out` is RGBA, as large as the source, and may be the source.
 */
export function applyColorMap(job: Recolouring, map: ColorMap, rows: Rows, out: Uint8ClampedArray): void {
  const grid = transforms(map);
  const { run, memory } = kernels();
  const du = job.toFrame.a * grid.width;
  const dv = job.toFrame.b * grid.height;
  const strength = job.strength / 255;
  memory.borrow([4 * 3 * COLOR_MAP_CHANNELS], (coefficients) => {
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const start = cellOf(job, 0, y, grid.width, grid.height);
      for (let x = from; x < to;) {
        const across = stretch(start.u + x * du, du, grid.width - 1);
        const down = stretch(start.v + x * dv, dv, grid.height - 1);
        const count = Math.min(to - x, across.pixels, down.pixels);
        const order = along(grid, across, down, memory.floats.subarray(coefficients! / 4));
        run.colorMapRun(coefficients!, pixels + 4 * (x - from), amount + x - from, count, strength, order);
        x += count;
      }
    });
  });
}

/**
 * The coefficients along a run of pixels between four cells, as constants, slopes and bends of the pixel's number;
 * how many of the three are needed, less one.
 */
function along(
  { width, height, cells }: Transforms,
  { cell: left, fraction: fx, slope: sx }: Stretch,
  { cell: top, fraction: fy, slope: sy }: Stretch,
  out: Float32Array,
): 0 | 1 | 2 {
  const first = COLOR_MAP_CHANNELS * (top * width + left);
  const right = left + 1 < width ? COLOR_MAP_CHANNELS : 0;
  const below = top + 1 < height ? COLOR_MAP_CHANNELS * width : 0;
  const bent = sx !== 0 && sy !== 0;
  for (let k = 0; k < COLOR_MAP_CHANNELS; k++) {
    const at = first + k;
    const corner = cells[at]!;
    const toRight = cells[at + right]! - corner;
    const toBelow = cells[at + below]! - corner;
    const twist = cells[at + right + below]! - corner - toRight - toBelow;
    out[k] = corner + fx * toRight + fy * toBelow + fx * fy * twist;
    out[COLOR_MAP_CHANNELS + k] = sx * toRight + sy * toBelow + (fx * sy + fy * sx) * twist;
    if (bent) out[2 * COLOR_MAP_CHANNELS + k] = sx * sy * twist;
  }
  return bent ? 2 : sx !== 0 || sy !== 0 ? 1 : 0;
}
