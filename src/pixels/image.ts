import { Fault } from './fault';

/** RGBA, 8 bits a channel, straight (not premultiplied) alpha, sRGB; row-major, `data.length = 4·width·height`. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** One byte a pixel: 0 = outside, 255 = wholly inside (white = foreground); `data.length = width·height`. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Planar floats, plane after plane: `data.length = channels·width·height`. Colours are RGB, 0..255, sRGB. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** Rows `from` (inclusive) to `to` (exclusive). */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/** A rectangle of whole pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The most pixels a picture may have: 2^28, 268 megapixels (1 GiB of RGBA). */
export const MAX_PIXELS = 2 ** 28;

/** Refuses sizes that are not whole, positive and within {@link MAX_PIXELS}. */
export function checkSize(width: number, height: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new Fault('image', `A picture of ${width}×${height} pixels does not exist.`);
  }
  if (width * height > MAX_PIXELS) {
    throw new Fault(
      'too-large',
      `A picture of ${width}×${height} pixels is larger than the ${MAX_PIXELS / 1e6} megapixels that fit.`,
      'Scale it down first.',
    );
  }
}

/** A new, wholly transparent image. */
export function createImage(width: number, height: number): Image {
  checkSize(width, height);
  return { width, height, data: new Uint8ClampedArray(width * height * 4) };
}

/** A new, empty mask. */
export function createMask(width: number, height: number): Mask {
  checkSize(width, height);
  return { width, height, data: new Uint8ClampedArray(width * height) };
}

/** Throws a Fault unless `image` is what {@link Image} promises. */
export function checkImage(image: Image): void {
  checkSize(image.width, image.height);
  if (image.data.length !== image.width * image.height * 4) {
    throw new Fault(
      'image',
      `${image.data.length} bytes are not ${image.width}×${image.height} RGBA pixels.`,
    );
  }
}

/** Throws a Fault unless `mask` is what {@link Mask} promises. */
export function checkMask(mask: Mask): void {
  checkSize(mask.width, mask.height);
  if (mask.data.length !== mask.width * mask.height) {
    throw new Fault('mask', `${mask.data.length} bytes are not a mask of ${mask.width}×${mask.height}.`);
  }
}

/** The alpha channel as a mask. */
export function alphaMask(image: Image): Mask {
  const mask = createMask(image.width, image.height);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = image.data[4 * i + 3]!;
  return mask;
}

/** The smallest box around every pixel of the image that is not wholly transparent, or null when there is none. */
export function visibleBounds(image: Image): Box | null {
  const { width, height, data } = image;
  const alpha = (x: number, y: number) => data[4 * (y * width + x) + 3]!;
  const isEmptyRow = (y: number) => {
    for (let at = 4 * y * width + 3, end = at + 4 * width; at < end; at += 4)
      if (data[at] !== 0) return false;
    return true;
  };
  let top = 0;
  while (top < height && isEmptyRow(top)) top++;
  if (top === height) return null;
  let bottom = height - 1;
  while (isEmptyRow(bottom)) bottom--;
  let left = width - 1;
  let right = 0;
  for (let y = top; y <= bottom; y++) {
    // Only what lies outside the box so far can make it larger.
    for (let x = 0; x < left; x++) if (alpha(x, y) !== 0) left = x;
    for (let x = width - 1; x > right; x--) if (alpha(x, y) !== 0) right = x;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** White becomes black and black white. */
export function invertMask(mask: Mask): Mask {
  const inverted = createMask(mask.width, mask.height);
  for (let i = 0; i < mask.data.length; i++) inverted.data[i] = 255 - mask.data[i]!;
  return inverted;
}

/** The smallest box around every pixel of the mask above 0, or null when there is none. */
export function maskBounds({ width, height, data }: Mask): Box | null {
  const bytes = new Scan(data);
  const size = width * height;
  const first = bytes.next(0, size);
  if (first === size) return null;
  const last = bytes.last(first, size);
  const top = Math.floor(first / width);
  const bottom = Math.floor(last / width);
  let left = width;
  let right = -1;
  for (let row = top * width; row <= bottom * width; row += width) {
    // Only what lies outside the box so far can make it larger.
    left = Math.min(left, bytes.next(row, row + left) - row);
    right = Math.max(right, bytes.last(row + right + 1, row + width) - row);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Looks for bytes above 0, four at a time where the memory allows it. */
export class Scan {
  readonly #bytes: Uint8ClampedArray;
  readonly #words: Uint32Array;

  constructor(bytes: Uint8ClampedArray) {
    this.#bytes = bytes;
    const aligned = bytes.byteOffset % 4 === 0;
    this.#words = new Uint32Array(
      bytes.buffer,
      aligned ? bytes.byteOffset : 0,
      aligned ? bytes.length >> 2 : 0,
    );
  }

  /** The first in `from`..`to` (exclusive); `to` when there is none. */
  next(from: number, to: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    let at = from;
    while (at < to && (at & 3) !== 0 && bytes[at] === 0) at++;
    if ((at & 3) === 0) {
      const end = Math.min(to >> 2, words.length);
      let word = at >> 2;
      while (word < end && words[word] === 0) word++;
      at = Math.max(at, word << 2);
    }
    while (at < to && bytes[at] === 0) at++;
    return at;
  }

  /** The last in `from`..`to` (exclusive); `from - 1` when there is none. */
  last(from: number, to: number): number {
    const bytes = this.#bytes;
    const words = this.#words;
    let at = to;
    while (at > from && (at & 3) !== 0 && bytes[at - 1] === 0) at--;
    if ((at & 3) === 0 && at >> 2 <= words.length) {
      const end = (from + 3) >> 2;
      let word = at >> 2;
      while (word > end && words[word - 1] === 0) word--;
      at = Math.min(at, word << 2);
    }
    while (at > from && bytes[at - 1] === 0) at--;
    return at - 1;
  }
}
