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
  /** Multiplies a block by a mask's plane. */
  weigh(block: number, stride: number, mask: number, count: number): void;
  /** From the block towards `other` by `share` times the mask's plane. */
  mix(block: number, other: number, stride: number, mask: number, share: number, count: number): void;
  /** A plane of one value. */
  fill(plane: number, value: number, count: number): void;
  /** A mask's plane with its density. */
  density(plane: number, share: number, inverted: boolean, count: number): void;
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
}
