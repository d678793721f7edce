import type { Action, IconName } from '../../document/action';
import {
  removeHarmonization,
  setHarmonization,
  setHarmonizationEnabled,
} from '../../document/harmonize-actions';
import {
  duplicateLayer,
  lowerLayer,
  lowerToBottom,
  nudgeLayer,
  raiseLayer,
  raiseToTop,
  removeLayer,
  renameLayer,
  setLocked,
  setVisible,
} from '../../document/layer-actions';
import type { Layer } from '../../document/records';
import type { Editor, Tool } from './editor.svelte';
import { chooseFiles } from './opening';

/** A command of the editor, as buttons, menus and keys run it. Commands of the document wrap its actions. */
export interface Command {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  readonly shortcut: readonly string[];
  readonly enabled: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
  /** For commands that are on or off. */
  readonly checked?: (editor: Editor) => boolean;
}

const hasDocument = (editor: Editor) => editor.document !== null;

/** A command that runs a document action on the selected layer. */
function onLayer<Args>(
  action: Action<Args>,
  args: (layer: Layer) => Args,
  more: {
    checked?: (layer: Layer) => boolean;
    after?: (editor: Editor, args: Args) => void;
    label?: string;
  } = {},
): Command {
  const { checked, after } = more;
  return {
    name: action.name,
    label: more.label ?? action.label,
    icon: action.icon,
    shortcut: action.shortcut,
    enabled: (editor) => editor.document !== null && action.enabled(editor.document, editor.session),
    run: (editor) => {
      if (!editor.selected) return;
      const given = args(editor.selected);
      editor.perform(action, given);
      after?.(editor, given);
    },
    ...(checked ? { checked: (editor: Editor) => editor.selected !== null && checked(editor.selected) } : {}),
  };
}

const id = (layer: Layer) => ({ id: layer.id });
const harmonizationOf = (layer: Layer) => (layer.kind === 'pixels' ? layer.harmonization : null);

function tool(name: Tool, label: string, key: string): Command {
  return {
    name: `tool.${name}`,
    label,
    icon: name,
    shortcut: [key],
    enabled: () => true,
    run: (editor) => (editor.tool = name),
    checked: (editor) => editor.tool === name,
  };
}

function command(
  name: string,
  label: string,
  icon: IconName,
  shortcut: readonly string[],
  enabled: Command['enabled'],
  run: Command['run'],
): Command {
  return { name, label, icon, shortcut, enabled, run };
}

export const open = command('file.open', 'Open…', 'open', ['Ctrl+O'], () => true, chooseFiles);
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

export const duplicate = onLayer(duplicateLayer, (layer) => ({ id: layer.id, copy: crypto.randomUUID() }), {
  after: (editor, { copy }) => editor.select(copy),
});
export const remove = onLayer(removeLayer, id);
export const rename: Command = {
  ...onLayer(renameLayer, (layer) => ({ id: layer.id, name: layer.name })),
  run: (editor) => (editor.renaming = editor.session.selected),
};
export const visible = onLayer(setVisible, (layer) => ({ id: layer.id, visible: !layer.visible }), {
  label: 'Show layer',
  checked: (layer) => layer.visible,
});
export const locked = onLayer(setLocked, (layer) => ({ id: layer.id, locked: !layer.locks.position }), {
  label: 'Lock position',
  checked: (layer) => layer.locks.position,
});
export const raise = onLayer(raiseLayer, id);
export const lower = onLayer(lowerLayer, id);
export const toTop = onLayer(raiseToTop, id);
export const toBottom = onLayer(lowerToBottom, id);

export const harmonize: Command = {
  name: setHarmonization.name,
  label: 'Harmonize layer',
  icon: 'harmonize',
  shortcut: setHarmonization.shortcut,
  enabled: (editor) => editor.selected?.kind === 'pixels' && editor.harmonizing.job === null,
  run: (editor) => {
    if (editor.selected) void editor.harmonizing.run(editor.selected.id);
  },
};
export const cancelHarmonizing = command(
  'harmonize.cancel',
  'Cancel harmonizing',
  'close',
  ['Escape'],
  (editor) => editor.harmonizing.job !== null,
  (editor) => editor.harmonizing.cancel(),
);
export const harmonizationOn = onLayer(
  setHarmonizationEnabled,
  (layer) => ({ id: layer.id, enabled: harmonizationOf(layer)?.enabled === false }),
  { label: 'Show harmonization', checked: (layer) => harmonizationOf(layer)?.enabled === true },
);
export const forgetHarmonization = onLayer(removeHarmonization, id);

/** Held: the picture as it was before harmonizing (see {@link keys}). */
export const before: Command = {
  ...command(
    'view.before',
    'Before (hold)',
    'before',
    ['\\'],
    (editor) => editor.hasHarmonization,
    (editor) => {
      editor.before = !editor.before;
    },
  ),
  checked: (editor) => editor.before,
};

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

export const moveTool = tool('move', 'Move tool', 'V');
export const handTool = tool('hand', 'Hand tool', 'H');
export const zoomTool = tool('zoom', 'Zoom tool', 'Z');

export const keys = command(
  'help.keys',
  'Keyboard shortcuts',
  'keys',
  ['F1', '?'],
  () => true,
  (editor) => {
    editor.dialog = 'keys';
  },
);
export const about = command(
  'help.about',
  'About Attune',
  'info',
  [],
  () => true,
  (editor) => {
    editor.dialog = 'about';
  },
);

/** The arrow keys, by one document pixel or, with Shift, ten. */
const nudges: Command[] = (
  [
    ['ArrowLeft', 'left', -1, 0],
    ['ArrowRight', 'right', 1, 0],
    ['ArrowUp', 'up', 0, -1],
    ['ArrowDown', 'down', 0, 1],
  ] as const
).flatMap(([key, way, x, y]) =>
  [1, 10].map((by) => ({
    ...onLayer(nudgeLayer, (layer) => ({ id: layer.id, x: x * by, y: y * by })),
    name: `layer.nudge-${way}-${by}`,
    label: `Nudge ${way} by ${by} px`,
    shortcut: [by === 1 ? key : `Shift+${key}`],
  })),
);

/** The menus, top to bottom; null is a line. */
export const menus: readonly { readonly label: string; readonly items: readonly (Command | null)[] }[] = [
  { label: 'File', items: [open, null, exportImage, null, close] },
  { label: 'Edit', items: [undo, redo, null, duplicate, remove] },
  {
    label: 'Layer',
    items: [
      harmonize,
      harmonizationOn,
      forgetHarmonization,
      null,
      rename,
      visible,
      locked,
      null,
      toTop,
      raise,
      lower,
      toBottom,
    ],
  },
  { label: 'View', items: [zoomIn, zoomOut, fit, actual, null, before, null, moveTool, handTool, zoomTool] },
  { label: 'Help', items: [keys, about] },
];

/** Every command, for keys, hosts and tests. */
export const commands: readonly Command[] = [
  ...menus.flatMap(({ items }) => items.filter((item) => item !== null)),
  cancelHarmonizing,
  ...nudges,
];

/** Runs the command unless it is disabled; tells of anything it throws. */
export function runCommand(editor: Editor, chosen: Command): void {
  if (!chosen.enabled(editor)) return;
  try {
    chosen.run(editor);
  } catch (thrown) {
    editor.messages.fault(thrown);
  }
}
