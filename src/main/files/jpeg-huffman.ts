import { kernels } from '../../pixels/kernels';

/** The tables of a baseline JPEG in their order here: direct current of luma and chroma, then alternating current. */
export const TABLES = [0x00, 0x01, 0x10, 0x11] as const;

/** One Huffman table as a file has it (ITU-T T.81, B.2.4.2). */
export interface HuffmanTable {
  /** How many codes have 1, 2, … 16 bits. */
  readonly lengths: readonly number[];
  /** The symbols by rising length of their codes. */
  readonly symbols: readonly number[];
}

/** Entries of a table for reading: 2¹⁰ for the short codes, 2¹⁶ for all. */
const SHORT = 1 << 10;
const LONG = 1 << 16;

/** A symbol that no picture has counted may still occur: all that 8-bit pictures can have. */
const possible = {
  direct: Array.from({ length: 12 }, (_, size) => size),
  alternating: [
    0x00,
    0xf0,
    ...Array.from({ length: 160 }, (_, i) => (Math.floor(i / 10) << 4) + (i % 10) + 1),
  ],
};

/**
 * The best table for symbols of these counts (T.81, K.2), no code longer than 16 bits, none of ones alone. With
 * `all`, the counts are of a part of the picture, and symbols that were not seen get codes too.
 */
export function bestTable(counts: Uint32Array, direct: boolean, all: boolean): HuffmanTable {
  const weights = Float64Array.from({ length: 257 }, (_, symbol) => counts[symbol] ?? 0);
  if (all) for (const symbol of direct ? possible.direct : possible.alternating) weights[symbol]! += 1 / 16;
  // A last symbol that never occurs, rarer than any, takes the code of ones.
  weights[256] = 1 / 64;
  const sizes = new Uint8Array(257);
  const trees: { weight: number; members: number[] }[] = [];
  weights.forEach((weight, symbol) => {
    if (weight > 0) trees.push({ weight, members: [symbol] });
  });
  while (trees.length > 1) {
    trees.sort((a, b) => b.weight - a.weight);
    const [one, other] = [trees.pop()!, trees.pop()!];
    const members = [...one.members, ...other.members];
    for (const symbol of members) sizes[symbol]!++;
    trees.push({ weight: one.weight + other.weight, members });
  }
  const lengths = new Array<number>(64).fill(0);
  for (const size of sizes) if (size > 0) lengths[size - 1]!++;
  shorten(lengths);
  // The reserved symbol is the last of the longest codes.
  lengths[lengths.findLastIndex((count) => count > 0)]!--;
  const symbols = Array.from({ length: 256 }, (_, symbol) => symbol)
    .filter((symbol) => sizes[symbol]! > 0)
    .sort((a, b) => sizes[a]! - sizes[b]! || a - b);
  return { lengths: lengths.slice(0, 16), symbols };
}

/** Makes codes of more than 16 bits shorter, at the cost of the next shorter ones (T.81, K.3). */
function shorten(lengths: number[]): void {
  for (let length = 63; length >= 16; length--) {
    while (lengths[length]! > 0) {
      let shorter = length - 2;
      while (lengths[shorter] === 0) shorter--;
      lengths[length]! -= 2;
      lengths[length - 1]!++;
      lengths[shorter + 1]! += 2;
      lengths[shorter]!--;
    }
  }
}

/** The code of each symbol (T.81, C.2): code << 8 | length, 0 for symbols without one. */
export function codesOf({ lengths, symbols }: HuffmanTable): Uint32Array {
  const codes = new Uint32Array(256);
  let code = 0;
  let next = 0;
  lengths.forEach((count, i) => {
    for (let k = 0; k < count; k++) codes[symbols[next++]!] = (code++ << 8) | (i + 1);
    code <<= 1;
  });
  return codes;
}

/** What the kernel reads codes by: entries length << 8 | symbol. */
function readingOf(table: HuffmanTable): Uint16Array {
  const entries = new Uint16Array(SHORT + LONG);
  codesOf(table).forEach((entry, symbol) => {
    const length = entry & 255;
    if (length === 0) return;
    const value = (length << 8) | symbol;
    const put = (bits: number, start: number) => {
      const first = (entry >> 8) << (bits - length);
      entries.fill(value, start + first, start + first + (1 << (bits - length)));
    };
    if (length <= 10) put(10, 0);
    put(16, SHORT);
  });
  return entries;
}

/** How a scan's blocks follow each other: so many a unit, the first of them luma. */
export interface Blocks {
  readonly perUnit: number;
  readonly luma: number;
}

/** Carries the entropy-coded bytes of one JPEG from the tables it has to better ones, and counts symbols. */
export class Recoder {
  readonly #reading: number;
  readonly #readingLength: number;
  readonly #blocks: Blocks;
  readonly #counts = new Uint32Array(4 * 256);
  #codes: Uint32Array | null = null;

  /** `tables`: those that the bytes were written with, in the order of {@link TABLES}. Ends with `letGo`. */
  constructor(tables: readonly HuffmanTable[], blocks: Blocks) {
    const { memory } = kernels();
    const all = tables.map(readingOf);
    this.#blocks = blocks;
    this.#readingLength = all.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#reading = memory.take(this.#readingLength);
    let at = this.#reading;
    for (const each of all) {
      memory.bytes.set(new Uint8Array(each.buffer), at);
      at += each.byteLength;
    }
  }

  /** Adds up the symbols of a stretch of `units` units. */
  count(bytes: Uint8Array, units: number): void {
    this.#run(bytes, units, 0, (_, counts) => {
      const found = new Uint32Array(kernels().memory.bytes.slice(counts, counts + 4096).buffer);
      found.forEach((count, i) => (this.#counts[i]! += count));
    });
  }

  /** The best tables for what was counted, in the order of {@link TABLES}; `all`: for symbols not counted too. */
  settle(all: boolean): HuffmanTable[] {
    const tables = TABLES.map((_, i) => bestTable(this.#counts.subarray(256 * i, 256 * (i + 1)), i < 2, all));
    this.#codes = new Uint32Array(1024);
    tables.forEach((table, i) => this.#codes!.set(codesOf(table), 256 * i));
    return tables;
  }

  /** A stretch of `units` units in the new tables' codes. */
  recode(bytes: Uint8Array, units: number): Uint8Array {
    const codes = this.#codes;
    if (!codes) throw new Error('The tables are not settled.');
    // Nearly always shorter; when not, it is tried again with more room.
    for (let room = bytes.length + 1024; ; room *= 2) {
      const done = this.#run(bytes, units, room, (end, _, to) => {
        return end === 0 ? null : new Uint8Array(kernels().memory.bytes.slice(to, end).buffer);
      });
      if (done) return done;
    }
  }

  /** Gives the memory back. */
  letGo(): void {
    kernels().memory.give(this.#reading, this.#readingLength);
  }

  #run<T>(
    bytes: Uint8Array,
    units: number,
    room: number,
    take: (end: number, counts: number, to: number) => T,
  ): T {
    const { run, memory } = kernels();
    const codes = room === 0 ? null : this.#codes;
    return memory.borrow([bytes.length + 8, 4096, room + 1024], (from, table, to) => {
      memory.bytes.set(bytes, from);
      if (codes) memory.bytes.set(new Uint8Array(codes.buffer), table);
      else memory.bytes.fill(0, table, table! + 4096);
      const { perUnit, luma } = this.#blocks;
      const end = from! + bytes.length;
      const [at, counts] = codes ? [table!, 0] : [0, table!];
      const last = run.recode(from!, end, units, perUnit, luma, this.#reading, at, counts, to!, to! + room);
      return take(last, table!, to!);
    });
  }
}
