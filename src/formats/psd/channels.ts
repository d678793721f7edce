import { inflateExactly } from '../inflate';
import { ByteReader, damaged } from './bytes';

/** What samples are in the file, and what becomes of them. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Bits a sample in the file: 1 (0 is white), 8 or 16. */
  readonly depth: number;
  /** 8-byte lengths: rows of run-length data are counted in 4 bytes instead of 2. */
  readonly large: boolean;
}

/** Where a plane's samples go: every `step`-th byte of `data` from `offset` on. */
export interface Target {
  readonly data: Uint8ClampedArray;
  readonly offset: number;
  readonly step: number;
}

/**
 * Decodes one channel of a layer into bytes; 16-bit samples become v / 257, rounded.
 *
 * @throws Fault when the samples are not exactly as many as the plane has.
 */
export function decodeChannel(bytes: Uint8Array, plane: Plane, target: Target, name: string): void {
  const reader = new ByteReader(bytes, name);
  if (reader.left < 2) throw damaged(name, 'a channel is empty');
  decodePlanes(reader, reader.u16(), plane, [target], name);
}

/**
 * Decodes several planes that follow one another under one compression, as in the flattened picture; where a target is
 * null its plane is stepped over.
 */
export function decodePlanes(
  reader: ByteReader,
  compression: number,
  plane: Plane,
  targets: readonly (Target | null)[],
  name: string,
): void {
  const { width, height, depth } = plane;
  const rowBytes = bytesOfRow(plane);
  if (compression === 0) {
    for (const target of targets) {
      const samples = reader.take(rowBytes * height);
      for (let y = 0; target && y < height; y++) putRow(samples, y * rowBytes, plane, target, y);
    }
  } else if (compression === 1) {
    decodeRuns(reader, plane, targets, name);
  } else if (compression === 2 || compression === 3) {
    const samples = inflateExactly([reader.take(reader.left)], rowBytes * height * targets.length);
    if (!samples) throw damaged(name, 'compressed data do not unpack');
    targets.forEach((target, index) => {
      for (let y = 0; target && y < height; y++) {
        const at = (index * height + y) * rowBytes;
        if (compression === 3) undoPrediction(samples, at, width, depth);
        putRow(samples, at, plane, target, y);
      }
    });
  } else {
    throw damaged(name, `compression ${compression} does not exist`);
  }
}

const bytesOfRow = ({ width, depth }: Plane) => Math.ceil((width * depth) / 8);

/** PackBits, row by row; the rows' lengths of all planes come first. */
function decodeRuns(
  reader: ByteReader,
  plane: Plane,
  targets: readonly (Target | null)[],
  name: string,
): void {
  const { width, height, depth, large } = plane;
  const row = new Uint8ClampedArray(bytesOfRow(plane));
  const lengths = reader.section(targets.length * height * (large ? 4 : 2));
  for (const target of targets) {
    for (let y = 0; y < height; y++) {
      const length = large ? lengths.u32() : lengths.u16();
      const start = reader.skip(length);
      if (!target) continue;
      const end = start + length;
      if (depth === 8) {
        const { data, offset, step } = target;
        unpackRow(reader.bytes, start, end, { data, offset: offset + y * width * step, step }, width, name);
      } else {
        unpackRow(reader.bytes, start, end, { data: row, offset: 0, step: 1 }, row.length, name);
        putRow(row, 0, plane, target, y);
      }
    }
  }
}

/**
 * One PackBits row (Apple, Technical Note TN1023), from `start` to `end` of the packed bytes, into `length` bytes of the
 * target; throws a Fault when it is shorter.
 */
function unpackRow(
  packed: Uint8Array,
  start: number,
  end: number,
  { data, offset, step }: Target,
  length: number,
  name: string,
): void {
  let to = offset;
  const last = offset + length * step;
  let at = start;
  while (to < last && at < end) {
    const count = packed[at++]!;
    if (count < 128) {
      if (at + count >= end) break;
      const stop = Math.min(to + (count + 1) * step, last);
      for (let from = at; to < stop; to += step) data[to] = packed[from++]!;
      at += count + 1;
    } else if (count > 128) {
      if (at >= end) break;
      const value = packed[at++]!;
      for (const stop = Math.min(to + (257 - count) * step, last); to < stop; to += step) data[to] = value;
    }
  }
  if (to < last) throw damaged(name, 'a row of pixels is too short');
}

/** Each sample is stored as the difference to its left neighbour. */
function undoPrediction(samples: Uint8Array, at: number, width: number, depth: number): void {
  if (depth === 8) {
    for (let i = at + 1; i < at + width; i++) samples[i] = samples[i]! + samples[i - 1]!;
    return;
  }
  let value = 0;
  for (let i = at; i < at + 2 * width; i += 2) {
    value = (value + samples[i]! * 256 + samples[i + 1]!) & 0xffff;
    samples[i] = value >> 8;
    samples[i + 1] = value & 0xff;
  }
}

function putRow(
  samples: Uint8Array | Uint8ClampedArray,
  at: number,
  plane: Plane,
  { data, offset, step }: Target,
  y: number,
): void {
  const { width, depth } = plane;
  let to = offset + y * width * step;
  if (depth === 8) {
    for (let x = 0; x < width; x++, to += step) data[to] = samples[at + x]!;
    return;
  }
  if (depth === 1) {
    for (let x = 0; x < width; x++, to += step) {
      data[to] = (samples[at + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 0 : 255;
    }
    return;
  }
  for (let x = 0; x < width; x++, to += step) {
    data[to] = ((samples[at + 2 * x]! * 256 + samples[at + 2 * x + 1]! + 128) / 257) | 0;
  }
}
