/** The linear memory of the module, as far as this code needs it: the core knows no WebAssembly types. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError when there is no room. */
  grow(pages: number): number;
}

/**
 * What the WebAssembly module offers (assembly/index.ts). Addresses, strides and lengths are bytes, `count` is pixels.
 * A _plane block_ is r, g, b, a: four planes of 32-bit floats in 0..1, `stride` bytes apart, colours premultiplied.
 */
export interface KernelExports {
  readonly memory: LinearMemory;
  heapBase(): number;
  /** Straight RGBA bytes → plane block; `count` is a multiple of 4. */
  unpack(from: number, to: number, stride: number, count: number): void;
  /** Plane block → straight RGBA bytes; `count` is a multiple of 4. */
  pack(from: number, stride: number, to: number, count: number): void;
  /** Blends the plane block `over` onto the block `under`, in place. */
  blendNormal(under: number, over: number, stride: number, count: number, opacity: number): void;
}
