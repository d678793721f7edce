import { isContentKnown, knownContent, noteContent } from '../pixels/content';
import type { Box, Image, Mask } from '../pixels/image';
import { kernels } from '../pixels/kernels';

const images = new WeakMap<Image, Image[]>();
const masks = new WeakMap<Mask, Mask[]>();
const opaque = new WeakMap<Image, boolean>();

/**
 * Level `level` of the image's mip chain: level 0 is the image, each next one half as large (rounded up). Pixels are the
 * mean of four, colours weighted by alpha, so that what is transparent does not bleed. Kept as long as the image lives.
 */
export function mip(image: Image, level: number): Image {
  return levelOf(images, image, level, (from) => {
    const content = halved(knownContent(from));
    const to = halve(from, 4, kernels().run.halve, content);
    if (isContentKnown(from)) noteContent(to, content);
    return to;
  });
}

/** The same of a mask. */
export function maskMip(mask: Mask, level: number): Mask {
  return levelOf(masks, mask, level, (from) => {
    const whole = halved({ x: 0, y: 0, width: from.width, height: from.height });
    return halve(from, 1, kernels().run.halveMask, whole);
  });
}

/** Brings the mask's levels up to date after its bytes inside the box were changed in place. */
export function repaintMips(mask: Mask, box: Box): void {
  let [left, top, right, bottom] = [box.x, box.y, box.x + box.width, box.y + box.height];
  masks.get(mask)?.reduce((from, to) => {
    [left, top, right, bottom] = [left >> 1, top >> 1, (right + 1) >> 1, (bottom + 1) >> 1];
    for (let y = top; y < bottom; y++) {
      const upper = 2 * y * from.width;
      const lower = Math.min(2 * y + 1, from.height - 1) * from.width;
      for (let x = left; x < right; x++) {
        const next = Math.min(2 * x + 1, from.width - 1);
        const sum = from.data[upper + 2 * x]! + from.data[upper + next]!;
        to.data[y * to.width + x] = (sum + from.data[lower + 2 * x]! + from.data[lower + next]! + 2) >> 2;
      }
    }
    return to;
  });
}

/** Gives a copy of the mask copies of the levels that are there already. */
export function inheritMips(mask: Mask, copy: Mask): void {
  const chain = masks.get(mask)?.slice(1);
  if (chain) masks.set(copy, [copy, ...chain.map((level) => ({ ...level, data: level.data.slice() }))]);
}

/** The levels of the image that are there already, the image itself left out. */
export function mipsOf(image: Image): readonly Image[] {
  return images.get(image)?.slice(1) ?? [];
}

/** Takes over levels that another thread made of the same pixels. */
export function adoptMips(image: Image, levels: readonly Image[]): void {
  images.set(image, [image, ...levels]);
}

function levelOf<T extends object>(chains: WeakMap<T, T[]>, base: T, level: number, next: (from: T) => T): T {
  let chain = chains.get(base);
  if (!chain) {
    chain = [base];
    chains.set(base, chain);
  }
  while (chain.length <= level) chain.push(next(chain.at(-1)!));
  return chain[level]!;
}

/** The pixels of the next level that a box of this one has a part in. */
function halved({ x, y, width, height }: Box): Box {
  const [left, top] = [x >> 1, y >> 1];
  return { x: left, y: top, width: ((x + width + 1) >> 1) - left, height: ((y + height + 1) >> 1) - top };
}

type Raster = Pick<Image, 'width' | 'height' | 'data'>;

/** Two rows at a time through the kernels; a last odd row or column is taken twice. What lies outside `part` stays 0. */
function halve(
  from: Raster,
  channels: number,
  kernel: (upper: number, lower: number, to: number, count: number) => void,
  part: Box,
): Image {
  const { width, height, data } = from;
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const out = new Uint8ClampedArray(halfWidth * halfHeight * channels);
  const { memory } = kernels();
  const row = 2 * part.width * channels;
  const columns = Math.min(2 * part.width, width - 2 * part.x) * channels;
  memory.borrow([row + 16, row + 16, row + 16], (upper, lower, half) => {
    const put = (y: number, at: number) => {
      const { bytes } = memory;
      const from = (y * width + 2 * part.x) * channels;
      bytes.set(data.subarray(from, from + columns), at);
      if (columns < row) bytes.copyWithin(at + columns, at + columns - channels, at + columns);
    };
    for (let y = part.y; y < part.y + part.height; y++) {
      put(2 * y, upper);
      put(Math.min(2 * y + 1, height - 1), lower);
      kernel(upper, lower, half, part.width);
      out.set(memory.bytes.subarray(half, half + part.width * channels), (y * halfWidth + part.x) * channels);
    }
  });
  return { width: halfWidth, height: halfHeight, data: out };
}

/** Pixels looked at in one go. */
const STRETCH = 2 ** 16;

/** Whether every pixel of the image is opaque; looked at once. */
export function isOpaque(image: Image): boolean {
  const known = opaque.get(image);
  if (known !== undefined) return known;
  const { run, memory } = kernels();
  const { data } = image;
  const answer = memory.borrow([4 * STRETCH], (at) => {
    for (let from = 0; from < data.length; from += 4 * STRETCH) {
      const part = data.subarray(from, Math.min(data.length, from + 4 * STRETCH));
      const count = Math.ceil(part.length / 16) * 4;
      memory.bytes.fill(255, at + part.length, at + 4 * count).set(part, at);
      if (!run.isOpaque(at, count)) return false;
    }
    return true;
  });
  opaque.set(image, answer);
  return answer;
}
