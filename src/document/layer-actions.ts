import {
  anyLayer,
  changeLayer,
  changePixels,
  selectedLayer,
  withFields,
  type Action,
  type Session,
} from './action';
import { UNLOCKED } from './new-layer';
import type { Document, GroupLayer, Layer, LayerId, LayerMask, Transform } from './records';
import { between, compose, isUsable, sameTransform, shift } from './transform';
import { childrenOf, isPinned, placeOf, pixelLayersOf, subtree, withChildren } from './tree';

const movable = (document: Document, session: Session) => {
  const layer = selectedLayer(document, session);
  return layer !== null && !isPinned(document, layer.id) && pixelLayersOf(document, layer.id).length > 0;
};

/**
 * Puts a new layer above the one named by `above` (into it, where that is a group that `into` says to enter), or on
 * top of everything. A new group must be empty: layers come into it by moving.
 */
export const addLayer: Action<{ layer: Layer; above?: LayerId | null; into?: boolean }> = {
  name: 'layer.add',
  label: 'Add layer',
  icon: 'open',
  shortcut: [],
  enabled: () => true,
  perform: (document, { layer, above, into }) => {
    if (document.layers[layer.id] || (layer.kind === 'group' && layer.children.length > 0)) return document;
    const added = { ...document, layers: { ...document.layers, [layer.id]: layer } };
    const place = above ? placeOf(document, above) : null;
    const enters = into === true && place !== null && document.layers[above ?? '']?.kind === 'group';
    const parent = enters ? (above ?? null) : (place?.parent ?? null);
    const siblings = childrenOf(document, parent);
    const index = enters || !place ? siblings.length : place.index + 1;
    return withChildren(added, parent, siblings.toSpliced(index, 0, layer.id));
  },
};

/** Takes the layer away, and everything in it. */
export const removeLayer: Action<{ id: LayerId }> = {
  name: 'layer.remove',
  label: 'Delete layer',
  icon: 'trash',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id }) => {
    const place = placeOf(document, id);
    if (!place) return document;
    const gone = new Set(subtree(document, id));
    const siblings = childrenOf(document, place.parent).filter((other) => other !== id);
    const layers = Object.fromEntries(Object.entries(document.layers).filter(([other]) => !gone.has(other)));
    return withChildren({ ...document, layers }, place.parent, siblings);
  },
};

/**
 * Puts a copy, which shares the pixels, above the layer; `copy` is the new layer's id, and what lies in a group gets
 * ids that begin with it.
 */
export const duplicateLayer: Action<{ id: LayerId; copy: LayerId }> = {
  name: 'layer.duplicate',
  label: 'Duplicate layer',
  icon: 'duplicate',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, copy }) => {
    const place = placeOf(document, id);
    const original = document.layers[id];
    const copyOf = (each: LayerId) => (each === id ? copy : `${copy}/${each}`);
    const ids = subtree(document, id);
    if (!place || !original || ids.some((each) => document.layers[copyOf(each)])) return document;
    const copies = ids.map((each) => {
      const layer = document.layers[each]!;
      const same = { ...layer, id: copyOf(each) };
      return same.kind === 'group' ? { ...same, children: same.children.map(copyOf) } : same;
    });
    const layers = { ...document.layers, ...Object.fromEntries(copies.map((each) => [each.id, each])) };
    const named = { ...layers[copy]!, name: copyName(original.name), locks: UNLOCKED };
    const siblings = childrenOf(document, place.parent).toSpliced(place.index + 1, 0, copy);
    return withChildren({ ...document, layers: { ...layers, [copy]: named } }, place.parent, siblings);
  },
};

/** `sofa` → `sofa copy` → `sofa copy 2` → … */
function copyName(name: string): string {
  const match = /^(.*) copy(?: (\d+))?$/.exec(name);
  return match ? `${match[1]} copy ${Number(match[2] ?? 1) + 1}` : `${name} copy`;
}

/** Gives the layer another name; an empty name changes nothing. */
export const renameLayer: Action<{ id: LayerId; name: string }> = {
  name: 'layer.rename',
  label: 'Rename layer',
  icon: 'rename',
  shortcut: ['F2'],
  enabled: anyLayer,
  perform: (document, { id, name }) => {
    const trimmed = name.trim().slice(0, 200);
    return changeLayer(document, id, (layer) =>
      trimmed === '' ? layer : withFields(layer, { name: trimmed }),
    );
  },
};

/** Shows or hides the layer. */
export const setVisible: Action<{ id: LayerId; visible: boolean }> = {
  name: 'layer.visible',
  label: 'Show or hide layer',
  icon: 'eye',
  shortcut: ['Ctrl+,'],
  enabled: anyLayer,
  perform: (document, { id, visible }) =>
    changeLayer(document, id, (layer) => withFields(layer, { visible })),
};

/** Pins the layer to its place, or frees it. */
export const setLocked: Action<{ id: LayerId; locked: boolean }> = {
  name: 'layer.lock',
  label: 'Lock or unlock layer',
  icon: 'lock',
  shortcut: ['Ctrl+/'],
  enabled: anyLayer,
  perform: (document, { id, locked }) =>
    changeLayer(document, id, (layer) =>
      layer.locks.position === locked ? layer : { ...layer, locks: { ...layer.locks, position: locked } },
    ),
};

/** Places the layer; its mask goes along where it is linked. A transform that is not finite or flattens the layer changes nothing. */
export const transformLayer: Action<{ id: LayerId; transform: Transform }> = {
  name: 'layer.transform',
  label: 'Transform layer',
  icon: 'move',
  shortcut: [],
  enabled: movable,
  perform: (document, { id, transform }) => {
    if (isPinned(document, id) || !isUsable(transform)) return document;
    return changePixels(document, id, (layer) => {
      if (sameTransform(layer.transform, transform)) return layer;
      return { ...layer, transform, mask: carried(layer.mask, between(layer.transform, transform)) };
    });
  },
};

/** Applies a map of document pixels to the layer, or to everything in a group; what is pinned stays. */
export const moveBy: Action<{ id: LayerId; by: Transform }> = {
  name: 'layer.move-by',
  label: 'Transform layer',
  icon: 'move',
  shortcut: [],
  enabled: movable,
  perform: (document, { id, by }) => {
    if (!isUsable(by) || sameTransform(by, shift(0, 0)) || isPinned(document, id)) return document;
    return subtree(document, id).reduce((moved, each) => {
      if (each !== id && isPinned(document, each)) return moved;
      return changeLayer(moved, each, (layer) => {
        const mask = carried(layer.mask, by);
        if (layer.kind !== 'pixels') return withFields(layer, { mask });
        const transform = compose(by, layer.transform);
        return isUsable(transform) ? { ...layer, transform, mask } : layer;
      });
    }, document);
  },
};

/** Moves the layer by document pixels. */
export const nudgeLayer: Action<{ id: LayerId; x: number; y: number }> = {
  name: 'layer.nudge',
  label: 'Nudge layer',
  icon: 'move',
  shortcut: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
  enabled: movable,
  perform: (document, { id, x, y }) => moveBy.perform(document, { id, by: shift(x, y) }),
};

function carried(mask: LayerMask | null, by: Transform): LayerMask | null {
  return mask?.linked ? { ...mask, transform: compose(by, mask.transform) } : mask;
}

/** Puts a group with all that lies in it (a placed project) above the layer named by `above`, or on top of everything. */
export const addTree: Action<{ group: GroupLayer; layers: readonly Layer[]; above?: LayerId | null }> = {
  name: 'layer.add-tree',
  label: 'Place project',
  icon: 'open',
  shortcut: [],
  enabled: () => true,
  perform: (document, { group, layers, above }) => {
    if (layers.some(({ id }) => document.layers[id] || id === group.id)) return document;
    const added = addLayer.perform(document, { layer: { ...group, children: [] }, above: above ?? null });
    if (added === document) return document;
    const all = Object.fromEntries([...layers, group].map((layer) => [layer.id, layer]));
    return { ...added, layers: { ...added.layers, ...all } };
  },
};
