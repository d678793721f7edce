import type { Document, LayerId } from '../document/records';
import type { Image, Mask } from '../pixels/image';
import type { ProjectShelf, ProjectSource } from './project-file';

/** A shelf and source in memory, by content hash as the window's; masks and pictures never share an id. */
export class TestShelf implements ProjectShelf, ProjectSource {
  readonly images = new Map<string, Image>();
  readonly masks = new Map<string, Mask>();
  readonly blobs = new Map<string, Uint8Array>();

  image(image: Image): string {
    const id = hash('image', image.data, image.width);
    this.images.set(id, image);
    return id;
  }

  /** Of the shelf: keeps a mask. Of the source: the mask of an id. */
  mask(mask: Mask): string;
  mask(id: string): Mask | undefined;
  mask(given: Mask | string): string | Mask | undefined {
    if (typeof given === 'string') return this.masks.get(given);
    const id = hash('mask', given.data, given.width);
    this.masks.set(id, given);
    return id;
  }

  blob(bytes: Uint8Array): string;
  blob(id: string): Uint8Array | undefined;
  blob(given: Uint8Array | string): string | Uint8Array | undefined {
    if (typeof given === 'string') return this.blobs.get(given);
    const id = hash('blob', given, given.length);
    this.blobs.set(id, given.slice());
    return id;
  }

  get(id: string): Image | undefined {
    return this.images.get(id);
  }
}

/** FNV-1a (Fowler, Noll, Vo), two of 32 bits side by side: enough for a test. */
function hash(kind: string, bytes: Uint8Array | Uint8ClampedArray, width: number): string {
  let a = 0x811c9dc5 ^ width;
  let b = 0x01234567 ^ bytes.length;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193) ^ (a >>> 15);
  }
  return `${kind}-${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`;
}

/** The document with its layers' ids made `1`, `2`, … from the bottom up, so that two readings can be compared. */
export function renumbered(document: Document): Document {
  const names = new Map<LayerId, LayerId>();
  const visit = (ids: readonly LayerId[]): void => {
    for (const id of ids) {
      const layer = document.layers[id];
      if (layer?.kind === 'group') visit(layer.children);
      names.set(id, String(names.size + 1));
    }
  };
  visit(document.order);
  const rename = (id: LayerId) => names.get(id) ?? id;
  const layers = Object.values(document.layers).map((layer) => {
    const id = rename(layer.id);
    if (layer.kind === 'group') return { ...layer, id, children: layer.children.map(rename) };
    const towards = layer.kind === 'pixels' ? layer.harmonization?.towards : undefined;
    if (layer.kind !== 'pixels' || !layer.harmonization || towards === undefined) return { ...layer, id };
    return { ...layer, id, harmonization: { ...layer.harmonization, towards: rename(towards) } };
  });
  return {
    ...document,
    layers: Object.fromEntries(layers.map((layer) => [layer.id, layer])),
    order: document.order.map(rename),
  };
}
