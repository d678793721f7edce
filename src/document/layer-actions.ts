import {
  changeLayer,
  changePixels,
  selectedLayer,
  selectedPixels,
  type Action,
  type Session,
} from './action';
import { UNLOCKED } from './new-layer';
import type { Document, Layer, LayerId, Transform } from './records';

const anyLayer = (document: Document, session: Session) => selectedLayer(document, session) !== null;
const movableLayer = (document: Document, session: Session) => {
  const layer = selectedPixels(document, session);
  return layer !== null && !layer.locks.position;
};
const place = (document: Document, session: Session) => document.order.indexOf(session.selected ?? '');

/** Puts a new layer above the one named by `above`, or on top. */
export const addLayer: Action<{ layer: Layer; above?: LayerId | null }> = {
  name: 'layer.add',
  label: 'Add layer',
  icon: 'open',
  shortcut: [],
  enabled: () => true,
  perform: (document, { layer, above }) => {
    if (document.layers[layer.id]) return document;
    const at = above ? document.order.indexOf(above) + 1 : document.order.length;
    const index = at > 0 ? at : document.order.length;
    return {
      ...document,
      layers: { ...document.layers, [layer.id]: layer },
      order: document.order.toSpliced(index, 0, layer.id),
    };
  },
};

/** Takes the layer away. */
export const removeLayer: Action<{ id: LayerId }> = {
  name: 'layer.remove',
  label: 'Delete layer',
  icon: 'trash',
  shortcut: ['Delete', 'Backspace'],
  enabled: anyLayer,
  perform: (document, { id }) => {
    if (!document.layers[id]) return document;
    const layers = Object.fromEntries(Object.entries(document.layers).filter(([other]) => other !== id));
    return { ...document, layers, order: document.order.filter((other) => other !== id) };
  },
};

/** Puts a copy, which shares the pixels, above the layer; `copy` is the new layer's id. */
export const duplicateLayer: Action<{ id: LayerId; copy: LayerId }> = {
  name: 'layer.duplicate',
  label: 'Duplicate layer',
  icon: 'duplicate',
  shortcut: ['Ctrl+J'],
  enabled: anyLayer,
  perform: (document, { id, copy }) => {
    const layer = document.layers[id];
    if (!layer || document.layers[copy]) return document;
    return addLayer.perform(document, {
      layer: { ...layer, id: copy, name: copyName(layer.name), locks: UNLOCKED },
      above: id,
    });
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
      trimmed === '' || trimmed === layer.name ? layer : { ...layer, name: trimmed },
    );
  },
};

/** Opacity, 0..1 (clamped). */
export const setOpacity: Action<{ id: LayerId; opacity: number }> = {
  name: 'layer.opacity',
  label: 'Change opacity',
  icon: 'opacity',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, opacity }) => {
    const clamped = Math.min(1, Math.max(0, opacity));
    return changeLayer(document, id, (layer) =>
      !Number.isFinite(opacity) || layer.opacity === clamped ? layer : { ...layer, opacity: clamped },
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
    changeLayer(document, id, (layer) => (layer.visible === visible ? layer : { ...layer, visible })),
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

/** Puts the layer at `index` of the order (0 = bottom), counted with the layer itself taken out. */
export const reorderLayer: Action<{ id: LayerId; index: number }> = {
  name: 'layer.reorder',
  label: 'Reorder layers',
  icon: 'up',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, index }) => {
    const from = document.order.indexOf(id);
    if (from < 0) return document;
    const others = document.order.toSpliced(from, 1);
    const to = Math.min(others.length, Math.max(0, Math.round(index)));
    return to === from ? document : { ...document, order: others.toSpliced(to, 0, id) };
  },
};

/** One place up. */
export const raiseLayer: Action<{ id: LayerId }> = {
  name: 'layer.raise',
  label: 'Bring forward',
  icon: 'up',
  shortcut: ['Ctrl+]'],
  enabled: (document, session) =>
    anyLayer(document, session) && place(document, session) < document.order.length - 1,
  perform: (document, { id }) =>
    reorderLayer.perform(document, { id, index: document.order.indexOf(id) + 1 }),
};

/** One place down. */
export const lowerLayer: Action<{ id: LayerId }> = {
  name: 'layer.lower',
  label: 'Send backward',
  icon: 'down',
  shortcut: ['Ctrl+['],
  enabled: (document, session) => place(document, session) > 0,
  perform: (document, { id }) => {
    const index = document.order.indexOf(id);
    return index > 0 ? reorderLayer.perform(document, { id, index: index - 1 }) : document;
  },
};

/** To the top. */
export const raiseToTop: Action<{ id: LayerId }> = {
  name: 'layer.top',
  label: 'Bring to front',
  icon: 'top',
  shortcut: ['Ctrl+Shift+]'],
  enabled: raiseLayer.enabled,
  perform: (document, { id }) => reorderLayer.perform(document, { id, index: document.order.length }),
};

/** To the bottom. */
export const lowerToBottom: Action<{ id: LayerId }> = {
  name: 'layer.bottom',
  label: 'Send to back',
  icon: 'bottom',
  shortcut: ['Ctrl+Shift+['],
  enabled: lowerLayer.enabled,
  perform: (document, { id }) => reorderLayer.perform(document, { id, index: 0 }),
};

/** Places the layer; a transform that is not finite or flattens the layer changes nothing. */
export const transformLayer: Action<{ id: LayerId; transform: Transform }> = {
  name: 'layer.transform',
  label: 'Transform layer',
  icon: 'move',
  shortcut: [],
  enabled: movableLayer,
  perform: (document, { id, transform }) =>
    changePixels(document, id, (layer) =>
      layer.locks.position || !isUsable(transform) || sameTransform(layer.transform, transform)
        ? layer
        : { ...layer, transform },
    ),
};

/** Moves the layer by document pixels. */
export const nudgeLayer: Action<{ id: LayerId; x: number; y: number }> = {
  name: 'layer.nudge',
  label: 'Nudge layer',
  icon: 'move',
  shortcut: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
  enabled: movableLayer,
  perform: (document, { id, x, y }) => {
    const layer = document.layers[id];
    if (layer?.kind !== 'pixels') return document;
    const { transform } = layer;
    return transformLayer.perform(document, {
      id,
      transform: { ...transform, e: transform.e + x, f: transform.f + y },
    });
  },
};

function isUsable(t: Transform): boolean {
  const determinant = t.a * t.d - t.b * t.c;
  return [t.a, t.b, t.c, t.d, t.e, t.f].every(Number.isFinite) && Math.abs(determinant) > 1e-9;
}

function sameTransform(p: Transform, q: Transform): boolean {
  return p.a === q.a && p.b === q.b && p.c === q.c && p.d === q.d && p.e === q.e && p.f === q.f;
}
