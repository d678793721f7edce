import type { Document, Harmonization, Layer, LayerId, PixelLayer } from '../../document/records';
import type { Image } from '../../pixels/image';
import { bakeLayer, sameImage } from './bake';
import type { MemoEntry } from './memo';

/** A layer that the memo names, with its pixels. */
export interface Remembered {
  readonly id: LayerId;
  readonly image: Image;
  readonly x: number;
  readonly y: number;
}

/**
 * Makes Attune's own layers again of those that the file shows and hides, as the memo says; where another program
 * changed one of them since, so that it no longer is what the memo describes, all stay as they are (`lost` counts
 * them).
 */
export function restore(
  document: Document,
  memo: readonly MemoEntry[],
  remembered: ReadonlyMap<number, Remembered>,
  ids: ReadonlyMap<number, LayerId>,
): { readonly document: Document; readonly lost: number } {
  const layers = new Map(Object.entries(document.layers));
  const gone = new Set<LayerId>();
  let lost = 0;
  for (const entry of memo) {
    const shown = remembered.get(entry.layer);
    const original = remembered.get(entry.original ?? entry.layer);
    const result = remembered.get(entry.result ?? entry.layer);
    const layer = shown && layers.get(shown.id);
    const own = original && layers.get(original.id);
    const harmonized = result && layers.get(result.id);
    if (layer?.kind !== 'pixels' || own?.kind !== 'pixels' || harmonized?.kind !== 'pixels') {
      lost += 1;
      continue;
    }
    const made = madeAgain(entry, layer, own, harmonized, ids);
    if (!isWhatShows(made, document, shown!, original!, result!)) {
      lost += 1;
      continue;
    }
    layers.set(made.id, made);
    for (const { id } of [original!, result!]) if (id !== made.id) gone.add(id);
  }
  for (const id of gone) layers.delete(id);
  return { document: without(document, layers, gone), lost };
}

function madeAgain(
  { transform, harmonization }: MemoEntry,
  layer: PixelLayer,
  own: PixelLayer,
  harmonized: PixelLayer,
  ids: ReadonlyMap<number, LayerId>,
): PixelLayer {
  const [a, b, c, d, e, f] = transform ?? [1, 0, 0, 1, layer.transform.e, layer.transform.f];
  return {
    ...layer,
    pixels: own.pixels,
    width: own.width,
    height: own.height,
    transform: { a, b, c, d, e, f },
    harmonization: harmonization ? harmonizationOf(harmonization, harmonized.pixels, ids) : null,
  };
}

function harmonizationOf(
  { towards, ...settings }: NonNullable<MemoEntry['harmonization']>,
  pixels: string,
  ids: ReadonlyMap<number, LayerId>,
): Harmonization {
  const other = towards === undefined ? undefined : ids.get(towards);
  return { ...settings, pixels, ...(other === undefined ? {} : { towards: other }) };
}

function isWhatShows(
  made: PixelLayer,
  document: Document,
  shown: Remembered,
  original: Remembered,
  result: Remembered,
): boolean {
  const sizes = original.image.width === result.image.width && original.image.height === result.image.height;
  if (made.harmonization && !sizes) return false;
  const { a, b, c, d } = made.transform;
  if (Math.abs(a * d - b * c) < 1e-9) return false;
  const source = {
    get: (id: string) =>
      id === made.pixels ? original.image : id === made.harmonization?.pixels ? result.image : undefined,
  };
  const { image, x, y } = bakeLayer(made, document, source);
  return x === shown.x && y === shown.y && sameImage(image, shown.image);
}

function without(
  document: Document,
  layers: ReadonlyMap<LayerId, Layer>,
  gone: ReadonlySet<LayerId>,
): Document {
  const stays = (id: LayerId) => !gone.has(id);
  const kept = [...layers.values()].map((layer) =>
    layer.kind === 'group' ? { ...layer, children: layer.children.filter(stays) } : layer,
  );
  return {
    ...document,
    layers: Object.fromEntries(kept.map((layer) => [layer.id, layer])),
    order: document.order.filter(stays),
  };
}
