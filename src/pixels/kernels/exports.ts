import type { LiftExports } from './lift-exports';

/** The linear memory of the module, as far as this code needs it: the core knows no WebAssembly types. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError when there is no room. */
  grow(pages: number): number;
}

/**
 * What the WebAssembly module offers (assembly/index.ts says what each does). Addresses, strides and lengths are bytes;
 * `count` is pixels, a multiple of 4. A _plane_ is 32-bit floats in 0..1. A _block_ is r, g, b, a: four planes, `stride`
 * bytes apart, colours premultiplied by alpha.
 */
export interface KernelExports extends LiftExports {
  readonly memory: LinearMemory;
  heapBase(): number;
  /** Straight RGBA bytes → block. */
  unpack(from: number, to: number, stride: number, count: number): void;
  /** Block → straight RGBA bytes. */
  pack(from: number, stride: number, to: number, count: number): void;
  /** Blends the block `over` onto the block `under`, in place, by the mode's place in BLENDINGS; `open` 1, or 0 for atop. */
  blend(
    mode: number,
    under: number,
    over: number,
    stride: number,
    count: number,
    opacity: number,
    fill: number,
    open: number,
  ): void;
  /** Bytes of working space that `blendBytes` needs. */
  blendSpace(): number;
  /** Blends straight RGBA bytes onto others into `to`, by any mode but dissolve; `mask` is bytes, or 0 for none. */
  blendBytes(
    mode: number,
    under: number,
    over: number,
    mask: number,
    to: number,
    count: number,
    space: number,
    opacity: number,
    fill: number,
    open: number,
  ): void;
  /** Unpacks a row of PackBits into `length` bytes; answers how many came of it. Reads and writes up to 15 bytes beyond. */
  unpackBits(from: number, end: number, to: number, length: number): number;
  /** Of `count` bytes the first that is not 0; `count` when all are. */
  firstFilled(from: number, count: number): number;
  /** The place after the last of `count` bytes that is not 0; 0 when all are. */
  endOfFilled(from: number, count: number): number;
  /** Four planes of bytes, `stride` apart, as RGBA; `count` is a multiple of 16. */
  interleave(planes: number, stride: number, to: number, count: number): void;
  /** Multiplies a block by a mask's plane. */
  weigh(block: number, stride: number, mask: number, count: number): void;
  /** From the block towards `other` by `share` times the mask's plane. */
  mix(block: number, other: number, stride: number, mask: number, share: number, count: number): void;
  /** A plane of one value. */
  fill(plane: number, value: number, count: number): void;
  /** `count` floats from one place to another. */
  copy(from: number, to: number, count: number): void;
  /** A sampled mask as it shows: what lies beyond it, inversion, density. */
  density(
    plane: number,
    coverage: number,
    outside: number,
    share: number,
    inverted: boolean,
    count: number,
  ): void;
  /** Alpha into dots that stand on document pixels: view pixel (x, y) lies at (a·x + c·y + e, b·x + d·y + f). */
  dissolve(
    block: number,
    stride: number,
    pitch: number,
    width: number,
    height: number,
    weight: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
  ): void;
  /** The same on a row of straight RGBA bytes that begins at document pixel (x, y); `mask` is bytes, or 0 for none. */
  dissolveBytes(row: number, mask: number, count: number, weight: number, x: number, y: number): void;
  /** A rectangle of RGBA bytes, `fromPitch` pixels (a multiple of 4) a row, into a rectangle of a block. */
  unpackRows(
    from: number,
    fromPitch: number,
    to: number,
    stride: number,
    pitch: number,
    height: number,
  ): void;
  /** `scale` times a plane as bytes at `to`: 0..255, rounded to the nearest, halves to the even one. */
  packPlane(plane: number, to: number, count: number, scale: number): void;
  /** A block's colours divided by alpha. */
  straighten(block: number, stride: number, count: number): void;
  /** RGBA bytes → texels: four premultiplied floats each, interleaved. */
  texelsOfImage(from: number, to: number, count: number): void;
  /** Mask bytes → texels: value, 1, 0, 0. */
  texelsOfMask(from: number, to: number, count: number): void;
  /** Bytes of working space that the two samplers need. */
  sampleSpace(width: number, columns: number, reach: number): number;
  /** Samples a rectangle of bytes into a block at u = a·i + e, v = d·j + f. */
  sampleAligned(
    bytes: number,
    channels: number,
    left: number,
    top: number,
    columns: number,
    rows: number,
    wholeWidth: number,
    wholeHeight: number,
    block: number,
    stride: number,
    pitch: number,
    width: number,
    height: number,
    a: number,
    d: number,
    e: number,
    f: number,
    reachX: number,
    reachY: number,
    smoothX: boolean,
    smoothY: boolean,
    space: number,
  ): void;
  /** Samples texels into a block at u = a·i + c·j + e, v = b·i + d·j + f. */
  sampleFreely(
    texels: number,
    left: number,
    top: number,
    columns: number,
    rows: number,
    wholeWidth: number,
    wholeHeight: number,
    block: number,
    stride: number,
    pitch: number,
    width: number,
    height: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    reachX: number,
    reachY: number,
    smoothX: boolean,
    smoothY: boolean,
    space: number,
  ): void;
  /** One pair of RGBA rows of 2·`count` pixels → `count` pixels of the next mip level. */
  halve(upper: number, lower: number, to: number, count: number): void;
  /** The same of mask bytes. */
  halveMask(upper: number, lower: number, to: number, count: number): void;
  /** 1 when every pixel of RGBA is opaque. */
  isOpaque(from: number, count: number): number;
  /** A row of 2·radius + 1 weights along the rows of a padded plane. */
  convolveRows(
    from: number,
    fromPitch: number,
    to: number,
    toPitch: number,
    width: number,
    height: number,
    weights: number,
    radius: number,
  ): void;
  /** The same along its columns. */
  convolveColumns(
    from: number,
    to: number,
    pitch: number,
    height: number,
    weights: number,
    radius: number,
  ): void;
  /** Each value of a plane through a table over 0..1, interpolated between its entries. */
  tabulate(plane: number, count: number, table: number, entries: number): void;
  /** Three planes by three rows of four numbers, the last a constant. */
  recombine(block: number, stride: number, count: number, rows: number): void;
  /** The inverse of L*a*b*'s f on a plane. */
  cube(plane: number, count: number): void;
  /** Counts RGBA bytes into four tables of 256 counters: red, green, blue, luminosity. */
  countLevels(from: number, count: number, tables: number): void;
  /** Hue/Saturation on straight colours: `shifts` times seven numbers. */
  shiftHues(
    block: number,
    stride: number,
    count: number,
    table: number,
    shifts: number,
    colorize: boolean,
  ): void;
  /**
   * JPEG's entropy coding from one set of Huffman tables to another (assembly/huffman.ts); `counts` not 0: it only counts symbols.
   * Answers the address after the last byte, 0 when there was no room.
   */
  recode(
    begin: number,
    finish: number,
    units: number,
    blocks: number,
    luma: number,
    shorts: number,
    longs: number,
    codes: number,
    counts: number,
    words: number,
    to: number,
    limit: number,
  ): number;
  /** Color Balance on straight colours: nine numbers. */
  balance(block: number, stride: number, count: number, table: number, preserve: boolean): void;
}
