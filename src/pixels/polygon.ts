import { common, trimmed, type Coverage } from './coverage';
import type { Box } from './image';

export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Rows rasterised in one go. */
const BAND = 128;

/**
 * The area inside a closed outline, cut to `frame`. Each pixel gets the exact share of it that the outline encloses
 * (signed areas summed from the left, as in R. Levien's font-rs); a figure that winds around twice counts once. Without
 * `smooth` every pixel is wholly in or out: in when half of it or more is.
 */
export function polygon(corners: readonly Corner[], frame: Box, smooth = true): Coverage | null {
  const around = boxAround(corners);
  const box = around && common(around, frame);
  if (!box) return null;
  const { x, y, width, height } = box;
  const data = new Uint8ClampedArray(width * height);
  const pitch = width + 2;
  const sums = new Float32Array(pitch * Math.min(BAND, height));
  for (let top = 0; top < height; top += BAND) {
    const rows = Math.min(BAND, height - top);
    sums.fill(0);
    for (let i = 0; i < corners.length; i++) {
      const from = corners[i]!;
      const to = corners[(i + 1) % corners.length]!;
      addEdge(sums, width, rows, from.x - x, from.y - y - top, to.x - x, to.y - y - top);
    }
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let column = 0; column < width; column++) {
        sum += sums[row * pitch + column]!;
        const share = Math.min(1, Math.abs(sum));
        data[(top + row) * width + column] = smooth ? 255 * share : share >= 0.5 ? 255 : 0;
      }
    }
  }
  return trimmed({ x, y, width, height, data });
}

/** The ellipse that fills a box of real numbers, as an outline that is nowhere 1/200 of a pixel beside it. */
export function ellipseCorners(box: Box): Corner[] {
  const rx = box.width / 2;
  const ry = box.height / 2;
  const sagitta = Math.min(0.005 / Math.max(rx, ry, 0.01), 0.5);
  const count = Math.min(4096, Math.max(24, Math.ceil(Math.PI / Math.acos(1 - sagitta))));
  // A little larger, so that the outline holds as much as the ellipse.
  const grown = Math.sqrt((2 * Math.PI) / (count * Math.sin((2 * Math.PI) / count)));
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return {
      x: box.x + rx + grown * rx * Math.cos(angle),
      y: box.y + ry + grown * ry * Math.sin(angle),
    };
  });
}

export function rectangleCorners({ x, y, width, height }: Box): Corner[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}

function boxAround(corners: readonly Corner[]): Box | null {
  if (corners.length < 3 || !corners.every(({ x, y }) => Number.isFinite(x + y))) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of corners) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const x = Math.floor(left);
  const y = Math.floor(top);
  return { x, y, width: Math.ceil(right) - x, height: Math.ceil(bottom) - y };
}

/** Adds an edge's share to the sums of the rows; what lies left or right of them counts as lying on their border. */
function addEdge(
  sums: Float32Array,
  width: number,
  rows: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  if (fromY === toY) return;
  const winding = fromY < toY ? 1 : -1;
  let [x0, y0, x1, y1] = winding > 0 ? [fromX, fromY, toX, toY] : [toX, toY, fromX, fromY];
  const slope = (x1 - x0) / (y1 - y0);
  if (y0 < 0) [x0, y0] = [x0 - y0 * slope, 0];
  if (y1 > rows) [x1, y1] = [x1 - (y1 - rows) * slope, rows];
  if (y0 >= y1) return;
  // Split where the edge crosses the left or right border.
  const cuts = [0, width]
    .filter((border) => border > Math.min(x0, x1) && border < Math.max(x0, x1))
    .map((border) => Math.min(y1, y0 + (border - x0) / slope))
    .toSorted((one, other) => one - other);
  let [atX, atY] = [x0, y0];
  for (const cut of [...cuts, y1]) {
    const end = cut === y1 ? x1 : x0 + (cut - y0) * slope;
    const middle = (atX + end) / 2;
    if (middle <= 0) addInside(sums, width, 0, atY, 0, cut, winding);
    else if (middle >= width) addInside(sums, width, width, atY, width, cut, winding);
    else addInside(sums, width, inRange(atX, width), atY, inRange(end, width), cut, winding);
    [atX, atY] = [end, cut];
  }
}

const inRange = (x: number, width: number) => Math.min(width, Math.max(0, x));

/** An edge that lies within the columns 0..width, downwards. */
function addInside(
  sums: Float32Array,
  width: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  winding: number,
): void {
  if (y1 <= y0) return;
  const slope = (x1 - x0) / (y1 - y0);
  let x = x0;
  for (let row = Math.floor(y0); row < y1; row++) {
    const height = Math.min(row + 1, y1) - Math.max(row, y0);
    const next = inRange(x + slope * height, width);
    addSpan(sums, row * (width + 2), winding * height, Math.min(x, next), Math.max(x, next));
    x = next;
  }
}

/** A piece of an edge within one row, from column `left` to `right`, of the signed height `d`. */
function addSpan(sums: Float32Array, row: number, d: number, left: number, right: number): void {
  const first = Math.floor(left);
  const last = Math.ceil(right);
  if (last <= first + 1) {
    const beyond = (left + right) / 2 - first;
    sums[row + first]! += d * (1 - beyond);
    sums[row + first + 1]! += d * beyond;
    return;
  }
  const s = 1 / (right - left);
  const before = 1 - (left - first);
  const after = right - last + 1;
  const head = 0.5 * s * before * before;
  const tail = 0.5 * s * after * after;
  sums[row + first]! += d * head;
  if (last === first + 2) {
    sums[row + first + 1]! += d * (1 - head - tail);
  } else {
    const second = s * (before + 0.5);
    sums[row + first + 1]! += d * (second - head);
    for (let column = first + 2; column < last - 1; column++) sums[row + column]! += d * s;
    sums[row + last - 1]! += d * (1 - second - (last - first - 3) * s - tail);
  }
  sums[row + last]! += d * tail;
}
