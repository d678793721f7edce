import { changeLayer, selectedLayer, type Action } from './action';
import type { Adjustment } from './adjustment';
import type { LayerId } from './records';
import { withinRange } from './adjustment-range';

/** The settings of an adjustment layer; its kind stays. What is out of range is clamped. */
export const setAdjustment: Action<{ id: LayerId; adjustment: Adjustment }> = {
  name: 'adjustment.set',
  label: 'Change adjustment',
  icon: 'adjust',
  shortcut: [],
  enabled: (document, session) => selectedLayer(document, session)?.kind === 'adjustment',
  perform: (document, { id, adjustment }) =>
    changeLayer(document, id, (layer) => {
      if (layer.kind !== 'adjustment' || layer.adjustment.kind !== adjustment.kind) return layer;
      const next = withinRange(adjustment);
      return next === null || JSON.stringify(next) === JSON.stringify(layer.adjustment)
        ? layer
        : { ...layer, adjustment: next };
    }),
};
