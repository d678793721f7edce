import { Zlib } from 'fflate';
import type { Image } from '../../pixels/image';
import { paeth } from './decode';

/** Rows that are packed at once. */
const BATCH = 64;

/**
 * Encodes RGBA, 8 bits, straight alpha, as a PNG (W3C, PNG Specification, third edition) that gives back every byte,
 * colours under alpha 0 too, which a browser's canvas does not. Each row is filtered by the one of Sub, Up and Paeth
 * whose bytes are nearest to zero.
 */
export function encodePng(image: Image): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)];
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  head.set([8, 6, 0, 0, 0], 8);
  // sRGB, perceptual.
  parts.push(chunk('IHDR', head), chunk('sRGB', Uint8Array.of(0)));
  const packer = new Zlib({ level: 4 }, (packed) => parts.push(chunk('IDAT', packed)));
  const rowBytes = 4 * image.width;
  for (let from = 0; from < image.height; from += BATCH) {
    const to = Math.min(from + BATCH, image.height);
    const lines = new Uint8Array((to - from) * (1 + rowBytes));
    for (let y = from; y < to; y++) filterRow(image, y, lines, (y - from) * (1 + rowBytes));
    packer.push(lines, to === image.height);
  }
  parts.push(chunk('IEND', new Uint8Array(0)));
  return joinParts(parts);
}

function filterRow({ width, data }: Image, y: number, out: Uint8Array, at: number): void {
  const size = 4 * width;
  const row = y * size;
  const sums = [0, 0, 0];
  const predict = (filter: number, i: number) => {
    const left = i >= 4 ? data[row + i - 4]! : 0;
    if (filter === 0) return left;
    const up = y > 0 ? data[row - size + i]! : 0;
    return filter === 1 ? up : paeth(left, up, i >= 4 && y > 0 ? data[row - size + i - 4]! : 0);
  };
  const toZero = (byte: number) => (byte < 128 ? byte : 256 - byte);
  // Every fourth pixel tells enough.
  for (let i = 0; i < size; i += i % 4 === 3 ? 13 : 1) {
    for (let filter = 0; filter < 3; filter++)
      sums[filter]! += toZero((data[row + i]! - predict(filter, i)) & 255);
  }
  const best = sums.indexOf(Math.min(...sums));
  out[at] = [1, 2, 4][best]!;
  for (let i = 0; i < size; i++) out[at + 1 + i] = data[row + i]! - predict(best, i);
}

/** A chunk of a PNG file: length, type, data, CRC. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 as PNG uses it (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
