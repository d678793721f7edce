import type { Action } from './action';
import type { Document, Harmonization, Layer, LayerId, PixelLayer, Transform } from './records';
import { movedSelection } from './selection-actions';
import { compose, shift } from './transform';
import { childrenOf, outermost, placeOf, subtree, withChildren } from './tree';

/** The most document pixels along a side: Photoshop's own limit for large documents. */
export const MAX_SIDE = 300_000;
const MAX_PIXELS = 2 ** 28;

/** Whether a document of this size may be. */
export function isDocumentSize(width: number, height: number): boolean {
  const side = (value: number) => Number.isInteger(value) && value >= 1 && value <= MAX_SIDE;
  return side(width) && side(height) && width * height <= MAX_PIXELS;
}

/** Everything of the document, masks too, mapped by `by`; locks are no matter here. */
function mapped(document: Document, by: Transform, width: number, height: number): Document {
  const layers = Object.values(document.layers).map((layer): Layer => {
    const mask = layer.mask && { ...layer.mask, transform: compose(by, layer.mask.transform) };
    return layer.kind === 'pixels'
      ? {
          ...layer,
          transform: compose(by, layer.transform),
          mask,
          harmonization: movedReference(layer.harmonization, by, { width, height }),
        }
      : { ...layer, mask };
  });
  const selection = movedSelection(document.selection, by, { width, height });
  const records = Object.fromEntries(layers.map((each) => [each.id, each]));
  return { ...document, width, height, layers: records, selection };
}

/** A harmonization's reference goes along with moves as a selection does; lost, the whole background counts again. */
function movedReference(
  harmonization: Harmonization | null,
  by: Transform,
  size: Pick<Document, 'width' | 'height'>,
): Harmonization | null {
  if (!harmonization?.reference) return harmonization;
  const { reference, ...rest } = harmonization;
  const moved = movedSelection(reference, by, size);
  return moved ? { ...rest, reference: moved } : rest;
}

/** Cuts the document to a box of document pixels (which may reach beyond it); nothing of a layer is thrown away. */
export const cropDocument: Action<{ x: number; y: number; width: number; height: number }> = {
  name: 'document.crop',
  label: 'Crop',
  icon: 'crop',
  shortcut: [],
  enabled: () => true,
  perform: (document, box) => {
    const [x, y] = [Math.round(box.x), Math.round(box.y)];
    const [width, height] = [Math.round(box.width), Math.round(box.height)];
    const same = x === 0 && y === 0 && width === document.width && height === document.height;
    if (same || !Number.isFinite(x + y) || !isDocumentSize(width, height)) return document;
    return mapped(document, shift(-x, -y), width, height);
  },
};

/** Gives the canvas another size; `anchor` (0..1 each way) tells where the picture stays: 0.5, 0.5 is the middle. */
export const resizeCanvas: Action<{
  width: number;
  height: number;
  anchor: { readonly x: number; readonly y: number };
}> = {
  name: 'document.canvas-size',
  label: 'Canvas size',
  icon: 'size',
  shortcut: ['Ctrl+Alt+C'],
  enabled: () => true,
  perform: (document, { width, height, anchor }) =>
    cropDocument.perform(document, {
      x: Math.round((document.width - width) * anchor.x),
      y: Math.round((document.height - height) * anchor.y),
      width,
      height,
    }),
};

/** Scales the whole document; layers keep their own pixels and are only placed anew. `resolution` in pixels per inch. */
export const resizeImage: Action<{ width: number; height: number; resolution?: number }> = {
  name: 'document.image-size',
  label: 'Image size',
  icon: 'size',
  shortcut: ['Ctrl+Alt+I'],
  enabled: () => true,
  perform: (document, { width, height, resolution = document.resolution }) => {
    if (!isDocumentSize(width, height) || !(resolution >= 1 && resolution <= 9999)) return document;
    const told = resolution === document.resolution ? document : { ...document, resolution };
    if (width === document.width && height === document.height) return told;
    const by = { a: width / document.width, b: 0, c: 0, d: height / document.height, e: 0, f: 0 };
    return mapped(told, by, width, height);
  },
};

/** Puts one layer of pixels in the place of others (merged down, flattened): where the topmost of them lay. */
export const replaceLayers: Action<{ ids: readonly LayerId[]; layer: PixelLayer }> = {
  name: 'layer.merge',
  label: 'Merge layers',
  icon: 'merge',
  shortcut: ['Ctrl+E'],
  enabled: () => true,
  perform: (document, { ids, layer }) => {
    const gone = outermost(document, ids);
    const top = placeOf(document, gone.at(-1) ?? '');
    const all = new Set(gone.flatMap((id) => subtree(document, id)));
    if (!top || (document.layers[layer.id] && !all.has(layer.id))) return document;
    // The new layer may have the name of any that goes.
    const siblings = childrenOf(document, top.parent)
      .filter((id) => id === gone.at(-1) || !all.has(id))
      .map((id) => (id === gone.at(-1) ? layer.id : id));
    const layers = Object.fromEntries(
      Object.values(document.layers)
        .filter(({ id }) => !all.has(id))
        .map((each) => [
          each.id,
          each.kind === 'group' ? { ...each, children: each.children.filter((id) => !all.has(id)) } : each,
        ]),
    );
    const rest = {
      ...document,
      layers: { ...layers, [layer.id]: layer },
      order: document.order.filter((id) => !all.has(id)),
    };
    return withChildren(rest, top.parent, siblings);
  },
};
