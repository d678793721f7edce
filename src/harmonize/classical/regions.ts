import type { NetworkInput } from '../network';
import { linear } from './lab';

/** A region with fewer pixels than this is not measured, nor eroded to fewer. */
const LEAST = 500;
const FOREGROUND = 128;

/** What Xue et al. measure: a window around the foreground in linear light, 0..1, and which pixels count. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  readonly luminance: Float32Array;
  /** Indices of the whole foreground. */
  readonly whole: Int32Array;
  /** Indices of the foreground less 3 % of its box's short side at the edge. */
  readonly inside: Int32Array;
  /** Indices of the background less 15 % of the same side around the foreground. */
  readonly outside: Int32Array;
}

/** Y of linear light with the weights of Xue et al. */
export function luminanceOf(r: number, g: number, b: number): number {
  return 0.21 * r + 0.72 * g + 0.07 * b;
}

/**
 * Crops to three times the foreground's box, linearises, blurs by min(width, height)/1024, and finds the eroded regions
 * (Xue et al. 2012, supplement). Null when foreground or background have too few pixels to be measured.
 */
export function regionsOf({ image, mask, width, height }: NetworkInput): Pixels | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]! < FOREGROUND) continue;
    const x = i % width;
    const y = Math.floor(i / width);
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  if (right < 0) return null;
  const boxWidth = right - left + 1;
  const boxHeight = bottom - top + 1;
  const [x0, x1] = [Math.max(0, left - boxWidth), Math.min(width, right + 1 + boxWidth)];
  const [y0, y1] = [Math.max(0, top - boxHeight), Math.min(height, bottom + 1 + boxHeight)];
  const [w, h] = [x1 - x0, y1 - y0];
  const plane = (channel: number) => {
    const out = new Float32Array(w * h);
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        out[y * w + x] = linear(image[channel * width * height + (y + y0) * width + x + x0]!);
      }
    }
    return blur(out, w, h, Math.min(width, height) / 1024);
  };
  const [red, green, blue] = [plane(0), plane(1), plane(2)];
  const luminance = red.map((r, i) => luminanceOf(r, green[i]!, blue[i]!));

  const foreground = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      foreground[y * w + x] = mask[(y + y0) * width + x + x0]! >= FOREGROUND ? 1 : 0;
    }
  }
  const background = foreground.map((f) => 1 - f);
  const side = Math.min(boxWidth, boxHeight);
  const whole = indices(foreground);
  const around = indices(background);
  if (whole.length < LEAST || around.length < LEAST) return null;
  const inner = indices(eroded(foreground, w, h, Math.round(0.03 * side)));
  const outer = indices(eroded(background, w, h, Math.round(0.15 * side)));
  return {
    width: w,
    height: h,
    red,
    green,
    blue,
    luminance,
    whole,
    inside: inner.length < LEAST ? whole : inner,
    outside: outer.length < LEAST ? around : outer,
  };
}

function indices(region: Uint8Array): Int32Array {
  const out = new Int32Array(region.reduce((sum, v) => sum + v, 0));
  let at = 0;
  for (let i = 0; i < region.length; i++) if (region[i]) out[at++] = i;
  return out;
}

/** Leaves the pixels whose whole square of `radius` around them, as far as it is in the window, is set. */
function eroded(region: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const stride = width + 1;
  const sums = new Int32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sums[(y + 1) * stride + x + 1] =
        region[y * width + x]! +
        sums[y * stride + x + 1]! +
        sums[(y + 1) * stride + x]! -
        sums[y * stride + x]!;
    }
  }
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const [a, b] = [Math.max(0, y - radius), Math.min(height, y + radius + 1)];
    for (let x = 0; x < width; x++) {
      const [c, d] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
      const held =
        sums[b * stride + d]! - sums[a * stride + d]! - sums[b * stride + c]! + sums[a * stride + c]!;
      out[y * width + x] = held === (b - a) * (d - c) ? 1 : 0;
    }
  }
  return out;
}

/** A Gaussian blur, clamped at the border; the source itself when σ is next to nothing. */
export function blur(source: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = Math.ceil(3 * sigma);
  if (sigma < 0.2) return source;
  const taps = Float32Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = taps.reduce((a, b) => a + b, 0);
  for (let k = 0; k < taps.length; k++) taps[k]! /= sum;
  const across = new Float32Array(source.length);
  const out = new Float32Array(source.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 0;
      for (let k = -radius; k <= radius; k++) {
        value += taps[k + radius]! * source[y * width + Math.min(Math.max(x + k, 0), width - 1)]!;
      }
      across[y * width + x] = value;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let k = -radius; k <= radius; k++) {
      const row = Math.min(Math.max(y + k, 0), height - 1) * width;
      const tap = taps[k + radius]!;
      for (let x = 0; x < width; x++) out[y * width + x]! += tap * across[row + x]!;
    }
  }
  return out;
}
