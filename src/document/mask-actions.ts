import { changeLayer, selectedLayer, withFields, type Action, type Session } from './action';
import type { Document, LayerId, LayerMask } from './records';

const masked = (document: Document, session: Session) => Boolean(selectedLayer(document, session)?.mask);
const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Gives the layer a mask, in place of an earlier one. */
export const setMask: Action<{ id: LayerId; mask: LayerMask }> = {
  name: 'mask.set',
  label: 'Add layer mask',
  icon: 'mask',
  shortcut: [],
  enabled: (document, session) => selectedLayer(document, session) !== null,
  perform: (document, { id, mask }) => changeLayer(document, id, (layer) => withFields(layer, { mask })),
};

/** Takes the mask away. */
export const removeMask: Action<{ id: LayerId }> = {
  name: 'mask.remove',
  label: 'Delete layer mask',
  icon: 'trash',
  shortcut: [],
  enabled: masked,
  perform: (document, { id }) => changeLayer(document, id, (layer) => withFields(layer, { mask: null })),
};

/** What of a mask can be set without touching its pixels. */
export type MaskSettings = Partial<
  Pick<LayerMask, 'density' | 'feather' | 'inverted' | 'linked' | 'enabled'>
>;

/** Density (0..1), feather (0..1000 document pixels), inverted, linked, enabled; what has a range is clamped. */
export const changeMask: Action<{ id: LayerId; settings: MaskSettings }> = {
  name: 'mask.change',
  label: 'Change mask',
  icon: 'mask',
  shortcut: [],
  enabled: masked,
  perform: (document, { id, settings }) =>
    changeLayer(document, id, (layer) => {
      const { mask } = layer;
      if (!mask) return layer;
      const next = { ...mask, ...settings };
      const density = Number.isFinite(next.density) ? within(next.density, 0, 1) : mask.density;
      const feather = Number.isFinite(next.feather) ? within(next.feather, 0, 1000) : mask.feather;
      const same =
        density === mask.density &&
        feather === mask.feather &&
        next.inverted === mask.inverted &&
        next.linked === mask.linked &&
        next.enabled === mask.enabled;
      return same ? layer : { ...layer, mask: { ...next, density, feather } };
    }),
};
