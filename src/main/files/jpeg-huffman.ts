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

/** Entries of a table: 2¹⁰ for the short codes, 2¹⁶ for all. */
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

/** Tables by the next 16 bits, entries length << 8 | symbol: what the kernel reads long codes by. */
function longsOf(tables: readonly HuffmanTable[]): Uint16Array {
  const entries = new Uint16Array(4 * LONG);
  tables.forEach((table, i) => {
    codesOf(table).forEach((entry, symbol) => {
      const length = entry & 255;
      if (length === 0) return;
      const first = i * LONG + ((entry >> 8) << (16 - length));
      entries.fill((length << 8) | symbol, first, first + (1 << (16 - length)));
    });
  });
  return entries;
}

/** Tables by the next 10 bits, with all that the kernel needs to know of a short code, and the new `codes` (assembly/huffman.ts). */
function shortsOf(longs: Uint16Array, codes: Uint32Array): Uint32Array {
  const entries = new Uint32Array(2 * 4 * SHORT);
  for (let i = 0; i < 4 * SHORT; i++) {
    const table = Math.floor(i / SHORT);
    const long = longs[i * (LONG / SHORT)]!;
    const [length, symbol] = [long >> 8, long & 255];
    if (length === 0 || length > 10) continue;
    const direct = table < 2;
    const move = direct ? 1 : symbol === 0 ? 64 : (symbol >> 4) + 1;
    const extra = symbol & 15;
    entries[2 * i] = (symbol << 24) | (move << 16) | (extra << 8) | (length + extra);
    entries[2 * i + 1] = codes[256 * table + symbol]!;
  }
  return entries;
}

/** How a scan's blocks follow each other: so many a unit, the first of them luma. */
export interface Blocks {
  readonly perUnit: number;
  readonly luma: number;
}

/** Carries the entropy-coded bytes of one JPEG from the tables it has to better ones, and counts symbols. */
export class Recoder {
  readonly #longs: Uint16Array;
  readonly #blocks: Blocks;
  /** Where the tables lie: of short codes, of all, the new codes. */
  readonly #at: readonly [shorts: number, longs: number, codes: number];
  readonly #counts = new Uint32Array(4 * 256);
  #settled = false;

  /** `tables`: those that the bytes were written with, in the order of {@link TABLES}. Ends with `letGo`. */
  constructor(tables: readonly HuffmanTable[], blocks: Blocks) {
    const { memory } = kernels();
    this.#blocks = blocks;
    this.#longs = longsOf(tables);
    const [shorts, longs, codes] = SIZES.map((size) => memory.take(size));
    this.#at = [shorts!, longs!, codes!];
    put(this.#longs, longs!);
    this.#write(new Uint32Array(1024));
  }

  /** Adds up the symbols of a stretch of `units` units. */
  count(bytes: Uint8Array, units: number): void {
    const { memory } = kernels();
    memory.borrow([bytes.length + BEHIND, 4096], (from, counts) => {
      memory.bytes.set(bytes, from);
      memory.bytes.fill(0, counts, counts! + 4096);
      this.#run(from!, bytes.length, units, counts!, [0, 0, 0]);
      const found = new Uint32Array(memory.bytes.slice(counts, counts! + 4096).buffer);
      found.forEach((count, i) => (this.#counts[i]! += count));
    });
  }

  /** The best tables for what was counted, in the order of {@link TABLES}; `all`: for symbols not counted too. */
  settle(all: boolean): HuffmanTable[] {
    const tables = TABLES.map((_, i) => bestTable(this.#counts.subarray(256 * i, 256 * (i + 1)), i < 2, all));
    const codes = new Uint32Array(1024);
    tables.forEach((table, i) => codes.set(codesOf(table), 256 * i));
    this.#write(codes);
    this.#settled = true;
    return tables;
  }

  /** A stretch of `units` units in the new tables' codes. */
  recode(bytes: Uint8Array, units: number): Uint8Array {
    if (!this.#settled) throw new Error('The tables are not settled.');
    const { memory } = kernels();
    // Nearly always shorter; when not, it is tried again with more room.
    for (let room = bytes.length + 1024; ; room *= 2) {
      const done = memory.borrow([bytes.length + BEHIND, room + BEHIND, room + BEHIND], (from, words, to) => {
        memory.bytes.set(bytes, from);
        const end = this.#run(from!, bytes.length, units, 0, [words!, to!, to! + room]);
        return end === 0 ? null : new Uint8Array(memory.bytes.slice(to, end).buffer);
      });
      if (done) return done;
    }
  }

  /** Gives the memory back. */
  letGo(): void {
    this.#at.forEach((at, i) => kernels().memory.give(at, SIZES[i]!));
  }

  #write(codes: Uint32Array): void {
    put(shortsOf(this.#longs, codes), this.#at[0]);
    put(codes, this.#at[2]);
  }

  #run(
    from: number,
    length: number,
    units: number,
    counts: number,
    out: readonly [words: number, to: number, limit: number],
  ): number {
    const { perUnit, luma } = this.#blocks;
    return kernels().run.recode(from, from + length, units, perUnit, luma, ...this.#at, counts, ...out);
  }
}

/** Bytes of the tables: of short codes, of all, the new codes. */
const SIZES = [4 * 8 * SHORT, 4 * 2 * LONG, 4 * 4 * 256];
/** Room that the kernel wants behind what it reads and writes. */
const BEHIND = 400;

function put({ buffer }: Uint16Array | Uint32Array, at: number): void {
  kernels().memory.bytes.set(new Uint8Array(buffer), at);
}
