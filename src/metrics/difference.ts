import { Fault } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';

/** The most a PSNR may be, dB: of equal pictures, for which it would be infinite. */
export const MAX_PSNR = 100;

/** From this mask value on a pixel is foreground for {@link foregroundMse}. */
export const FOREGROUND = 128;

/** Throws a Fault `size-mismatch` with both sizes unless two pictures are equally large. */
export function checkSameSize(
  image: { width: number; height: number },
  truth: { width: number; height: number },
): void {
  if (image.width === truth.width && image.height === truth.height) return;
  throw new Fault(
    'size-mismatch',
    `A picture of ${image.width}×${image.height} pixels cannot be compared with one of ${truth.width}×${truth.height}.`,
    'Give pictures of the same size.',
  );
}

/** The mean squared error over the three colour channels of every pixel, 0..65025; alpha takes no part. */
export function mse(image: Image, truth: Image): number {
  checkSameSize(image, truth);
  let sum = 0;
  for (let i = 0; i < image.data.length; i += 4) sum += squaredError(image.data, truth.data, i);
  return sum / (3 * image.width * image.height);
}

/**
 * The mean squared error over the colour channels of the pixels whose mask is at least {@link FOREGROUND} (fMSE: Tsai
 * et al., "Deep Image Harmonization", CVPR 2017, and DoveNet, CVPR 2020). Throws a Fault `mask` when there are none.
 */
export function foregroundMse(image: Image, truth: Image, mask: Mask): number {
  checkSameSize(image, truth);
  checkSameSize(mask, truth);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i]! < FOREGROUND) continue;
    sum += squaredError(image.data, truth.data, 4 * i);
    count++;
  }
  if (count === 0) {
    throw new Fault('mask', `The mask has no pixel of ${FOREGROUND} or more to measure the foreground in.`);
  }
  return sum / (3 * count);
}

/**
 * The peak signal-to-noise ratio of a mean squared error, dB: 10·log₁₀(255² / mse), at most {@link MAX_PSNR}. For a set
 * of pictures take the mean of their ratios, not the ratio of their mean error.
 */
export function psnr(meanSquaredError: number): number {
  if (meanSquaredError === 0) return MAX_PSNR;
  return Math.min(MAX_PSNR, 10 * Math.log10(255 ** 2 / meanSquaredError));
}

function squaredError(a: Uint8ClampedArray, b: Uint8ClampedArray, i: number): number {
  const red = a[i]! - b[i]!;
  const green = a[i + 1]! - b[i + 1]!;
  const blue = a[i + 2]! - b[i + 2]!;
  return red * red + green * green + blue * blue;
}
