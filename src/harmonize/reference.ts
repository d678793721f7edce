import { squashMask } from '../pixels/area';
import { Fault } from '../pixels/fault';
import type { Mask } from '../pixels/image';
import type { NetworkInput } from './network';

/**
 * The reference region: the part of the background that the foreground is to agree with (the shady side of a street).
 * Networks and classical methods look at all that lies outside the mask, by convolutions as well as by means, deviations
 * and histograms. So the rest of the background is laid over with the region's own pixels.
 */

/** A reference of the picture's size (white counts) at the network's size, 0..255. */
export function squashReference(reference: Mask, { width, height }: Pick<NetworkInput, 'width' | 'height'>) {
  return squashMask(reference, width, height).data;
}

/**
 * Which pixels are the region, 1 or 0 each. Of what the mask leaves wholly black, those that are covered at least half as
 * much as the most covered one: a region smaller than a pixel of the network still is one.
 */
function regionOf(mask: Float32Array, reference: Float32Array): Uint8Array {
  let most = 0;
  let any = false;
  for (let i = 0; i < reference.length; i++) {
    if (reference[i]! <= 0) continue;
    any = true;
    if (mask[i]! <= 0) most = Math.max(most, reference[i]!);
  }
  if (!any) {
    throw new Fault(
      'mask',
      'The reference region is empty.',
      'Mark the part of the background to agree with.',
    );
  }
  if (most <= 0) {
    throw new Fault(
      'mask',
      'The reference region lies wholly inside the foreground, so it holds no background to agree with.',
      'Mark a part of the background beside the foreground.',
    );
  }
  return Uint8Array.from(reference, (value, i) => (mask[i]! <= 0 && 2 * value >= most ? 1 : 0));
}

/** Throws a Fault `mask` when the reference is empty or holds no background; both planes at the network's size, 0..255. */
export function checkReference(mask: Float32Array, reference: Float32Array): void {
  regionOf(mask, reference);
}

/** `value` reflected into 0..length−1, the edge pixels twice: 0 1 2 2 1 0 0 1 … */
function reflected(value: number, length: number): number {
  const place = ((value % (2 * length)) + 2 * length) % (2 * length);
  return place < length ? place : 2 * length - 1 - place;
}

/**
 * What a network sees of a composite that is to agree with a part of its background only: every pixel that is neither
 * foreground (mask above 0) nor of the region takes the colour of a pixel of the region; all others stay. A rectangle is
 * mirrored at its edges, without a seam. Of other shapes rows are taken as often as they have pixels, and the pixels of
 * a row in turn, so that all of them weigh about the same.
 *
 * `reference`: `width·height`, 0..255, at the network's size ({@link squashReference}).
 *
 * @throws Fault `mask` as {@link checkReference}.
 */
export function agreeWith(input: NetworkInput, reference: Float32Array): NetworkInput {
  const { width, height, mask } = input;
  const size = width * height;
  const region = regionOf(mask, reference);
  // The region's pixels, row by row.
  const columns = new Int32Array(region.reduce((sum, one) => sum + one, 0));
  const rows: { readonly y: number; readonly from: number; readonly to: number }[] = [];
  let count = 0;
  for (let y = 0; y < height; y++) {
    const from = count;
    for (let x = 0; x < width; x++) if (region[y * width + x] === 1) columns[count++] = x;
    if (count > from) rows.push({ y, from, to: count });
  }
  const top = rows[0]!.y;
  // By how many pixels of the region lie before: the row at a share of the region, from the top.
  const turns = rows.map((_, turn) => {
    const pixel = ((turn + 0.5) / rows.length) * count;
    return rows.find(({ to }) => pixel < to)!;
  });
  const image = new Float32Array(input.image);
  for (let y = 0; y < height; y++) {
    const row = turns[reflected(y - top, turns.length)]!;
    const left = columns[row.from]!;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (region[i] === 1 || mask[i]! > 0) continue;
      const j = row.y * width + columns[row.from + reflected(x - left, row.to - row.from)]!;
      for (let c = 0; c < 3; c++) image[c * size + i] = input.image[c * size + j]!;
    }
  }
  return { ...input, image };
}
