import { renderDocument } from '../../compositor/render';
import type { PixelSource } from '../../compositor/pixel-store';
import { newDocument } from '../../document/new-layer';
import type { Frame, PixelLayer, Transform } from '../../document/records';
import { createImage, type Image } from '../../pixels/image';

/** Pixels with the place of their corner in the document. */
export interface Placed {
  readonly image: Image;
  readonly x: number;
  readonly y: number;
}

/** Whether pixels keep their size and lie on whole pixels, as those of a PSD layer must. */
export function isWholeShift({ a, b, c, d, e, f }: Transform): boolean {
  return a === 1 && b === 0 && c === 0 && d === 1 && Number.isInteger(e) && Number.isInteger(f);
}

/**
 * The layer's pixels as they show in the document, harmonized and transformed, but not masked, faded or blended: at
 * their own size where the transform is a shift by whole pixels, else the part within the document.
 */
export function bakeLayer(
  layer: PixelLayer,
  frame: Pick<Frame, 'width' | 'height'>,
  source: PixelSource,
): Placed {
  const untouched = asItIs(layer, source);
  if (untouched) return untouched;
  const box = isWholeShift(layer.transform)
    ? { x: layer.transform.e, y: layer.transform.f, width: layer.width, height: layer.height }
    : partWithin(layer, frame);
  if (!box) return { image: createImage(1, 1), x: 0, y: 0 };
  const alone: PixelLayer = {
    ...layer,
    visible: true,
    opacity: 1,
    fill: 1,
    blend: 'normal',
    clipped: false,
    mask: null,
  };
  const view = {
    width: box.width,
    height: box.height,
    toView: { a: 1, b: 0, c: 0, d: 1, e: -box.x, f: -box.y },
  };
  return { image: renderDocument(newDocument(frame, [alone]), source, view), x: box.x, y: box.y };
}

/** Of pixels that nothing is done to, those very pixels: with their colours under alpha 0, which no flattening keeps. */
function asItIs({ transform, harmonization, pixels }: PixelLayer, source: PixelSource): Placed | null {
  if (!isWholeShift(transform)) return null;
  const strength = harmonization?.enabled ? harmonization.strength : 0;
  if (harmonization && strength > 0 && strength < 1) return null;
  const image = source.get(harmonization && strength === 1 ? harmonization.pixels : pixels);
  return image ? { image, x: transform.e, y: transform.f } : null;
}

function partWithin(layer: PixelLayer, frame: Pick<Frame, 'width' | 'height'>) {
  const { a, b, c, d, e, f } = layer.transform;
  const corners = [
    [0, 0],
    [layer.width, 0],
    [0, layer.height],
    [layer.width, layer.height],
  ] as const;
  const xs = corners.map(([x, y]) => a * x + c * y + e);
  const ys = corners.map(([x, y]) => b * x + d * y + f);
  // One pixel more on each side: the edges of a transformed layer are soft.
  const x = Math.max(0, Math.floor(Math.min(...xs)) - 1);
  const y = Math.max(0, Math.floor(Math.min(...ys)) - 1);
  const width = Math.min(frame.width, Math.ceil(Math.max(...xs)) + 1) - x;
  const height = Math.min(frame.height, Math.ceil(Math.max(...ys)) + 1) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** Whether two pictures are the same, bit for bit. */
export function sameImage(one: Image, two: Image): boolean {
  if (one.width !== two.width || one.height !== two.height) return false;
  return one.data.every((value, i) => value === two.data[i]);
}
