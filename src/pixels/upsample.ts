import type { Planes, Rows } from './image';
import { copyRows, mix, type Recolouring } from './recolouring';

/** What a network changed at its own size, with the picture it saw. */
export interface LowResolutionChange {
  /** Result − input, planar RGB, levels of 255. */
  readonly change: Planes;
  /** The input: the guide at low resolution, planar RGB, 0..255. */
  readonly guide: Planes;
  /** How much each cell belongs to the foreground, 0..255: changes of the background do not leak over the edge. */
  readonly mask: Planes;
}

/** Reach of the filter in low-resolution cells: (2·RADIUS + 1)² cells take part. */
const RADIUS = 2;
/** Spatial deviation, in low-resolution cells. */
const SIGMA_SPACE = 0.8;
/** Deviation of colour, levels of 255: Euclidean distance in RGB. */
const SIGMA_COLOUR = 30;
/** Weight left to a cell of wholly different colour, so that a pixel unlike all its cells still takes their mean. */
const COLOUR_FLOOR = 1e-3;
/** Weight left to a cell outside the mask, likewise. */
const MASK_FLOOR = 1e-4;

/** Spatial weights of the cells around a pixel, by the pixel's fraction of a cell (−0.5..0.5) in steps of 1/FRACTIONS. */
const FRACTIONS = 256;
const CELLS = 2 * RADIUS + 1;
const NEARNESS = Float32Array.from({ length: (FRACTIONS + 1) * CELLS }, (_, i) => {
  const fraction = Math.floor(i / CELLS) / FRACTIONS - 0.5;
  return Math.exp(-(((i % CELLS) - RADIUS - fraction) ** 2) / (2 * SIGMA_SPACE * SIGMA_SPACE));
});

/** exp(−d²/2σ²) over d²/STEP, for d² up to 3·255². */
const STEP = 8;
const COLOUR_WEIGHT = Float32Array.from(
  { length: Math.ceil((3 * 255 * 255) / STEP) + 2 },
  (_, i) => Math.exp((-i * STEP) / (2 * SIGMA_COLOUR * SIGMA_COLOUR)) + COLOUR_FLOOR,
);

/** Floats a cell in {@link interleave}: guide r, g, b, change r, g, b, share of foreground. */
const STRIDE = 7;

/** The low-resolution planes cell after cell, for locality. */
function interleave(low: LowResolutionChange): Float32Array {
  const size = low.change.width * low.change.height;
  const cells = new Float32Array(size * STRIDE);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) {
      cells[STRIDE * i + c] = low.guide.data[c * size + i]!;
      cells[STRIDE * i + 3 + c] = low.change.data[c * size + i]!;
    }
    cells[STRIDE * i + 6] = low.mask.data[i]! / 255 + MASK_FLOOR;
  }
  return cells;
}

/**
 * Joint bilateral upsampling (Kopf et al. 2007, eq. 3; Petschnigg et al. 2004) of the *change*, guided by the
 * full-size source: a pixel's change is the mean of the cells around it, weighted by nearness, by likeness of the
 * cell's colour to the pixel's, and by the cell's share of foreground. What the network did not change keeps every
 * detail. Alpha is copied; where `amount` is 0 the pixel is copied bit for bit. `out` is RGBA, as large as the source.
 */
export function upsampleBilateral(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
): void {
  const { source, amount, strength, toFrame } = job;
  const { width, data } = source;
  const lowWidth = low.change.width;
  const lowHeight = low.change.height;
  const cells = interleave(low);
  copyRows(source, rows, out);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
      if (weight === 0) continue;
      const u = (toFrame.a * (x + 0.5) + toFrame.c * (y + 0.5) + toFrame.e) * lowWidth - 0.5;
      const v = (toFrame.b * (x + 0.5) + toFrame.d * (y + 0.5) + toFrame.f) * lowHeight - 0.5;
      const centreX = Math.floor(u + 0.5);
      const centreY = Math.floor(v + 0.5);
      const nearX = (((u - centreX + 0.5) * FRACTIONS) | 0) * CELLS;
      const nearY = (((v - centreY + 0.5) * FRACTIONS) | 0) * CELLS;
      const at = 4 * pixel;
      const r = data[at]!;
      const g = data[at + 1]!;
      const b = data[at + 2]!;
      let total = 0;
      let dr = 0;
      let dg = 0;
      let db = 0;
      for (let j = 0; j < CELLS; j++) {
        const cellY = Math.min(Math.max(centreY + j - RADIUS, 0), lowHeight - 1) * lowWidth;
        const down = NEARNESS[nearY + j]!;
        for (let k = 0; k < CELLS; k++) {
          const cell = STRIDE * (cellY + Math.min(Math.max(centreX + k - RADIUS, 0), lowWidth - 1));
          const er = cells[cell]! - r;
          const eg = cells[cell + 1]! - g;
          const eb = cells[cell + 2]! - b;
          const likeness = COLOUR_WEIGHT[((er * er + eg * eg + eb * eb) / STEP) | 0]!;
          const w = down * NEARNESS[nearX + k]! * likeness * cells[cell + 6]!;
          total += w;
          dr += w * cells[cell + 3]!;
          dg += w * cells[cell + 4]!;
          db += w * cells[cell + 5]!;
        }
      }
      mix(out, at, r, dr / total, weight);
      mix(out, at + 1, g, dg / total, weight);
      mix(out, at + 2, b, db / total, weight);
    }
  }
}

/** Bilinear interpolation of the change: the plain alternative to {@link upsampleBilateral}. Same promises. */
export function upsampleBilinear(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
): void {
  const { source, amount, strength, toFrame } = job;
  const { width, data } = source;
  const lowWidth = low.change.width;
  const lowHeight = low.change.height;
  const size = lowWidth * lowHeight;
  const change = low.change.data;
  copyRows(source, rows, out);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
      if (weight === 0) continue;
      const u = (toFrame.a * (x + 0.5) + toFrame.c * (y + 0.5) + toFrame.e) * lowWidth - 0.5;
      const v = (toFrame.b * (x + 0.5) + toFrame.d * (y + 0.5) + toFrame.f) * lowHeight - 0.5;
      const gx = Math.min(Math.max(u, 0), lowWidth - 1);
      const gy = Math.min(Math.max(v, 0), lowHeight - 1);
      const left = Math.floor(gx);
      const top = Math.floor(gy);
      const right = Math.min(left + 1, lowWidth - 1);
      const below = Math.min(top + 1, lowHeight - 1);
      const fx = gx - left;
      const fy = gy - top;
      for (let c = 0; c < 3; c++) {
        const plane = c * size;
        const upper =
          (1 - fx) * change[plane + top * lowWidth + left]! + fx * change[plane + top * lowWidth + right]!;
        const lower =
          (1 - fx) * change[plane + below * lowWidth + left]! +
          fx * change[plane + below * lowWidth + right]!;
        mix(out, 4 * pixel + c, data[4 * pixel + c]!, (1 - fy) * upper + fy * lower, weight);
      }
    }
  }
}
