import type { Document, LayerId, PixelLayer } from '../../document/records';
import { isShown, layersBottomUp } from '../../document/tree';
import type { Box } from '../../pixels/image';
import { multiply, scaling, translation, type Matrix } from '../../pixels/matrix';
import { boundsOf } from './place';

/** Places across (x) and down (y) the document, document pixels. */
export interface Lines {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export const NO_LINES: Lines = { x: [], y: [] };

/** What a layer can snap to: edges and middle of the document, and of every other layer of pixels that shows. */
export function linesOf(
  document: Document,
  moved: ReadonlySet<LayerId>,
  contentOf: (layer: PixelLayer) => Box,
): Lines {
  const boxes: Box[] = [{ x: 0, y: 0, width: document.width, height: document.height }];
  for (const layer of layersBottomUp(document)) {
    if (layer.kind !== 'pixels' || moved.has(layer.id) || !isShown(document, layer.id)) continue;
    boxes.push(boundsOf(layer.transform, contentOf(layer)));
  }
  return {
    x: [...new Set(boxes.flatMap(({ x, width }) => [x, x + width / 2, x + width]))],
    y: [...new Set(boxes.flatMap(({ y, height }) => [y, y + height / 2, y + height]))],
  };
}

/** How far, at most `reach`, the nearest of `edges` is from a line; null when none is near. */
function nearest(edges: readonly number[], lines: readonly number[], reach: number): number | null {
  let best: number | null = null;
  for (const edge of edges) {
    for (const line of lines) {
      const off = line - edge;
      if (Math.abs(off) <= Math.min(reach, Math.abs(best ?? Infinity))) best = off;
    }
  }
  return best;
}

const edgesOf = (from: number, length: number) => [from, from + length / 2, from + length];

/** The move that brings edges or middle of the box onto the nearest lines, each way by itself. */
export function snapMove(box: Box, lines: Lines, reach: number): { x: number; y: number } {
  return {
    x: nearest(edgesOf(box.x, box.width), lines.x, reach) ?? 0,
    y: nearest(edgesOf(box.y, box.height), lines.y, reach) ?? 0,
  };
}

/** Which lines the box lies on with edges or middle; to half a pixel, as layers at their own size lie on whole ones. */
export function guidesOf(box: Box, lines: Lines): Lines {
  const on = (edges: readonly number[], all: readonly number[]) =>
    all.filter((line) => edges.some((edge) => Math.abs(edge - line) < 0.51));
  return { x: on(edgesOf(box.x, box.width), lines.x), y: on(edgesOf(box.y, box.height), lines.y) };
}

/** How one way of a box that is being scaled snaps: the share of its size, and the place that stays. */
interface ScaleWay {
  readonly factor: number;
  readonly anchor: number;
  readonly off: number;
}

function scaleWay(
  [from, length]: readonly [number, number],
  [wasFrom, wasLength]: readonly [number, number],
  lines: readonly number[],
  reach: number,
): ScaleWay | null {
  const hair = 1e-3;
  const startMoved = Math.abs(from - wasFrom) > hair;
  const endMoved = Math.abs(from + length - wasFrom - wasLength) > hair;
  if ((!startMoved && !endMoved) || length < 1) return null;
  const anchor = startMoved && endMoved ? from + length / 2 : startMoved ? from + length : from;
  const edge = endMoved ? from + length : from;
  const off = nearest([edge], lines, reach);
  const factor = off === null ? 1 : (edge + off - anchor) / (edge - anchor);
  return off !== null && factor > 0.01 ? { factor, anchor, off } : { factor: 1, anchor, off: Infinity };
}

/**
 * The map of document pixels that brings the edges of a box that is being scaled onto lines; what stayed since `before`
 * stays. `uniform`: both ways by the same factor, that of the nearer line. Null when nothing is near.
 */
export function snapScale(
  now: Box,
  before: Box,
  lines: Lines,
  { reach, uniform }: { reach: number; uniform: boolean },
): Matrix | null {
  const x = scaleWay([now.x, now.width], [before.x, before.width], lines.x, reach);
  const y = scaleWay([now.y, now.height], [before.y, before.height], lines.y, reach);
  const near = (way: ScaleWay | null) => Math.abs(way?.off ?? Infinity);
  if (near(x) === Infinity && near(y) === Infinity) return null;
  const anchorX = x?.anchor ?? now.x;
  const anchorY = y?.anchor ?? now.y;
  const both = uniform && x && y ? (near(x) <= near(y) ? x.factor : y.factor) : null;
  const by = scaling(both ?? x?.factor ?? 1, both ?? y?.factor ?? 1);
  return multiply(translation(anchorX, anchorY), multiply(by, translation(-anchorX, -anchorY)));
}
