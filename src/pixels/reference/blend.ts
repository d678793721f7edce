import type { Image } from '../image';

/** Plain TypeScript of what the blending kernels do: the oracle of their tests and their peer in `npm run bench`. */
export function blendImagesPlainly(under: Image, over: Image, opacity = 1): Image {
  const data = new Uint8ClampedArray(under.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const backdrop = under.data[i + 3]! / 255;
    const source = (over.data[i + 3]! / 255) * opacity;
    const alpha = source + backdrop * (1 - source);
    if (alpha < 0.5 / 255) continue;
    for (let c = 0; c < 3; c++) {
      data[i + c] = (over.data[i + c]! * source + under.data[i + c]! * backdrop * (1 - source)) / alpha;
    }
    data[i + 3] = alpha * 255;
  }
  return { width: under.width, height: under.height, data };
}
