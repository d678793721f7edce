import type { Editor } from '../editor.svelte';
import { command } from './command';
import { duplicate, remove } from './layer';

const hasSelection = (editor: Editor) => Boolean(editor.document?.selection);
const hasPixels = (editor: Editor) => editor.selectedPixels !== null;
/** Whether there is a selection on a layer of pixels: what the keys then mean is what is selected, else the layer. */
const hasPart = (editor: Editor) => hasSelection(editor) && hasPixels(editor);

export const cut = command('edit.cut', 'Cut', 'cut', ['Ctrl+X'], hasPart, (editor) => {
  void editor.retouching.cut();
});
export const copy = command('edit.copy', 'Copy', 'duplicate', ['Ctrl+C'], hasPixels, (editor) => {
  void editor.retouching.copy(false);
});
export const copyMerged = command(
  'edit.copy-merged',
  'Copy merged',
  'layers',
  ['Ctrl+Shift+C'],
  hasPixels,
  (editor) => void editor.retouching.copy(true),
);
export const fill = command('edit.fill', 'Fill…', 'fill', ['Shift+F5'], hasPixels, (editor) => {
  editor.dialog = 'fill';
});
export const clear = command('edit.clear', 'Clear', 'eraser', [], hasPart, (editor) => {
  void editor.retouching.clear();
});
/** The Delete key: what is selected, or else the chosen layers. */
export const erase = command(
  'edit.delete',
  'Delete selected pixels or layers',
  'trash',
  ['Delete', 'Backspace'],
  (editor) => hasPart(editor) || remove.enabled(editor),
  (editor) =>
    // A key that follows close upon the pointer: the layer must not go in place of the part.
    editor.selecting.whenSettled(() => {
      if (hasPart(editor)) void editor.retouching.clear();
      else if (remove.enabled(editor)) remove.run(editor);
    }),
);
export const viaCopy = command(
  'layer.via-copy',
  'Layer via copy',
  'duplicate',
  ['Ctrl+J'],
  (editor) => editor.selected !== null,
  (editor) =>
    editor.selecting.whenSettled(() => {
      if (hasPart(editor)) void editor.retouching.toLayer(false);
      else if (duplicate.enabled(editor)) duplicate.run(editor);
    }),
);
export const viaCut = command(
  'layer.via-cut',
  'Layer via cut',
  'cut',
  ['Ctrl+Shift+J'],
  hasPart,
  (editor) => {
    void editor.retouching.toLayer(true);
  },
);
