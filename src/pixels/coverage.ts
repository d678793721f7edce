import { maskBounds, type Box, type Mask } from './image';

/**
 * How much of a picture's pixels is selected: one byte a pixel of the box (255: wholly), nothing beyond it;
 * `data.length = width·height`. Nothing selected at all is null.
 */
export interface Coverage extends Box {
  readonly data: Uint8ClampedArray;
}

/** How a new area and what is selected already come together. */
export const COMBINATIONS = ['replace', 'add', 'subtract', 'intersect'] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** From here on a pixel counts as selected where only yes and no will do: outlines, growing, a click inside. */
export const SELECTED = 128;

/** The box's whole area. */
export function solid({ x, y, width, height }: Box): Coverage {
  return { x, y, width, height, data: new Uint8ClampedArray(width * height).fill(255) };
}

/** What both boxes have in common, or null. */
export function common(one: Box, other: Box): Box | null {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const width = Math.min(one.x + one.width, other.x + other.width) - x;
  const height = Math.min(one.y + one.height, other.y + other.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** The smallest box around both. */
export function around(one: Box, other: Box): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

/** The box with `by` more pixels on every side, as far as `frame` reaches; null when nothing of it lies in there. */
export function padded(box: Box, by: number, frame: Box): Box | null {
  const wide = { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
  return common(wide, frame);
}

/** The same coverage over another box: what lies beyond is cut off, what is new is not selected. */
export function within(coverage: Coverage, box: Box): Coverage {
  const { x, y, width, height } = box;
  const data = new Uint8ClampedArray(width * height);
  const shared = common(coverage, box);
  if (shared) {
    for (let row = shared.y; row < shared.y + shared.height; row++) {
      const from = (row - coverage.y) * coverage.width + shared.x - coverage.x;
      data.set(coverage.data.subarray(from, from + shared.width), (row - y) * width + shared.x - x);
    }
  }
  return { x, y, width, height, data };
}

/** Cut to the smallest box that holds everything selected; null when nothing is. */
export function trimmed(coverage: Coverage): Coverage | null {
  const box = maskBounds(coverage);
  if (!box) return null;
  if (box.width === coverage.width && box.height === coverage.height) return coverage;
  return within(coverage, { ...box, x: coverage.x + box.x, y: coverage.y + box.y });
}

/**
 * The new area and the present one together. Where soft edges meet: add takes the greater, intersect the smaller of
 * both, subtract the smaller of what is selected and what the area leaves; so adding an area twice is adding it once.
 */
export function combine(present: Coverage | null, area: Coverage | null, how: Combination): Coverage | null {
  if (how === 'replace' || !present) return how === 'replace' || how === 'add' ? area : null;
  if (!area) return how === 'intersect' ? null : present;
  if (how === 'intersect') {
    const shared = common(present, area);
    if (!shared) return null;
    const out = within(present, shared);
    return trimmed(overlaid(out, area, (one, other) => Math.min(one, other)));
  }
  if (how === 'add') {
    return overlaid(within(present, around(present, area)), area, (one, other) => Math.max(one, other));
  }
  const out = within(present, present);
  return trimmed(overlaid(out, area, (one, other) => Math.min(one, 255 - other)));
}

/** Writes `join` of both into the first, where they meet. */
function overlaid(out: Coverage, area: Coverage, join: (out: number, area: number) => number): Coverage {
  const shared = common(out, area);
  if (!shared) return out;
  for (let y = shared.y; y < shared.y + shared.height; y++) {
    let i = (y - out.y) * out.width + shared.x - out.x;
    let j = (y - area.y) * area.width + shared.x - area.x;
    for (const end = i + shared.width; i < end; i++, j++) out.data[i] = join(out.data[i]!, area.data[j]!);
  }
  return out;
}

/** What of the frame is not selected. */
export function inverted(coverage: Coverage | null, frame: Box): Coverage | null {
  if (!coverage) return solid(frame);
  const out = within(coverage, frame);
  for (let i = 0; i < out.data.length; i++) out.data[i] = 255 - out.data[i]!;
  return trimmed(out);
}

/** The coverage as a mask of a frame's size. */
export function toMask(coverage: Coverage | null, frame: Box): Mask {
  const { width, height } = frame;
  return coverage ? within(coverage, frame) : { width, height, data: new Uint8ClampedArray(width * height) };
}
