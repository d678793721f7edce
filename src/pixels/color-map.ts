import type { Image, Mask, Rows } from './image';
import type { Matrix } from './matrix';

/** φ = (r, g, b, r², g², b², rg, rb, gb, 1): the terms of a colour transform. */
const TERMS = 10;
/** Coefficients of one colour transform: {@link TERMS} for each of r, g, b. */
export const COLOR_MAP_CHANNELS = 3 * TERMS;

/** A grid of colour transforms, {@link COLOR_MAP_CHANNELS} planes of `width·height`; plane 10·c + k multiplies φ_k for output channel c. */
export interface ColorMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** How full-size pixels take part: see LiftJob in harmonize/lift.ts. */
export interface Recolouring {
  readonly source: Image;
  /** How much of the change a pixel takes, or null for all. */
  readonly amount: Mask | null;
  /** 0..1. */
  readonly strength: number;
  /** Source pixels → unit square of the map. */
  readonly toFrame: Matrix;
}

/** The map's coefficients transform after transform, for locality: `[cell][30]`. */
function interleave(map: ColorMap): Float32Array {
  const cells = map.width * map.height;
  const out = new Float32Array(cells * COLOR_MAP_CHANNELS);
  for (let k = 0; k < COLOR_MAP_CHANNELS; k++) {
    for (let i = 0; i < cells; i++) out[i * COLOR_MAP_CHANNELS + k] = map.data[k * cells + i]!;
  }
  return out;
}

/**
 * Applies a colour map to rows of the source: `out = in + amount·strength·Σ_k coef_k·φ_k(in)`, colours in 0..1, the
 * coefficients interpolated bilinearly between cell centres and clamped at the border (Guo et al., "PCT-Net", CVPR 2023,
 * apply such parameters at full resolution; the quadratic terms are those of Attune's own network). Alpha is copied;
 * where `amount` is 0 the pixel is copied bit for bit. `out` is RGBA, as large as the source.
 */
export function applyColorMap(job: Recolouring, map: ColorMap, rows: Rows, out: Uint8ClampedArray): void {
  const { source, amount, strength, toFrame } = job;
  const { width, data } = source;
  const cells = interleave(map);
  const coefficient = new Float32Array(COLOR_MAP_CHANNELS);
  const lastX = map.width - 1;
  const lastY = map.height - 1;
  out.set(data.subarray(rows.from * width * 4, rows.to * width * 4), rows.from * width * 4);
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = (amount ? amount.data[pixel]! / 255 : 1) * strength;
      if (weight === 0) continue;
      const u = toFrame.a * (x + 0.5) + toFrame.c * (y + 0.5) + toFrame.e;
      const v = toFrame.b * (x + 0.5) + toFrame.d * (y + 0.5) + toFrame.f;
      const gx = Math.min(Math.max(u * map.width - 0.5, 0), lastX);
      const gy = Math.min(Math.max(v * map.height - 0.5, 0), lastY);
      const left = Math.min(Math.floor(gx), Math.max(lastX - 1, 0));
      const top = Math.min(Math.floor(gy), Math.max(lastY - 1, 0));
      const fx = gx - left;
      const fy = gy - top;
      const right = left < lastX ? COLOR_MAP_CHANNELS : 0;
      const below = top < lastY ? map.width * COLOR_MAP_CHANNELS : 0;
      const cell = (top * map.width + left) * COLOR_MAP_CHANNELS;
      const w00 = (1 - fx) * (1 - fy);
      const w10 = fx * (1 - fy);
      const w01 = (1 - fx) * fy;
      const w11 = fx * fy;
      for (let k = 0; k < COLOR_MAP_CHANNELS; k++) {
        const at = cell + k;
        coefficient[k] =
          w00 * cells[at]! +
          w10 * cells[at + right]! +
          w01 * cells[at + below]! +
          w11 * cells[at + right + below]!;
      }
      const at = 4 * pixel;
      const r = data[at]! / 255;
      const g = data[at + 1]! / 255;
      const b = data[at + 2]! / 255;
      for (let c = 0; c < 3; c++) {
        const k = c * TERMS;
        const change =
          coefficient[k]! * r +
          coefficient[k + 1]! * g +
          coefficient[k + 2]! * b +
          coefficient[k + 3]! * r * r +
          coefficient[k + 4]! * g * g +
          coefficient[k + 5]! * b * b +
          coefficient[k + 6]! * r * g +
          coefficient[k + 7]! * r * b +
          coefficient[k + 8]! * g * b +
          coefficient[k + 9]!;
        const colour = data[at + c]!;
        // Clip the harmonized colour before mixing, as a picture would be: strength then moves along a straight line.
        const full = Math.min(Math.max(colour + 255 * change, 0), 255);
        out[at + c] = colour + weight * (full - colour);
      }
    }
  }
}
