import type { Matrix } from '../../pixels/matrix';

/** How the document lies on the canvas: canvas pixel = document pixel · zoom + (x, y), in device pixels. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const MIN_ZOOM = 1 / 64;
export const MAX_ZOOM = 64;

/** The steps of zoom in and zoom out, as in other editors. */
const STEPS = [
  1 / 64,
  1 / 32,
  1 / 16,
  1 / 12,
  1 / 8,
  1 / 6,
  1 / 4,
  1 / 3,
  1 / 2,
  2 / 3,
  1,
  1.5,
  2,
  3,
  4,
  6,
  8,
  12,
  16,
  24,
  32,
  48,
  64,
];

const clampZoom = (zoom: number) => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

/** The whole document in the middle of the viewport with `margin` around it, never larger than 100 %. */
export function fitView(document: Size, viewport: Size, margin: number): View {
  const zoom = clampZoom(
    Math.min(
      1,
      Math.max(1, viewport.width - 2 * margin) / document.width,
      Math.max(1, viewport.height - 2 * margin) / document.height,
    ),
  );
  return centreView(document, viewport, zoom);
}

/** The document's middle in the viewport's middle, at a zoom; on whole pixels, so that 100 % is sharp. */
export function centreView(document: Size, viewport: Size, zoom: number): View {
  return {
    zoom,
    x: Math.round((viewport.width - document.width * zoom) / 2),
    y: Math.round((viewport.height - document.height * zoom) / 2),
  };
}

/** Zooms to `zoom` (clamped) so that what lies under `point` (canvas pixels) stays there. */
export function zoomTo(view: View, point: Point, zoom: number): View {
  const next = clampZoom(zoom);
  const factor = next / view.zoom;
  const x = point.x - (point.x - view.x) * factor;
  const y = point.y - (point.y - view.y) * factor;
  return Number.isInteger(next) ? { zoom: next, x: Math.round(x), y: Math.round(y) } : { zoom: next, x, y };
}

/** The next step of zoom above or below. */
export function zoomStep(zoom: number, direction: 1 | -1): number {
  const near = 1e-6;
  const step =
    direction > 0 ? STEPS.find((s) => s > zoom * (1 + near)) : STEPS.findLast((s) => s < zoom * (1 - near));
  return step ?? clampZoom(zoom);
}

/** Moves the view by canvas pixels, keeping at least `keep` pixels of the document in the viewport. */
export function panBy(view: View, by: Point, document: Size, viewport: Size, keep: number): View {
  const hold = (at: number, side: number, room: number) => {
    const margin = Math.min(keep, side);
    return Math.min(room - margin, Math.max(margin - side, at));
  };
  return {
    zoom: view.zoom,
    x: hold(view.x + by.x, document.width * view.zoom, viewport.width),
    y: hold(view.y + by.y, document.height * view.zoom, viewport.height),
  };
}

/** The canvas pixels that lie wholly between two places, but one at least: a pixel half covered would let the paper through. */
export function wholeSpan(from: number, to: number): { start: number; end: number } {
  // Sums of floats miss whole numbers by a hair.
  const hair = 1e-6;
  const start = Math.ceil(from - hair);
  return { start, end: Math.max(start + 1, Math.floor(to + hair)) };
}

/** Document pixels → canvas pixels. */
export function viewMatrix(view: View): Matrix {
  return { a: view.zoom, b: 0, c: 0, d: view.zoom, e: view.x, f: view.y };
}

/** The document point under a canvas point. */
export function toDocument(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.zoom, y: (point.y - view.y) / view.zoom };
}
