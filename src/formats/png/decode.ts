import { createImage, type Image } from '../../pixels/image';
import { readIccProfile } from '../color/icc-profile';
import { conversionToSrgb } from '../color/to-srgb';
import { inflateExactly } from '../inflate';
import { ByteReader, damaged } from '../psd/bytes';

/** What the head of a PNG says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly color: number;
  readonly interlaced: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
/** Adam7: where each pass begins and how far its pixels lie apart. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Reads the head alone. @throws Fault `unreadable` */
export function readPngHeader(bytes: Uint8Array, name: string): PngHeader {
  const reader = new ByteReader(bytes, name);
  if (!SIGNATURE.every((byte) => reader.u8() === byte))
    throw damaged(name, 'it holds a picture that is no PNG');
  const length = reader.u32();
  if (reader.tag() !== 'IHDR' || length !== 13) throw damaged(name, 'it holds a PNG without a head');
  const header = { width: reader.u32(), height: reader.u32(), depth: reader.u8(), color: reader.u8() };
  reader.skip(2);
  if (!DEPTHS[header.color]?.includes(header.depth)) throw damaged(name, 'it holds a PNG of an unknown kind');
  return { ...header, interlaced: reader.u8() === 1 };
}

/**
 * Decodes a PNG exactly (W3C, PNG Specification, third edition): every kind of colour and depth, interlaced or not;
 * 16 bits become 8 by v / 257, rounded; an embedded profile that is not sRGB is converted from.
 *
 * @throws Fault `unreadable` or `too-large`
 */
export function decodePng(bytes: Uint8Array, name: string): Image {
  const header = readPngHeader(bytes, name);
  const image = createImage(header.width, header.height);
  const { data, palette, transparency, profile } = readChunks(bytes, name);
  const passes = (header.interlaced ? PASSES : ([[0, 0, 1, 1]] as const))
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      width: Math.ceil((header.width - x) / dx),
      height: Math.ceil((header.height - y) / dy),
    }))
    .filter(({ width, height }) => width > 0 && height > 0);
  const bits = header.depth * CHANNELS[header.color]!;
  const rowBytes = (width: number) => Math.ceil((width * bits) / 8);
  const length = passes.reduce((sum, pass) => sum + pass.height * (1 + rowBytes(pass.width)), 0);
  const samples = inflateExactly(data, length);
  if (!samples) throw damaged(name, 'it holds a PNG whose data do not unpack');
  const put = pixelWriter(header, palette, transparency, name);
  let at = 0;
  for (const { x, y, dx, dy, width, height } of passes) {
    const size = rowBytes(width);
    let above: Uint8Array = new Uint8Array(size);
    for (let row = 0; row < height; row++, at += 1 + size) {
      const line = samples.subarray(at + 1, at + 1 + size);
      unfilter(samples[at]!, line, above, Math.max(1, bits >> 3), name);
      above = line;
      for (let column = 0; column < width; column++) {
        put(line, column, image.data, 4 * ((y + row * dy) * header.width + x + column * dx));
      }
    }
  }
  const found = profile && readIccProfile(profile);
  if (found) conversionToSrgb(found)?.(image.data);
  return image;
}

interface Chunks {
  readonly data: Uint8Array[];
  readonly palette: Uint8Array | null;
  readonly transparency: Uint8Array | null;
  readonly profile: Uint8Array | null;
}

function readChunks(bytes: Uint8Array, name: string): Chunks {
  const reader = new ByteReader(bytes, name);
  reader.skip(SIGNATURE.length);
  const data: Uint8Array[] = [];
  const found: { -readonly [K in 'palette' | 'transparency' | 'profile']: Chunks[K] } = {
    palette: null,
    transparency: null,
    profile: null,
  };
  while (reader.left >= 12) {
    const length = reader.u32();
    const type = reader.tag();
    const chunk = reader.take(length);
    reader.skip(4);
    if (type === 'IDAT') data.push(chunk);
    if (type === 'PLTE') found.palette = chunk;
    if (type === 'tRNS') found.transparency = chunk;
    if (type === 'iCCP') found.profile = unpackProfile(chunk);
    if (type === 'IEND') break;
  }
  return { data, ...found };
}

/** The profile of an iCCP chunk: a name, a zero, a zero, zlib; its own first four bytes are its length. */
function unpackProfile(chunk: Uint8Array): Uint8Array | null {
  const end = chunk.indexOf(0);
  if (end < 0) return null;
  const deflated = [chunk.subarray(end + 2)];
  const head = inflateExactly(deflated, 4);
  const length = head ? new DataView(head.buffer).getUint32(0) : 0;
  return length >= 128 && length <= 1 << 24 ? inflateExactly(deflated, length) : null;
}

/** Takes the row's filter back, in place (9.2); `step` is the number of bytes of a pixel. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number, name: string): void {
  if (filter > 4) throw damaged(name, 'it holds a PNG with an unknown filter');
  for (let i = 0; filter !== 0 && i < line.length; i++) {
    const left = i >= step ? line[i - step]! : 0;
    const up = above[i]!;
    const corner = i >= step ? above[i - step]! : 0;
    const predicted =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    line[i] = line[i]! + predicted;
  }
}

/** Of left, upper and upper left, the one nearest to left + up − corner (9.4). */
export function paeth(left: number, up: number, corner: number): number {
  const a = Math.abs(up - corner);
  const b = Math.abs(left - corner);
  const c = Math.abs(left + up - 2 * corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

type PixelWriter = (line: Uint8Array, column: number, data: Uint8ClampedArray, at: number) => void;

function pixelWriter(
  { color, depth }: PngHeader,
  palette: Uint8Array | null,
  transparency: Uint8Array | null,
  name: string,
): PixelWriter {
  const channels = CHANNELS[color]!;
  const most = 2 ** depth - 1;
  const sample = (line: Uint8Array, index: number) => {
    if (depth === 8) return line[index]!;
    if (depth === 16) return line[2 * index]! * 256 + line[2 * index + 1]!;
    const bit = index * depth;
    return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & most;
  };
  const level = (value: number) => Math.round((value * 255) / most);
  if (color === 3) {
    if (!palette) throw damaged(name, 'it holds a PNG without its palette');
    return (line, column, data, at) => {
      const index = sample(line, column);
      for (let k = 0; k < 3; k++) data[at + k] = palette[3 * index + k] ?? 0;
      data[at + 3] = transparency?.[index] ?? 255;
    };
  }
  const rgb = color === 2 || color === 6;
  const keyed = transparency && (color === 0 || color === 2) && transparency.length >= 2 * channels;
  const key = keyed
    ? Array.from({ length: channels }, (_, k) => transparency[2 * k]! * 256 + transparency[2 * k + 1]!)
    : null;
  return (line, column, data, at) => {
    const first = column * channels;
    for (let k = 0; k < 3; k++) data[at + k] = level(sample(line, first + (rgb ? k : 0)));
    const through = key?.every((value, k) => sample(line, first + k) === value) ?? false;
    data[at + 3] = color >= 4 ? level(sample(line, first + channels - 1)) : through ? 0 : 255;
  };
}
