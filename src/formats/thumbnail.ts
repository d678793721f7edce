import { createImage, type Image } from '../pixels/image';

/** The picture over white, opaque, scaled down so that neither side is longer than `side`: each pixel the mean of its box. */
export function thumbnailOf(image: Image, side: number): Image {
  const { opaque, width, height } = { ...shrink(image, side), opaque: true };
  const out = createImage(width, height);
  average(image, out, opaque);
  return out;
}

/** The picture scaled down likewise, its transparency kept. */
export function transparentThumbnailOf(image: Image, side: number): Image {
  const { width, height } = shrink(image, side);
  const out = createImage(width, height);
  average(image, out, false);
  return out;
}

function shrink({ width, height }: Image, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / width, side / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function average(image: Image, out: Image, onWhite: boolean): void {
  const { width, height } = out;
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * image.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * image.height) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width));
      const sum = [0, 0, 0, 0];
      for (let v = top; v < bottom; v++) {
        for (let u = left; u < right; u++) {
          const at = 4 * (v * image.width + u);
          const alpha = image.data[at + 3]!;
          for (let k = 0; k < 3; k++) sum[k]! += image.data[at + k]! * alpha;
          sum[3]! += alpha;
        }
      }
      const count = (bottom - top) * (right - left);
      const coverage = sum[3]! / count;
      const at = 4 * (y * width + x);
      for (let k = 0; k < 3; k++) {
        const color = sum[3] === 0 ? 0 : sum[k]! / sum[3]!;
        out.data[at + k] = onWhite ? (color * coverage) / 255 + 255 - coverage : color;
      }
      out.data[at + 3] = onWhite ? 255 : coverage;
    }
  }
}
