import type { Box } from '../../pixels/image';
import { kernels } from '../../pixels/kernels';
import { ByteReader, damaged } from './bytes';

/** One channel of a layer as it stands in the file, with its two bytes of compression; `to`: its place in a pixel. */
export interface PackedChannel {
  readonly bytes: Uint8Array;
  readonly to: 0 | 1 | 2 | 3;
}

const PACKBITS = 1;
/** Bytes that the kernels may read or write beyond a row. */
const BEYOND = 16;

/** Whether {@link decodePackedRows} can: every channel in PackBits, and none twice. */
export function arePackedRows(channels: readonly PackedChannel[]): boolean {
  const isPacked = ({ bytes }: PackedChannel) => bytes.length >= 2 && bytes[0] === 0 && bytes[1] === PACKBITS;
  const places = new Set(channels.map(({ to }) => to));
  return places.size === channels.length && channels.every(isPacked);
}

/**
 * Decodes the channels of an 8-bit layer in PackBits (Apple, Technical Note TN1023) together, row by row, by the
 * kernels: several times as fast as one channel after the other. Channels that are not there are 0; alpha is 255. `data`
 * must be all zeros: of cut-outs on a large sheet only what is filled is written, and most of its memory is never touched.
 *
 * @returns The box around all pixels that are not wholly transparent; an empty one when there is none.
 * @throws Fault when a row is shorter than the layer.
 */
export function decodePackedRows(
  channels: readonly PackedChannel[],
  { width, height, large }: { width: number; height: number; large: boolean },
  data: Uint8ClampedArray,
  name: string,
): Box {
  const { run, memory } = kernels();
  const readers = channels.map(({ bytes, to }) => {
    const reader = new ByteReader(bytes, name);
    reader.skip(2);
    return { bytes, reader, lengths: reader.section(height * (large ? 4 : 2)), to };
  });
  const count = Math.ceil(width / 16) * 16;
  const stride = count + BEYOND;
  // No row needs more: a byte for every 128, and one for each pixel. What a file has beyond that is not looked at.
  const most = 2 * width + BEYOND;
  let [left, top, right, bottom] = [width, height, 0, 0];
  memory.borrow([4 * stride, most + BEYOND, 4 * count], (planes, packed, pixels) => {
    memory.bytes.fill(0, planes, planes + 3 * stride).fill(255, planes + 3 * stride, planes + 4 * stride);
    for (let y = 0; y < height; y++) {
      for (const { bytes, reader, lengths, to } of readers) {
        const length = large ? lengths.u32() : lengths.u16();
        const start = reader.skip(length);
        const used = Math.min(length, most);
        memory.bytes.set(bytes.subarray(start, start + used), packed);
        if (run.unpackBits(packed, packed + used, planes + to * stride, width) !== width) {
          throw damaged(name, 'a row of pixels is too short');
        }
      }
      run.interleave(planes, stride, pixels, count);
      const from = run.firstFilled(pixels, 4 * width);
      const to = run.endOfFilled(pixels, 4 * width);
      if (from < to) data.set(memory.bytes.subarray(pixels + from, pixels + to), 4 * y * width + from);
      const alpha = planes + 3 * stride;
      const first = run.firstFilled(alpha, width);
      if (first === width) continue;
      [left, right] = [Math.min(left, first), Math.max(right, run.endOfFilled(alpha, width))];
      [top, bottom] = [Math.min(top, y), y + 1];
    }
  });
  return right > left
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : { x: 0, y: 0, width: 0, height: 0 };
}
