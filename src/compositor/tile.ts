import type { Box } from '../pixels/image';
import { kernels } from '../pixels/kernels';

/** Tiles are so large unless asked otherwise: three blocks of them stay in the processor's second cache. */
export const TILE = { width: 256, height: 32 } as const;

/** A part of the view that is flattened in one go. Blocks hold it at `pitch` pixels a row, `count` in all. */
export interface Tile extends Box {
  /** The width rounded up to a multiple of 4. */
  readonly pitch: number;
  readonly count: number;
  /** Bytes from plane to plane of a block; a little more than the planes need, for writes of four at the end. */
  readonly stride: number;
}

/** The part of a view as a tile. */
export function tileOf({ x, y, width, height }: Box): Tile {
  const pitch = Math.ceil(width / 4) * 4;
  const count = pitch * height;
  return { x, y, width, height, pitch, count, stride: 4 * count + 64 };
}

/** The view in tiles, row by row. */
export function tilesOf(
  view: { width: number; height: number },
  size: { width: number; height: number },
): Tile[] {
  const tiles: Tile[] = [];
  for (let y = 0; y < view.height; y += size.height) {
    for (let x = 0; x < view.width; x += size.width) {
      tiles.push(
        tileOf({
          x,
          y,
          width: Math.min(size.width, view.width - x),
          height: Math.min(size.height, view.height - y),
        }),
      );
    }
  }
  return tiles;
}

/** Lends a block for the tile: four planes in the kernels' memory, uncleared. */
export function withBlock<T>(tile: Tile, work: (block: number) => T): T {
  return kernels().memory.borrow([4 * tile.stride], work);
}

/** Makes a block transparent. */
export function clearBlock(tile: Tile, block: number): void {
  kernels().run.fill(block, 0, tile.stride);
}

export function copyBlock(tile: Tile, from: number, to: number): void {
  kernels().run.copy(from, to, tile.stride);
}

export function intersects(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

export function contains(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

/** The smallest box around both; null is nothing. */
export function union(one: Box | null, other: Box | null): Box | null {
  if (!one || !other) return one ?? other;
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}
