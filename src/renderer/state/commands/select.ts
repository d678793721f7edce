import { setSelection } from '../../../document/selection-actions';
import type { Editor } from '../editor.svelte';
import type { RefinementKind } from '../selecting.svelte';
import { always, command, hasDocument, hasLayer, type Command } from './command';

const hasSelection = (editor: Editor) => editor.selecting.present !== null;

export const selectAll = command('select.all', 'Select all', 'select', ['Ctrl+A'], hasDocument, (editor) => {
  void editor.selecting.area({ kind: 'all' }, 'replace', 'Select all');
});
export const deselect = command(
  setSelection.name,
  'Deselect',
  'deselect',
  ['Ctrl+D'],
  hasSelection,
  (editor) => void editor.selecting.none(),
);
export const reselect = command(
  'select.again',
  'Select again',
  'select',
  ['Ctrl+Shift+D'],
  (editor) => editor.selecting.former !== null,
  (editor) => void editor.selecting.reselect(),
);
export const invertSelection = command(
  'select.invert',
  'Invert selection',
  'invert',
  ['Ctrl+Shift+I'],
  hasSelection,
  (editor) => void editor.selecting.refine('invert', 0, 'Invert selection'),
);

/** What the person says by how many pixels, in a dialog. */
export const REFINEMENTS: Readonly<Record<Exclude<RefinementKind, 'invert'>, string>> = {
  feather: 'Feather selection',
  grow: 'Grow selection',
  shrink: 'Shrink selection',
  smooth: 'Smooth selection',
  border: 'Border of the selection',
};
const LABELS: typeof REFINEMENTS = {
  feather: 'Feather…',
  grow: 'Grow…',
  shrink: 'Shrink…',
  smooth: 'Smooth…',
  border: 'Border…',
};
export const refinements: readonly Command[] = (Object.keys(LABELS) as (keyof typeof LABELS)[]).map((kind) =>
  command(
    `select.${kind}`,
    LABELS[kind],
    'select',
    kind === 'feather' ? ['Shift+F6'] : [],
    hasSelection,
    (editor) => {
      editor.selecting.refining = kind;
      editor.dialog = 'refine';
    },
  ),
);

export const fromLayer = command(
  'select.layer',
  'Select the layer’s pixels',
  'fit-layer',
  [],
  (editor) => editor.selectedPixels !== null,
  (editor) => {
    const { id } = editor.selectedPixels!;
    void editor.selecting.area({ kind: 'alpha', layer: id }, 'replace', 'Select the layer’s pixels');
  },
);
export const fromMask = command(
  'select.mask',
  'Select what the mask shows',
  'mask',
  [],
  (editor) => Boolean(editor.selected?.mask),
  (editor) => {
    const layer = editor.selected!.id;
    void editor.selecting.area({ kind: 'mask', layer }, 'replace', 'Select what the mask shows');
  },
);

export const maskShowing = command(
  'mask.set',
  'Add layer mask',
  'mask',
  [],
  hasLayer,
  (editor) => void editor.selecting.toMask(editor.selected!.id, false),
);
export const maskHiding = command(
  'mask.set-hiding',
  'Add layer mask that hides the selection',
  'mask',
  [],
  hasLayer,
  (editor) => void editor.selecting.toMask(editor.selected!.id, true),
);

export const quickMask = command(
  'select.quick-mask',
  'Quick mask',
  'quick-mask',
  ['Q'],
  hasDocument,
  (editor) => {
    editor.selecting.quickMask = !editor.selecting.quickMask;
  },
  (editor) => editor.selecting.quickMask,
);
export const edges = command(
  'view.edges',
  'Show the selection’s outline',
  'select',
  ['Ctrl+H'],
  hasDocument,
  (editor) => {
    editor.selecting.edges = !editor.selecting.edges;
  },
  (editor) => editor.selecting.edges,
);

export const swapInk = command('paint.swap', 'Swap black and white', 'swap', ['X'], always, (editor) =>
  editor.painting.swap(),
);
export const firstInk = command('paint.black', 'Paint with black', 'brush', ['D'], always, (editor) => {
  editor.painting.ink = 'black';
});

/** The brush, by keys. */
export const brushKeys: readonly Command[] = [
  command('paint.smaller', 'Smaller brush', 'brush', ['['], always, (editor) => editor.painting.resize(-1)),
  command('paint.larger', 'Larger brush', 'brush', [']'], always, (editor) => editor.painting.resize(1)),
  command('paint.softer', 'Softer brush', 'brush', ['Shift+['], always, (editor) =>
    editor.painting.harden(-1),
  ),
  command('paint.harder', 'Harder brush', 'brush', ['Shift+]'], always, (editor) =>
    editor.painting.harden(1),
  ),
];
