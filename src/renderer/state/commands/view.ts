import type { Editor, Tool } from '../editor.svelte';
import { speak } from '../../language/index.svelte';
import { always, command, hasDocument, type Command } from './command';

export const undo = command(
  'edit.undo',
  'Undo',
  'undo',
  ['Ctrl+Z'],
  (editor) => editor.canUndo,
  (editor) => editor.undo(),
);
export const redo = command(
  'edit.redo',
  'Redo',
  'redo',
  ['Ctrl+Shift+Z', 'Ctrl+Y'],
  (editor) => editor.canRedo,
  (editor) => editor.redo(),
);

/** Held: the picture as it was before harmonizing (see the window's keys). */
export const before = command(
  'view.before',
  'Before (hold)',
  'before',
  ['\\'],
  (editor) => editor.hasHarmonization,
  (editor) => {
    editor.before = !editor.before;
  },
  (editor) => editor.before,
);
export const split = command(
  'view.split',
  'Split view: before and after',
  'split',
  ['Y'],
  (editor) => editor.hasHarmonization,
  (editor) => {
    editor.split = editor.split === null ? 0.5 : null;
  },
  (editor) => editor.split !== null,
);

export const zoomIn = command(
  'view.zoom-in',
  'Zoom in',
  'zoom-in',
  ['Ctrl+=', 'Ctrl++', '+', '='],
  hasDocument,
  (editor) => editor.view.step(1),
);
export const zoomOut = command(
  'view.zoom-out',
  'Zoom out',
  'zoom-out',
  ['Ctrl+-', '-'],
  hasDocument,
  (editor) => editor.view.step(-1),
);
export const fit = command('view.fit', 'Fit on screen', 'fit', ['Ctrl+0'], hasDocument, (editor) =>
  editor.view.fit(),
);
export const actual = command(
  'view.actual',
  'Actual size (100 %)',
  'actual',
  ['Ctrl+1'],
  hasDocument,
  (editor) => editor.view.actual(),
);

/** Switches a setting that is kept on and off. */
const switching = (of: 'snap' | 'pixelGrid') =>
  [
    always,
    (editor: Editor) => {
      editor.settings[of] = !editor.settings[of];
    },
    (editor: Editor) => editor.settings[of],
  ] as const;
export const snap = command('view.snap', 'Snap', 'link', ['Ctrl+Shift+;'], ...switching('snap'));
export const pixelGrid = command(
  'view.pixel-grid',
  'Pixel grid (from 800 %)',
  'fit',
  [],
  ...switching('pixelGrid'),
);

export const lightTheme = command(
  'view.light',
  'Light theme',
  'theme',
  [],
  always,
  (editor) => {
    editor.settings.theme = editor.settings.theme === 'light' ? 'dark' : 'light';
  },
  (editor) => editor.settings.theme === 'light',
);
export const german = command(
  'view.german',
  'Deutsch',
  'language',
  [],
  always,
  (editor) => {
    editor.settings.language = editor.settings.language === 'de' ? 'en' : 'de';
    speak(editor.settings.language);
  },
  (editor) => editor.settings.language === 'de',
);

export const palette = command(
  'help.palette',
  'All commands…',
  'palette',
  ['Ctrl+K', 'Ctrl+Shift+P'],
  always,
  (editor) => {
    editor.dialog = 'palette';
  },
);
export const keys = command('help.keys', 'Keyboard shortcuts', 'keys', ['F1', '?'], always, (editor) => {
  editor.dialog = 'keys';
});
export const about = command('help.about', 'About Attune', 'info', [], always, (editor) => {
  editor.dialog = 'about';
});

function tool(
  name: Tool,
  label: string,
  keys: readonly string[],
  icon: Command['icon'],
  enabled: Command['enabled'] = always,
): Command {
  return command(
    `tool.${name}`,
    label,
    icon,
    keys,
    enabled,
    (editor) => (editor.tool = name),
    (editor) => editor.tool === name,
  );
}

/** The tools of the tool bar; null is a gap. */
export const tools: readonly (Command | null)[] = [
  tool('move', 'Move tool', ['V'], 'move'),
  null,
  tool('rectangle', 'Rectangle selection', ['M'], 'rectangle'),
  tool('ellipse', 'Ellipse selection', ['Shift+M'], 'ellipse'),
  tool('lasso', 'Lasso', ['L'], 'lasso'),
  tool('polygon', 'Polygon lasso', ['Shift+L'], 'polygon'),
  tool('wand', 'Magic wand', ['W'], 'wand'),
  tool('content', 'Select by content', ['Shift+W'], 'content', (editor) => editor.scene.available),
  null,
  tool('crop', 'Crop tool', ['C'], 'crop'),
  null,
  tool('brush', 'Brush on the mask', ['B'], 'brush'),
  tool('eraser', 'Eraser on the mask', ['E'], 'eraser'),
  null,
  tool('hand', 'Hand tool', ['H'], 'hand'),
  tool('zoom', 'Zoom tool', ['Z'], 'zoom'),
];
