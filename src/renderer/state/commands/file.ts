import { chooseFiles, openSample } from '../opening';
import { saveProject } from '../saving';
import type { Editor } from '../editor.svelte';
import { always, command, hasDocument, type Command } from './command';

export const newDocument = command('file.new', 'New…', 'new', ['Ctrl+N', 'Alt+N'], always, (editor) => {
  editor.dialog = 'new';
});
export const open = command('file.open', 'Open…', 'open', ['Ctrl+O'], always, chooseFiles);
export const sample = command('file.sample', 'Open the sample', 'sample', [], always, (editor) => {
  void openSample(editor);
});
export const save = command('file.save', 'Save', 'save', ['Ctrl+S'], hasDocument, (editor) => {
  if (editor.project) void saveProject(editor, editor.project);
  else editor.dialog = 'save';
});
export const saveAs = command('file.save-as', 'Save as…', 'save', ['Ctrl+Shift+S'], hasDocument, (editor) => {
  editor.dialog = 'save';
});
export const exportImage = command(
  'file.export',
  'Export…',
  'export',
  ['Ctrl+Shift+E'],
  hasDocument,
  (editor) => {
    editor.dialog = 'export';
  },
);
export const batch = command('file.batch', 'Batch…', 'duplicate', [], always, (editor) => {
  editor.dialog = 'batch';
});
export const close = command(
  'file.close',
  'Close document',
  'close',
  ['Ctrl+Alt+W'],
  hasDocument,
  (editor) => {
    if (editor.dirty) editor.dialog = 'close';
    else editor.close();
  },
);
export const clearRecent = command(
  'file.recent-clear',
  'Clear recent files',
  'trash',
  [],
  (editor) => editor.recent.files.length > 0,
  (editor) => void editor.recent.clear(),
);
/** The recent files, as commands of the File menu. */
export const recentFiles = (editor: Editor): readonly Command[] =>
  editor.recent.files.map(({ id, name }) =>
    command(`file.recent-${id}`, name, 'open', [], always, () => void editor.recent.open(id)),
  );
export const imageSize = command(
  'document.image-size',
  'Image size…',
  'size',
  ['Ctrl+Alt+I'],
  hasDocument,
  (editor) => {
    editor.dialog = 'image-size';
  },
);
export const canvasSize = command(
  'document.canvas-size',
  'Canvas size…',
  'size',
  ['Ctrl+Alt+C'],
  hasDocument,
  (editor) => {
    editor.dialog = 'canvas-size';
  },
);
