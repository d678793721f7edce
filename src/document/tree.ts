import type { Document, GroupLayer, Layer, LayerId, PixelLayer } from './records';

/** A layer's place: the group it lies in (null: none) and its index there, from the bottom. */
export interface Place {
  readonly parent: LayerId | null;
  readonly index: number;
}

/** Names the layers of a group, or with null those outside every group; from the bottom to the top. */
export function childrenOf(document: Document, parent: LayerId | null): readonly LayerId[] {
  if (parent === null) return document.order;
  const group = document.layers[parent];
  return group?.kind === 'group' ? group.children : [];
}

/** Where the layer lies, or null when it is not in the document. */
export function placeOf(document: Document, id: LayerId): Place | null {
  const index = document.order.indexOf(id);
  if (index >= 0) return { parent: null, index };
  for (const layer of Object.values(document.layers)) {
    if (layer.kind !== 'group') continue;
    const within = layer.children.indexOf(id);
    if (within >= 0) return { parent: layer.id, index: within };
  }
  return null;
}

/** The groups around the layer, the innermost first. */
export function groupsAround(document: Document, id: LayerId): GroupLayer[] {
  const groups: GroupLayer[] = [];
  let place = placeOf(document, id);
  while (place && place.parent !== null) {
    const group = document.layers[place.parent];
    if (group?.kind !== 'group' || groups.includes(group)) break;
    groups.push(group);
    place = placeOf(document, group.id);
  }
  return groups;
}

/** Every layer from the bottom to the top, a group after all that lies in it; with `from` only those of that group. */
export function layersBottomUp(document: Document, from: LayerId | null = null): Layer[] {
  return childrenOf(document, from).flatMap((id) => {
    const layer = document.layers[id];
    if (!layer) return [];
    return layer.kind === 'group' ? [...layersBottomUp(document, id), layer] : [layer];
  });
}

/** The layer's id and, of a group, those of all layers in it. */
export function subtree(document: Document, id: LayerId): LayerId[] {
  return [id, ...childrenOf(document, id).flatMap((child) => subtree(document, child))];
}

/** The pixel layers among the layer and all that lies in it. */
export function pixelLayersOf(document: Document, id: LayerId): PixelLayer[] {
  return subtree(document, id).flatMap((each) => {
    const layer = document.layers[each];
    return layer?.kind === 'pixels' ? [layer] : [];
  });
}

/** Whether the layer and every group around it is visible. */
export function isShown(document: Document, id: LayerId): boolean {
  return document.layers[id]?.visible === true && groupsAround(document, id).every(({ visible }) => visible);
}

/** Whether the layer's place is locked, by itself or by a group around it. */
export function isPinned(document: Document, id: LayerId): boolean {
  const layer = document.layers[id];
  return layer?.locks.position === true || groupsAround(document, id).some(({ locks }) => locks.position);
}

/** The layers without those that lie in another one of them, from the bottom to the top. */
export function outermost(document: Document, ids: readonly LayerId[]): LayerId[] {
  const chosen = new Set(ids);
  return layersBottomUp(document)
    .map(({ id }) => id)
    .filter((id) => chosen.has(id) && !groupsAround(document, id).some((group) => chosen.has(group.id)));
}

/** The layer when it is one of pixels, or null. */
export function pixelLayerOf(document: Document, id: LayerId): PixelLayer | null {
  const layer = document.layers[id];
  return layer?.kind === 'pixels' ? layer : null;
}

/** The document with other layers in a group, or with null outside every group. */
export function withChildren(
  document: Document,
  parent: LayerId | null,
  children: readonly LayerId[],
): Document {
  if (parent === null) return { ...document, order: children };
  const group = document.layers[parent];
  if (group?.kind !== 'group') return document;
  return { ...document, layers: { ...document.layers, [parent]: { ...group, children } } };
}
