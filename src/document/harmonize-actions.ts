import { changePixels, selectedPixels, type Action, type Session } from './action';
import type { Document, Harmonization, LayerId } from './records';

const harmonized = (document: Document, session: Session) =>
  Boolean(selectedPixels(document, session)?.harmonization);

/** Puts a harmonization beside the layer's own pixels, in place of an earlier one. */
export const setHarmonization: Action<{ id: LayerId; harmonization: Harmonization }> = {
  name: 'harmonize.set',
  label: 'Harmonize layer',
  icon: 'harmonize',
  shortcut: ['Ctrl+Shift+H'],
  enabled: (document, session) =>
    selectedPixels(document, session) !== null && Object.keys(document.layers).length > 1,
  perform: (document, { id, harmonization }) =>
    changePixels(document, id, (layer) => ({ ...layer, harmonization })),
};

/** Forgets the harmonization; the layer's own pixels stay. */
export const removeHarmonization: Action<{ id: LayerId }> = {
  name: 'harmonize.remove',
  label: 'Remove harmonization',
  icon: 'trash',
  shortcut: [],
  enabled: harmonized,
  perform: (document, { id }) =>
    changePixels(document, id, (layer) => (layer.harmonization ? { ...layer, harmonization: null } : layer)),
};

/** How much of the harmonization shows, 0..1 (clamped). */
export const setStrength: Action<{ id: LayerId; strength: number }> = {
  name: 'harmonize.strength',
  label: 'Change strength',
  icon: 'strength',
  shortcut: [],
  enabled: harmonized,
  perform: (document, { id, strength }) => {
    const clamped = Math.min(1, Math.max(0, strength));
    return changePixels(document, id, (layer) =>
      !layer.harmonization || !Number.isFinite(strength) || layer.harmonization.strength === clamped
        ? layer
        : { ...layer, harmonization: { ...layer.harmonization, strength: clamped } },
    );
  },
};

/** Turns the harmonization on or off. */
export const setHarmonizationEnabled: Action<{ id: LayerId; enabled: boolean }> = {
  name: 'harmonize.enabled',
  label: 'Turn harmonization on or off',
  icon: 'eye',
  shortcut: ['Ctrl+Shift+B'],
  enabled: harmonized,
  perform: (document, { id, enabled }) =>
    changePixels(document, id, (layer) =>
      !layer.harmonization || layer.harmonization.enabled === enabled
        ? layer
        : { ...layer, harmonization: { ...layer.harmonization, enabled } },
    ),
};

/** The document as it looked before: every harmonization (or only that of `id`) off. For before/after, not for the history. */
export function withoutHarmonization(document: Document, id?: LayerId): Document {
  const ids = id === undefined ? Object.keys(document.layers) : [id];
  return ids.reduce(
    (before, each) => setHarmonizationEnabled.perform(before, { id: each, enabled: false }),
    document,
  );
}
