import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { withMetadata } from '../../formats/metadata/write';
import type { Image, Rows } from '../../pixels/image';
import { Recoder, TABLES, type HuffmanTable } from './jpeg-huffman';
import type { Chroma, PictureMetadata } from './metadata';

export interface JpegOptions {
  /** 1..100. */
  readonly quality: number;
  readonly chroma: Chroma;
  readonly metadata: PictureMetadata;
  /** Resolves when the pixels of the rows are as they are to be written; all are when left out. */
  readonly ready?: (rows: Rows) => Promise<void>;
}

/** About so many rows are a strip: enough for the encoder to be busy, few enough to be done side by side. */
const ROWS = 256;
/** The most units that a file can have between two restart markers. */
const MOST_UNITS = 65535;
/** Strips that the encoder has at a time. */
const AHEAD = 3;

/**
 * Writes an opaque picture as baseline JPEG into the file. The encoder (libjpeg) takes it in strips, side by side, with
 * the standard's own Huffman tables, which is fast; the strips' codes are then carried to tables made for this picture
 * ({@link Recoder}), so that the file is as small as libjpeg's own optimized ones, and joined by restart markers. The
 * coefficients, and so the pixels, are those of a picture encoded in one go.
 */
export async function writeJpeg(path: string, image: Image, options: JpegOptions): Promise<void> {
  const { width, height } = image;
  const { side, across, down, starts, sample } = stripsOf(width, height, options.chroma);
  const strip = async (from: number, rows: number) => {
    const high = Math.min(rows, height - from);
    await options.ready?.({ from, to: from + high });
    const bytes = image.data.subarray(4 * width * from, 4 * width * (from + high));
    return encodeStrip(bytes, width, high, options);
  };
  const unitsOf = (from: number, rows: number) =>
    across * Math.ceil(Math.min(rows * side, height - from) / side);
  const whole = starts.length === 1;
  const running: Promise<Strip>[] = [];
  const run = (until: number) => {
    for (let k = running.length; k < Math.min(starts.length, until); k++)
      running.push(guarded(strip(starts[k]!, down * side)));
  };

  const sampling = Promise.all(starts.map((from) => strip(from, sample * side)));
  // While the sample waits for rows that are still being made, the first strips may be there.
  if (options.ready && !whole) run(AHEAD);
  const samples = await sampling;
  const { tables, head, frame } = samples[0]!;
  const recoder = new Recoder(tables, { perUnit: side === 16 ? 6 : 3, luma: side === 16 ? 4 : 1 });
  try {
    samples.forEach(({ scan }, i) => recoder.count(scan, unitsOf(starts[i]!, sample)));
    const best = recoder.settle(!whole);
    const file = await open(path, 'w');
    try {
      const sized = Buffer.from(frame);
      sized.writeUInt16BE(height, 5);
      const units = down * across;
      const restarts = whole ? [] : [segment(0xdd, Buffer.from([units >> 8, units & 255]))];
      const start = Buffer.concat([SOI, ...head, sized, ...best.map(tableSegment), ...restarts, SCAN]);
      await file.write(withMetadata(start, options.metadata));
      for (let i = 0; i < starts.length; i++) {
        run(i + AHEAD);
        const { scan } = await running[i]!;
        const bytes = recoder.recode(scan, unitsOf(starts[i]!, down));
        const last = i === starts.length - 1;
        await file.writev([bytes, Buffer.from([0xff, last ? 0xd9 : 0xd0 + (i % 8)])]);
      }
    } finally {
      await file.close();
    }
  } finally {
    recoder.letGo();
  }
}

/** How a picture is divided into strips of units, and the rows at the head of each that the tables are made from. */
function stripsOf(width: number, height: number, chroma: Chroma) {
  const side = chroma === '4:2:0' ? 16 : 8;
  const across = Math.ceil(width / side);
  const down = Math.max(1, Math.min(Math.floor(ROWS / side), Math.floor(MOST_UNITS / across)));
  const starts: number[] = [];
  for (let y = 0; y < height; y += down * side) starts.push(y);
  // A picture of one strip is counted as a whole, others by one row of units in each strip.
  return { side, across, down, starts, sample: starts.length === 1 ? down : 1 };
}

/** The rows of a picture in the order in which {@link writeJpeg} asks for them. */
export function jpegRows(width: number, height: number, chroma: Chroma): Rows[] {
  const { side, down, starts, sample } = stripsOf(width, height, chroma);
  const rows = (from: number, first: number, end: number): Rows => ({
    from: Math.min(from + first * side, height),
    to: Math.min(from + end * side, height),
  });
  return [
    ...starts.map((from) => rows(from, 0, sample)),
    ...starts.map((from) => rows(from, sample, down)),
  ].filter(({ from, to }) => from < to);
}

/** A promise whose failure may be looked at later, or never when another failed before. */
function guarded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const SOI = Buffer.from([0xff, 0xd8]);
/** The head of a scan of three components with luma's and chroma's tables. */
const SCAN = Buffer.from([0xff, 0xda, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);

/** A segment: 0xFF, marker, length, content. */
function segment(marker: number, content: Buffer): Buffer {
  const length = content.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 255]), content]);
}

function tableSegment({ lengths, symbols }: HuffmanTable, i: number): Buffer {
  return segment(0xc4, Buffer.from([TABLES[i]!, ...lengths, ...symbols]));
}

/** A strip as the encoder wrote it. */
interface Strip {
  /** The segments with the quantization tables. */
  readonly head: readonly Buffer[];
  /** The segment with the frame's size and components. */
  readonly frame: Buffer;
  readonly tables: readonly HuffmanTable[];
  /** The entropy-coded bytes. */
  readonly scan: Buffer;
}

async function encodeStrip(
  bytes: Uint8ClampedArray,
  width: number,
  height: number,
  { quality, chroma }: JpegOptions,
): Promise<Strip> {
  const input = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
  const jpeg = await sharp(input, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .removeAlpha()
    .jpeg({ quality, chromaSubsampling: chroma, optimiseCoding: false, mozjpeg: false })
    .toBuffer();
  return readStrip(jpeg);
}

/** Takes a baseline JPEG of one scan apart. */
function readStrip(jpeg: Buffer): Strip {
  const head: Buffer[] = [];
  const tables: HuffmanTable[] = [];
  let frame: Buffer | null = null;
  let at = 2;
  for (;;) {
    const marker = jpeg[at + 1]!;
    const length = jpeg.readUInt16BE(at + 2);
    const whole = jpeg.subarray(at, at + 2 + length);
    at += 2 + length;
    if (marker === 0xdb) head.push(whole);
    else if (marker === 0xc0) frame = whole;
    else if (marker === 0xc4) readTables(whole.subarray(4), tables);
    else if (marker === 0xda) break;
    else if (marker < 0xe0) throw new Error(`The JPEG encoder wrote a segment ${marker.toString(16)}.`);
  }
  if (!frame || TABLES.some((_, i) => !tables[i])) throw new Error('The JPEG encoder left out a table.');
  return { head, frame, tables, scan: jpeg.subarray(at, jpeg.length - 2) };
}

function readTables(content: Buffer, tables: HuffmanTable[]): void {
  for (let at = 0; at < content.length;) {
    const place = TABLES.findIndex((id) => id === content[at]);
    const lengths = Array.from(content.subarray(at + 1, at + 17));
    const count = lengths.reduce((sum, n) => sum + n, 0);
    tables[place] = { lengths, symbols: Array.from(content.subarray(at + 17, at + 17 + count)) };
    at += 17 + count;
  }
}
