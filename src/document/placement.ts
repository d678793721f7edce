import { newDocument, pixelLayer, PINNED } from './new-layer';
import type { Document, LayerId, PixelId, PixelLayer } from './records';
import { groupsAround, layersBottomUp } from './tree';

/** A picture that was read into the pixel store. */
export interface Picture {
  readonly pixels: PixelId;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The box around all that is not wholly transparent; absent: the whole picture. */
  readonly content?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

/** A point in document pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The first picture makes the document: its size, and one locked layer that fills it. */
export function documentOf(picture: Picture, id: LayerId): Document {
  const layer = layerOf(picture, id, { x: picture.width / 2, y: picture.height / 2 }, 1);
  return newDocument({ width: picture.width, height: picture.height }, [{ ...layer, locks: PINNED }]);
}

/**
 * A later picture as a layer: scaled down to fit the document if it is larger. With `centre` its content is centred
 * there; without, the whole picture in the document's middle, so that a cut-out of the document's size falls in place.
 */
export function placePicture(document: Document, picture: Picture, id: LayerId, centre?: Point): PixelLayer {
  const scale = Math.min(1, document.width / picture.width, document.height / picture.height);
  const { content } = picture;
  if (!centre) return layerOf(picture, id, { x: document.width / 2, y: document.height / 2 }, scale);
  const off = content
    ? {
        x: picture.width / 2 - content.x - content.width / 2,
        y: picture.height / 2 - content.y - content.height / 2,
      }
    : { x: 0, y: 0 };
  return layerOf(picture, id, { x: centre.x + off.x * scale, y: centre.y + off.y * scale }, scale);
}

function layerOf(picture: Picture, id: LayerId, centre: Point, scale: number): PixelLayer {
  // At scale 1 the corner lies on whole pixels, so that nothing is resampled that need not be.
  const corner = (middle: number, side: number) =>
    scale === 1 ? Math.round(middle - side / 2) : middle - (side * scale) / 2;
  return pixelLayer({
    id,
    name: picture.name,
    pixels: picture.pixels,
    width: picture.width,
    height: picture.height,
    transform: {
      a: scale,
      b: 0,
      c: 0,
      d: scale,
      e: corner(centre.x, picture.width),
      f: corner(centre.y, picture.height),
    },
  });
}

/** The layers from the bottom up to and including `id`, with the groups around it: what a harmonization of `id` sees. */
export function layersUpTo(document: Document, id: LayerId): LayerId[] {
  const all = layersBottomUp(document).map((layer) => layer.id);
  const at = all.indexOf(id);
  if (at < 0) return [];
  const around = groupsAround(document, id).map((group) => group.id);
  return [...all.slice(0, at + 1), ...around];
}
