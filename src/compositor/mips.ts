import type { Image } from '../pixels/image';

const levels = new WeakMap<Image, Image[]>();

/** Level `level` of the image's mip chain: level 0 is the image, each next one half as large (rounded up). Cached as long as the image lives. */
export function mip(image: Image, level: number): Image {
  let chain = levels.get(image);
  if (!chain) {
    chain = [image];
    levels.set(image, chain);
  }
  while (chain.length <= level) chain.push(halve(chain.at(-1)!));
  return chain[level]!;
}

/** Half the size, each pixel the mean of four; colours weighted by alpha, so that what is transparent does not bleed. */
function halve(image: Image): Image {
  const { width, height, data } = image;
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const out = new Uint8ClampedArray(halfWidth * halfHeight * 4);
  for (let y = 0; y < halfHeight; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x;
      const right = Math.min(2 * x + 1, width - 1);
      const p = 4 * (upper + left);
      const q = 4 * (upper + right);
      const r = 4 * (lower + left);
      const s = 4 * (lower + right);
      const pa = data[p + 3]!;
      const qa = data[q + 3]!;
      const ra = data[r + 3]!;
      const sa = data[s + 3]!;
      const alpha = pa + qa + ra + sa;
      const at = 4 * (y * halfWidth + x);
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c++) {
        out[at + c] = (data[p + c]! * pa + data[q + c]! * qa + data[r + c]! * ra + data[s + c]! * sa) / alpha;
      }
      out[at + 3] = alpha / 4;
    }
  }
  return { width: halfWidth, height: halfHeight, data: out };
}
