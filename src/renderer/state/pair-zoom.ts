/** How the two pictures of a pair are looked at: the same for both. Offsets are CSS pixels of a picture's own view. */
export interface PairZoom {
  /** 1: the whole picture fits. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: PairZoom = { scale: 1, x: 0, y: 0 };
const MOST = 32;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Zooms by a factor so that what lies at a point of the view stays there; between the whole picture and 32 times it. */
export function zoomPair(
  zoom: PairZoom,
  factor: number,
  at: { readonly x: number; readonly y: number },
  view: Size,
): PairZoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor));
  const by = scale / zoom.scale;
  return kept({ scale, x: at.x - (at.x - zoom.x) * by, y: at.y - (at.y - zoom.y) * by }, view);
}

/** Moves both pictures; they keep covering their views. */
export function panPair(zoom: PairZoom, dx: number, dy: number, view: Size): PairZoom {
  return kept({ ...zoom, x: zoom.x + dx, y: zoom.y + dy }, view);
}

function kept({ scale, x, y }: PairZoom, { width, height }: Size): PairZoom {
  const inside = (value: number, side: number) => Math.min(0, Math.max(side * (1 - scale), value));
  // Without the sum there might be −0.
  return { scale, x: inside(x, width) + 0, y: inside(y, height) + 0 };
}

export function transformOf({ scale, x, y }: PairZoom): string {
  return `translate(${x}px, ${y}px) scale(${scale})`;
}
