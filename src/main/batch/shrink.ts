import { squashImage, squashMask } from '../../pixels/area';
import { alphaMask, createImage, type Image } from '../../pixels/image';

/**
 * The picture with its longest side at most `side` pixels, its aspect kept; smaller pictures stay as they are. Every
 * pixel is the mean of the area it covers, colours weighted by alpha (pixels/area).
 */
export function shrink(image: Image, side: number): Image {
  const scale = side / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const colours = squashImage(image, width, height).data;
  const alpha = squashMask(alphaMask(image), width, height).data;
  const small = createImage(width, height);
  const size = width * height;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) small.data[4 * i + c] = colours[c * size + i]!;
    small.data[4 * i + 3] = alpha[i]!;
  }
  return small;
}
