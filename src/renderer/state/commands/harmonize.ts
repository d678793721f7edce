import {
  removeHarmonization,
  setHarmonization,
  setHarmonizationEnabled,
} from '../../../document/harmonize-actions';
import type { Layer } from '../../../document/records';
import { always, command, idOf, onLayers, type Command } from './command';

const harmonizationOf = (layer: Layer | null) => (layer?.kind === 'pixels' ? layer.harmonization : null);

export const harmonize: Command = command(
  setHarmonization.name,
  'Harmonize layer',
  'harmonize',
  setHarmonization.shortcut,
  (editor) => editor.harmonizable.length > 0 && editor.harmonizing.job === null,
  (editor) => void editor.harmonizing.run(editor.harmonizable),
);
export const harmonizeBackground: Command = command(
  'harmonize.background',
  'Harmonize the background to this layer',
  'harmonize',
  ['Ctrl+Alt+H'],
  (editor) => editor.harmonizable.length === 1 && editor.harmonizing.job === null,
  (editor) => void editor.harmonizing.runInverted(editor.harmonizable[0]!),
);
export const cancelHarmonizing = command(
  'harmonize.cancel',
  'Cancel harmonizing',
  'close',
  ['Escape'],
  (editor) => editor.harmonizing.job !== null,
  (editor) => editor.harmonizing.cancel(),
);
export const harmonizationOn = onLayers(
  setHarmonizationEnabled,
  (layer, editor) => ({ id: layer.id, enabled: harmonizationOf(editor.selected)?.enabled === false }),
  { label: 'Show harmonization', checked: (layer) => harmonizationOf(layer)?.enabled === true },
);
/** Methods on a layer, or a prepared study, pair by pair without names. */
export const compare = command('harmonize.compare', 'Compare…', 'split', [], always, (editor) => {
  editor.dialog = 'compare';
});
export const forgetHarmonization = onLayers(removeHarmonization, idOf);
export const follow = command(
  'harmonize.follow',
  'Follow: harmonize again when the layer moves',
  'link',
  [],
  (editor) => editor.document !== null,
  (editor) => {
    editor.harmonizing.follow = !editor.harmonizing.follow;
  },
  (editor) => editor.harmonizing.follow,
);
