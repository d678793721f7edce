import { anyLayer, changeLayer, selectedLayer, type Action, type Session } from './action';
import { groupLayer } from './new-layer';
import type { Document, LayerId } from './records';
import { childrenOf, outermost, placeOf, subtree, withChildren, type Place } from './tree';

const activePlace = (document: Document, session: Session) => {
  const layer = selectedLayer(document, session);
  return layer && placeOf(document, layer.id);
};

/**
 * Moves layers, with all that lies in them, to a place: `to.index` counts in the list as it is before the move. They
 * keep their order. A group never moves into itself.
 */
export const moveLayers: Action<{ ids: readonly LayerId[]; to: Place }> = {
  name: 'layer.reorder',
  label: 'Reorder layers',
  icon: 'layers',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { ids, to }) => {
    const moving = outermost(document, ids);
    const target = to.parent === null ? null : document.layers[to.parent];
    if (moving.length === 0 || !Number.isFinite(to.index)) return document;
    if (target !== null && target?.kind !== 'group') return document;
    if (moving.some((id) => subtree(document, id).includes(to.parent ?? ''))) return document;
    const siblings = childrenOf(document, to.parent);
    const index = Math.min(siblings.length, Math.max(0, Math.round(to.index)));
    const before = siblings.slice(0, index).filter((id) => !moving.includes(id));
    const after = siblings.slice(index).filter((id) => !moving.includes(id));
    const taken = moving.reduce((rest, id) => {
      const place = placeOf(rest, id);
      if (!place) return rest;
      return withChildren(rest, place.parent, childrenOf(rest, place.parent).toSpliced(place.index, 1));
    }, document);
    const moved = withChildren(taken, to.parent, [...before, ...moving, ...after]);
    return sameTree(document, moved) ? document : moved;
  },
};

function sameTree(a: Document, b: Document): boolean {
  const same = (p: readonly LayerId[], q: readonly LayerId[]) =>
    p.length === q.length && p.every((id, i) => id === q[i]);
  return (
    same(a.order, b.order) &&
    Object.values(a.layers).every(({ id, kind }) => {
      return kind !== 'group' || same(childrenOf(a, id), childrenOf(b, id));
    })
  );
}

/** The place one step up or down: at the end of a group, out of it. Null at the very end. */
function stepped(document: Document, id: LayerId, by: 1 | -1): Place | null {
  const place = placeOf(document, id);
  if (!place) return null;
  const { length } = childrenOf(document, place.parent);
  const index = place.index + by;
  if (index >= 0 && index < length) return { parent: place.parent, index: by > 0 ? index + 1 : index };
  const around = place.parent === null ? null : placeOf(document, place.parent);
  return around && { parent: around.parent, index: by > 0 ? around.index + 1 : around.index };
}

const step = (by: 1 | -1) => (document: Document, id: LayerId) => {
  const to = stepped(document, id, by);
  return to ? moveLayers.perform(document, { ids: [id], to }) : document;
};
const canStep = (by: 1 | -1) => (document: Document, session: Session) => {
  const layer = selectedLayer(document, session);
  return layer !== null && stepped(document, layer.id, by) !== null;
};

/** One place up; out of its group when it is on top there. */
export const raiseLayer: Action<{ id: LayerId }> = {
  name: 'layer.raise',
  label: 'Bring forward',
  icon: 'up',
  shortcut: ['Ctrl+]'],
  enabled: canStep(1),
  perform: (document, { id }) => step(1)(document, id),
};

/** One place down; out of its group when it is at the bottom there. */
export const lowerLayer: Action<{ id: LayerId }> = {
  name: 'layer.lower',
  label: 'Send backward',
  icon: 'down',
  shortcut: ['Ctrl+['],
  enabled: canStep(-1),
  perform: (document, { id }) => step(-1)(document, id),
};

/** To the top of its group, or of everything. */
export const raiseToTop: Action<{ id: LayerId }> = {
  name: 'layer.top',
  label: 'Bring to front',
  icon: 'top',
  shortcut: ['Ctrl+Shift+]'],
  enabled: (document, session) => {
    const place = activePlace(document, session);
    return !!place && place.index < childrenOf(document, place.parent).length - 1;
  },
  perform: (document, { id }) => {
    const place = placeOf(document, id);
    if (!place) return document;
    const index = childrenOf(document, place.parent).length;
    return moveLayers.perform(document, { ids: [id], to: { parent: place.parent, index } });
  },
};

/** To the bottom of its group, or of everything. */
export const lowerToBottom: Action<{ id: LayerId }> = {
  name: 'layer.bottom',
  label: 'Send to back',
  icon: 'bottom',
  shortcut: ['Ctrl+Shift+['],
  enabled: (document, session) => (activePlace(document, session)?.index ?? 0) > 0,
  perform: (document, { id }) => {
    const place = placeOf(document, id);
    if (!place) return document;
    return moveLayers.perform(document, { ids: [id], to: { parent: place.parent, index: 0 } });
  },
};

/** Puts layers into a new group, which takes the place of the topmost of them; `group` is its id. */
export const groupLayers: Action<{ ids: readonly LayerId[]; group: LayerId; name?: string }> = {
  name: 'layer.group',
  label: 'Group layers',
  icon: 'group',
  shortcut: ['Ctrl+G'],
  enabled: anyLayer,
  perform: (document, { ids, group, name = 'Group' }) => {
    const inside = outermost(document, ids);
    const place = placeOf(document, inside.at(-1) ?? '');
    if (!place || document.layers[group]) return document;
    const layer = groupLayer({ id: group, name, children: [] });
    const siblings = childrenOf(document, place.parent).toSpliced(place.index + 1, 0, group);
    const added = withChildren(
      { ...document, layers: { ...document.layers, [group]: layer } },
      place.parent,
      siblings,
    );
    return moveLayers.perform(added, { ids: inside, to: { parent: group, index: 0 } });
  },
};

/** Puts what lies in the group where the group was. */
export const ungroupLayer: Action<{ id: LayerId }> = {
  name: 'layer.ungroup',
  label: 'Ungroup layers',
  icon: 'ungroup',
  shortcut: ['Ctrl+Shift+G'],
  enabled: (document, session) => selectedLayer(document, session)?.kind === 'group',
  perform: (document, { id }) => {
    const place = placeOf(document, id);
    if (!place || document.layers[id]?.kind !== 'group') return document;
    const layers = Object.fromEntries(Object.entries(document.layers).filter(([other]) => other !== id));
    const siblings = childrenOf(document, place.parent).toSpliced(
      place.index,
      1,
      ...childrenOf(document, id),
    );
    return withChildren({ ...document, layers }, place.parent, siblings);
  },
};

/** Opens or closes the group in the panel. The editor performs it without a step of the history. */
export const setExpanded: Action<{ id: LayerId; expanded: boolean }> = {
  name: 'layer.expand',
  label: 'Open or close group',
  icon: 'folder',
  shortcut: [],
  enabled: (document, session) => selectedLayer(document, session)?.kind === 'group',
  perform: (document, { id, expanded }) =>
    changeLayer(document, id, (layer) =>
      layer.kind === 'group' && layer.expanded !== expanded ? { ...layer, expanded } : layer,
    ),
};
