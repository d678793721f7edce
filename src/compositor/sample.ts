import { knownContent } from '../pixels/content';
import type { Box, Image, Mask } from '../pixels/image';
import { kernels } from '../pixels/kernels';
import { invert, type Matrix, multiply, scaling } from '../pixels/matrix';
import { isOpaque, maskMip, mip } from './mips';
import { clearBlock, type Tile } from './tile';

/**
 * How pixels are enlarged; shrinking averages areas. `coarse`, for pictures in the middle of a movement, takes the smaller
 * of two mip levels where the larger would be shrunk by more than 1.5: a little softer, in half the time.
 */
export type Interpolation = 'bilinear' | 'bicubic' | 'coarse';

/** Pixels placed in a view. */
export interface Placement {
  /** All view pixels that it may touch. */
  readonly box: Box;
  /** View pixels that it covers wholly and opaquely, or null. */
  readonly solid: Box | null;
  /** Writes the tile's part into a block; what lies beyond the pixels becomes transparent. */
  draw(tile: Tile, block: number): void;
}

/** Axes may be squashed so unevenly: beyond, the coarser mip level of the longer one is taken. */
const UNEVEN = 16;

interface Grid {
  readonly level: number;
  /** View pixels → texels of the level. */
  readonly toTexel: Matrix;
  /** How many texels a view pixel takes along either axis of the texels: 1 or more. */
  readonly reachX: number;
  readonly reachY: number;
  readonly smoothX: boolean;
  readonly smoothY: boolean;
  /** Texels of the level that anything visible lies in. */
  readonly content: Box;
  /** The picture's size in texels of the level: a fraction where a side was odd. */
  readonly wholeWidth: number;
  readonly wholeHeight: number;
}

/** The mip level and the map to it, or null when the map flattens the picture to nothing. */
function gridOf(
  { width, height }: { width: number; height: number },
  content: Box,
  toView: Matrix,
  interpolation: Interpolation,
): Grid | null {
  if (!Object.values(toView).every(Number.isFinite)) return null;
  if (Math.abs(toView.a * toView.d - toView.b * toView.c) < 1e-9) return null;
  const toPicture = invert(toView);
  const x = Math.hypot(toPicture.a, toPicture.c);
  const y = Math.hypot(toPicture.b, toPicture.d);
  const shrink = Math.max(1, Math.min(x, y), Math.max(x, y) / UNEVEN);
  const deepest = Math.ceil(Math.log2(Math.max(width, height)));
  const early = interpolation === 'coarse' ? Math.log2(1 / 0.75) : 1e-9;
  const level = Math.min(Math.floor(Math.log2(shrink) + early), deepest);
  const scale = 2 ** -level;
  const cubic = interpolation === 'bicubic';
  return {
    level,
    toTexel: multiply(scaling(scale), toPicture),
    reachX: Math.max(1, x * scale),
    reachY: Math.max(1, y * scale),
    smoothX: cubic && x * scale <= 1,
    smoothY: cubic && y * scale <= 1,
    content: shrunk(content, scale),
    wholeWidth: width * scale,
    wholeHeight: height * scale,
  };
}

/** The box outwards to whole texels of a level. */
function shrunk({ x, y, width, height }: Box, scale: number): Box {
  const [left, top] = [Math.floor(x * scale), Math.floor(y * scale)];
  return {
    x: left,
    y: top,
    width: Math.ceil((x + width) * scale) - left,
    height: Math.ceil((y + height) * scale) - top,
  };
}

/** The view pixels whose samples touch what is visible: from (inclusive) outwards to whole pixels. */
function touched(grid: Grid): Box {
  const { content } = grid;
  if (content.width === 0 || content.height === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const toView = invert(grid.toTexel);
  const margin = { x: grid.smoothX ? 2 : grid.reachX / 2, y: grid.smoothY ? 2 : grid.reachY / 2 };
  const xs: number[] = [];
  const ys: number[] = [];
  for (const u of [content.x - margin.x, content.x + content.width + margin.x]) {
    for (const v of [content.y - margin.y, content.y + content.height + margin.y]) {
      xs.push(toView.a * u + toView.c * v + toView.e);
      ys.push(toView.b * u + toView.d * v + toView.f);
    }
  }
  const x = Math.floor(Math.min(...xs) - 0.5);
  const y = Math.floor(Math.min(...ys) - 0.5);
  return {
    x,
    y,
    width: Math.ceil(Math.max(...xs) + 0.5) - x,
    height: Math.ceil(Math.max(...ys) + 0.5) - y,
  };
}

/** View pixels whose samples lie wholly inside the picture, for maps that keep the axes. */
function inside({ toTexel: m, reachX, reachY, smoothX, smoothY, wholeWidth, wholeHeight }: Grid): Box | null {
  if (m.b !== 0 || m.c !== 0 || smoothX || smoothY) return null;
  // Samples are taken at 1/256 of a texel.
  const span = (scale: number, shift: number, reach: number, whole: number) => {
    const low = (reach / 2 + 1 / 128 - shift) / scale - 0.5;
    const high = (whole - reach / 2 - 1 / 128 - shift) / scale - 0.5;
    return [Math.ceil(Math.min(low, high)), Math.floor(Math.max(low, high)) + 1] as const;
  };
  const copied = isWhole(m) && reachX === 1 && reachY === 1;
  const [left, right] = copied ? copiedSpan(m.e, wholeWidth) : span(m.a, m.e, reachX, wholeWidth);
  const [top, bottom] = copied ? copiedSpan(m.f, wholeHeight) : span(m.d, m.f, reachY, wholeHeight);
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

const copiedSpan = (shift: number, whole: number) => [-Math.round(shift), Math.round(whole - shift)] as const;

/** Whether pixels fall on pixels: copied, not sampled. */
function isWhole({ a, b, c, d, e, f }: Matrix): boolean {
  const near = (value: number) => Math.abs(value - Math.round(value)) < 1 / 600;
  return a === 1 && d === 1 && b === 0 && c === 0 && near(e) && near(f);
}

/** Places an image; null when its transform flattens it to nothing. */
export function placeImage(image: Image, toView: Matrix, interpolation: Interpolation): Placement | null {
  const grid = gridOf(image, knownContent(image), toView, interpolation);
  if (!grid) return null;
  const level = mip(image, grid.level);
  return {
    box: touched(grid),
    solid: isOpaque(image) ? inside(grid) : null,
    draw: (tile, block) => {
      if (grid.level === 0 && isWhole(grid.toTexel)) copyPixels(image, grid.toTexel, tile, block);
      else sample(grid, level, 4, tile, block);
    },
  };
}

/** Places a mask: its values go into the block's first plane, how much of the answer lies inside it into the second. */
export function placeMask(mask: Mask, toView: Matrix): Placement | null {
  const { width, height } = mask;
  const grid = gridOf(mask, { x: 0, y: 0, width, height }, toView, 'bilinear');
  if (!grid) return null;
  const level = maskMip(mask, grid.level);
  return {
    box: touched(grid),
    solid: null,
    draw: (tile, block) => sample(grid, level, 1, tile, block),
  };
}

function copyPixels(image: Image, toTexel: Matrix, tile: Tile, block: number): void {
  const shiftX = Math.round(toTexel.e);
  const shiftY = Math.round(toTexel.f);
  const left = Math.max(tile.x, -shiftX);
  const right = Math.min(tile.x + tile.width, image.width - shiftX);
  const top = Math.max(tile.y, -shiftY);
  const bottom = Math.min(tile.y + tile.height, image.height - shiftY);
  const whole = left === tile.x && right === tile.x + tile.width && bottom - top === tile.height;
  if (!whole) clearBlock(tile, block);
  if (left >= right || top >= bottom) return;
  const { run, memory } = kernels();
  const columns = right - left;
  const pitch = Math.ceil(columns / 4) * 4;
  const rows = bottom - top;
  memory.borrow([4 * pitch * rows], (from) => {
    const { bytes } = memory;
    if (pitch !== columns) bytes.fill(0, from, from + 4 * pitch * rows);
    for (let y = 0; y < rows; y++) {
      const at = 4 * ((top + y + shiftY) * image.width + left + shiftX);
      bytes.set(image.data.subarray(at, at + 4 * columns), from + 4 * y * pitch);
    }
    const to = block + 4 * ((top - tile.y) * tile.pitch + left - tile.x);
    run.unpackRows(from, pitch, to, tile.stride, tile.pitch, rows);
  });
}

/** From (inclusive) to (exclusive) which texels of `count` the samples at `from` to `to` take. */
function stretch(from: number, to: number, reach: number, count: number): [number, number] {
  const low = Math.floor(Math.min(from, to) - reach) - 1;
  const high = Math.ceil(Math.max(from, to) + reach) + 1;
  return [Math.max(0, low), Math.min(count, high)];
}

function sample(
  grid: Grid,
  { width, height, data }: Pick<Image, 'width' | 'height' | 'data'>,
  channels: 1 | 4,
  tile: Tile,
  block: number,
): void {
  const { toTexel: m, reachX, reachY, smoothX, smoothY, wholeWidth, wholeHeight } = grid;
  const e = m.a * (tile.x + 0.5) + m.c * (tile.y + 0.5) + m.e;
  const f = m.b * (tile.x + 0.5) + m.d * (tile.y + 0.5) + m.f;
  const across = [e, e + m.a * tile.width, e + m.c * tile.height, e + m.a * tile.width + m.c * tile.height];
  const down = [f, f + m.b * tile.width, f + m.d * tile.height, f + m.b * tile.width + m.d * tile.height];
  const [left, right] = stretch(Math.min(...across), Math.max(...across), smoothX ? 2 : reachX / 2, width);
  const [top, bottom] = stretch(Math.min(...down), Math.max(...down), smoothY ? 2 : reachY / 2, height);
  if (left >= right || top >= bottom) return clearBlock(tile, block);
  const columns = right - left;
  const rows = bottom - top;
  const { run, memory } = kernels();
  const space = run.sampleSpace(tile.width, columns, Math.max(reachX, reachY));
  const line = columns * channels;
  const aligned = m.b === 0 && m.c === 0;
  memory.borrow([line * rows + 16, aligned ? 0 : 16 * columns * rows, space], (raw, texels, working) => {
    const { bytes } = memory;
    for (let y = 0; y < rows; y++) {
      const at = ((top + y) * width + left) * channels;
      bytes.set(data.subarray(at, at + line), raw + y * line);
    }
    const rectangle = [left, top, columns, rows, wholeWidth, wholeHeight] as const;
    const place = [block, tile.stride, tile.pitch, tile.width, tile.height] as const;
    const how = [reachX, reachY, smoothX, smoothY, working] as const;
    if (aligned) {
      run.sampleAligned(raw, channels, ...rectangle, ...place, m.a, m.d, e, f, ...how);
      return;
    }
    if (channels === 4) run.texelsOfImage(raw, texels, columns * rows);
    else run.texelsOfMask(raw, texels, columns * rows);
    run.sampleFreely(texels, ...rectangle, ...place, m.a, m.b, m.c, m.d, e, f, ...how);
  });
}
