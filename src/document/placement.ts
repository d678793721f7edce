import type { Document, Layer, LayerId, PixelId } from './records';

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
  return {
    width: picture.width,
    height: picture.height,
    layers: { [id]: { ...layer, locked: true } },
    order: [id],
  };
}

/**
 * A later picture as a layer: scaled down to fit the document if it is larger. With `centre` its content is centred
 * there; without, the whole picture in the document's middle, so that a cut-out of the document's size falls in place.
 */
export function placePicture(document: Document, picture: Picture, id: LayerId, centre?: Point): Layer {
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

function layerOf(picture: Picture, id: LayerId, centre: Point, scale: number): Layer {
  // At scale 1 the corner lies on whole pixels, so that nothing is resampled that need not be.
  const corner = (middle: number, side: number) =>
    scale === 1 ? Math.round(middle - side / 2) : middle - (side * scale) / 2;
  return {
    id,
    name: picture.name,
    visible: true,
    opacity: 1,
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
    harmonization: null,
  };
}

/** The layers from the bottom up to and including `id`: what a harmonization of `id` sees. */
export function layersUpTo(document: Document, id: LayerId): LayerId[] {
  return document.order.slice(0, document.order.indexOf(id) + 1);
}
