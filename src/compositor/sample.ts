import type { Image } from '../pixels/image';
import { invert, type Matrix, multiply, scaling } from '../pixels/matrix';
import { mip } from './mips';

/** One layer's pixels placed in the view: writes premultiplied colours of a row. */
export interface Placed {
  /** Rows and columns of the view that the layer may touch: from (inclusive) to (exclusive). */
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Fills `row[4·x …]` for x in [left, right) with premultiplied RGBA, 0..255; alpha 0..1. */
  read(y: number, row: Float32Array): void;
}

/**
 * Places an image in a view of `width`×`height`. `toView` maps the image's pixels to the view's. Shrinking takes the
 * mip level just larger than the target and bilinear interpolation from there; outside the image is transparent, so
 * that edges at fractions of a pixel are soft. Placed at whole pixels without scaling, pixels are copied exactly.
 */
export function place(image: Image, toView: Matrix, width: number, height: number): Placed {
  const shrink = 1 / Math.sqrt(Math.abs(toView.a * toView.d - toView.b * toView.c));
  const deepest = Math.floor(Math.log2(Math.max(image.width, image.height)));
  const level = Math.min(Math.max(Math.floor(Math.log2(shrink) + 1e-6), 0), deepest);
  const texels = mip(image, level);
  const texelToView = multiply(toView, scaling(2 ** level));
  const toTexel = invert(texelToView);
  const corners = [
    [-0.5, -0.5],
    [texels.width + 0.5, -0.5],
    [-0.5, texels.height + 0.5],
    [texels.width + 0.5, texels.height + 0.5],
  ] as const;
  const xs = corners.map(([x, y]) => texelToView.a * x + texelToView.c * y + texelToView.e);
  const ys = corners.map(([x, y]) => texelToView.b * x + texelToView.d * y + texelToView.f);
  const clip = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
  const left = clip(Math.floor(Math.min(...xs)), width);
  const right = clip(Math.ceil(Math.max(...xs)), width);
  const whole =
    toTexel.a === 1 &&
    toTexel.d === 1 &&
    toTexel.b === 0 &&
    toTexel.c === 0 &&
    Number.isInteger(toTexel.e) &&
    Number.isInteger(toTexel.f);
  return {
    left,
    right,
    top: clip(Math.floor(Math.min(...ys)), height),
    bottom: clip(Math.ceil(Math.max(...ys)), height),
    read: whole
      ? (y, row) => copyRow(texels, y + toTexel.f, toTexel.e, left, right, row)
      : (y, row) => interpolateRow(texels, toTexel, y, left, right, row),
  };
}

function copyRow(
  image: Image,
  sourceY: number,
  shift: number,
  left: number,
  right: number,
  row: Float32Array,
): void {
  row.fill(0, 4 * left, 4 * right);
  if (sourceY < 0 || sourceY >= image.height) return;
  const from = Math.max(left, -shift);
  const to = Math.min(right, image.width - shift);
  let at = 4 * (sourceY * image.width + from + shift);
  for (let i = 4 * from; i < 4 * to; i += 4, at += 4) {
    const alpha = image.data[at + 3]! / 255;
    row[i] = image.data[at]! * alpha;
    row[i + 1] = image.data[at + 1]! * alpha;
    row[i + 2] = image.data[at + 2]! * alpha;
    row[i + 3] = alpha;
  }
}

function interpolateRow(
  image: Image,
  toTexel: Matrix,
  y: number,
  left: number,
  right: number,
  row: Float32Array,
): void {
  const { width, height, data } = image;
  for (let x = left; x < right; x++) {
    const u = toTexel.a * (x + 0.5) + toTexel.c * (y + 0.5) + toTexel.e - 0.5;
    const v = toTexel.b * (x + 0.5) + toTexel.d * (y + 0.5) + toTexel.f - 0.5;
    const tx = Math.floor(u);
    const ty = Math.floor(v);
    const fx = u - tx;
    const fy = v - ty;
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    for (let j = 0; j < 2; j++) {
      const sy = ty + j;
      if (sy < 0 || sy >= height) continue;
      for (let i = 0; i < 2; i++) {
        const sx = tx + i;
        if (sx < 0 || sx >= width) continue;
        const at = 4 * (sy * width + sx);
        const weight = ((i ? fx : 1 - fx) * (j ? fy : 1 - fy) * data[at + 3]!) / 255;
        r += weight * data[at]!;
        g += weight * data[at + 1]!;
        b += weight * data[at + 2]!;
        a += weight;
      }
    }
    row[4 * x] = r;
    row[4 * x + 1] = g;
    row[4 * x + 2] = b;
    row[4 * x + 3] = a;
  }
}
