import { anyLayer, changeLayer, selectedLayer, withFields, type Action } from './action';
import { BLEND_MODES, type BlendMode } from './blend-mode';
import { COLOR_TAGS, type ColorTag, type LayerId, type Locks } from './records';
import { placeOf } from './tree';

const share = (value: number) => Math.min(1, Math.max(0, value));

/** Opacity, 0..1 (clamped). */
export const setOpacity: Action<{ id: LayerId; opacity: number }> = {
  name: 'layer.opacity',
  label: 'Change opacity',
  icon: 'opacity',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, opacity }) =>
    Number.isFinite(opacity)
      ? changeLayer(document, id, (layer) => withFields(layer, { opacity: share(opacity) }))
      : document,
};

/** Fill, 0..1 (clamped): the opacity of the layer's own pixels. */
export const setFill: Action<{ id: LayerId; fill: number }> = {
  name: 'layer.fill',
  label: 'Change fill',
  icon: 'opacity',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, fill }) =>
    Number.isFinite(fill)
      ? changeLayer(document, id, (layer) => withFields(layer, { fill: share(fill) }))
      : document,
};

/** The blend mode; of a group also `pass through`. Setting a mode isolates the group. */
export const setBlend: Action<{ id: LayerId; blend: BlendMode | 'pass through' }> = {
  name: 'layer.blend',
  label: 'Change blend mode',
  icon: 'blend',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, blend }) =>
    changeLayer(document, id, (layer) => {
      if (blend === 'pass through') {
        return layer.kind === 'group' ? withFields(layer, { isolated: false }) : layer;
      }
      if (!BLEND_MODES.includes(blend)) return layer;
      return layer.kind === 'group'
        ? withFields(layer, { blend, isolated: true })
        : withFields(layer, { blend });
    }),
};

/** Clips the layer to the one below it, or frees it. */
export const setClipped: Action<{ id: LayerId; clipped: boolean }> = {
  name: 'layer.clip',
  label: 'Clip to the layer below',
  icon: 'clip',
  shortcut: ['Ctrl+Alt+G'],
  enabled: (document, session) => {
    const layer = selectedLayer(document, session);
    return layer !== null && (placeOf(document, layer.id)?.index ?? 0) > 0;
  },
  perform: (document, { id, clipped }) =>
    changeLayer(document, id, (layer) => withFields(layer, { clipped })),
};

/** The colour that marks the layer's row. */
export const setTag: Action<{ id: LayerId; tag: ColorTag }> = {
  name: 'layer.tag',
  label: 'Change colour tag',
  icon: 'tag',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, tag }) =>
    COLOR_TAGS.includes(tag) ? changeLayer(document, id, (layer) => withFields(layer, { tag })) : document,
};

/** What of the layer cannot be changed by hand. */
export const setLocks: Action<{ id: LayerId; locks: Partial<Locks> }> = {
  name: 'layer.locks',
  label: 'Change locks',
  icon: 'lock',
  shortcut: [],
  enabled: anyLayer,
  perform: (document, { id, locks }) =>
    changeLayer(document, id, (layer) => {
      const next = { ...layer.locks, ...locks };
      const same =
        next.position === layer.locks.position &&
        next.pixels === layer.locks.pixels &&
        next.transparency === layer.locks.transparency;
      return same ? layer : { ...layer, locks: next };
    }),
};
