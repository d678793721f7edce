import { NEUTRAL, type AdjustmentKind } from '../../../document/adjustment';
import type { BlendMode } from '../../../document/blend-mode';
import {
  addLayer,
  duplicateLayer,
  nudgeLayer,
  removeLayer,
  renameLayer,
  setLocked,
  setVisible,
} from '../../../document/layer-actions';
import { setBlend, setClipped, setTag } from '../../../document/look-actions';
import { changeMask, removeMask } from '../../../document/mask-actions';
import { adjustmentLayer, groupLayer } from '../../../document/new-layer';
import {
  groupLayers,
  lowerLayer,
  lowerToBottom,
  raiseLayer,
  raiseToTop,
  ungroupLayer,
} from '../../../document/order-actions';
import { COLOR_TAGS, type ColorTag, type LayerId } from '../../../document/records';
import { moveSelection } from '../../../document/selection-actions';
import { childrenOf } from '../../../document/tree';
import { say } from '../../language/index.svelte';
import type { Editor } from '../editor.svelte';
import { mergeLayers } from '../merging';
import { SELECTION_TOOLS } from '../selection-tools';
import { command, hasDocument, hasLayer, idOf, onLayers, type Command } from './command';

export const duplicate = onLayers(duplicateLayer, (layer) => ({ id: layer.id, copy: crypto.randomUUID() }), {
  after: (editor, copies) => editor.choose(copies.map(({ copy }) => copy)),
});
export const remove = onLayers(removeLayer, idOf);
export const rename: Command = {
  ...onLayers(renameLayer, (layer) => ({ id: layer.id, name: layer.name })),
  run: (editor) => (editor.renaming = editor.selected?.id ?? null),
};
export const visible = onLayers(
  setVisible,
  (layer, editor) => ({ id: layer.id, visible: !editor.selected?.visible }),
  { label: 'Show layer', checked: (layer) => layer.visible },
);
export const locked = onLayers(
  setLocked,
  (layer, editor) => ({ id: layer.id, locked: !editor.selected?.locks.position }),
  { label: 'Lock position', checked: (layer) => layer.locks.position },
);
export const clip = onLayers(
  setClipped,
  (layer, editor) => ({ id: layer.id, clipped: !editor.selected?.clipped }),
  { checked: (layer) => layer.clipped },
);
export const raise = onLayers(raiseLayer, idOf);
export const lower = onLayers(lowerLayer, idOf);
export const toTop = onLayers(raiseToTop, idOf);
export const toBottom = onLayers(lowerToBottom, idOf);
export const ungroup = onLayers(ungroupLayer, idOf);

export const newGroup = command('layer.new-group', 'New group', 'folder', [], hasDocument, (editor) => {
  const id = crypto.randomUUID();
  const layer = groupLayer({ id, name: say('Group'), children: [] });
  editor.perform(addLayer, { layer, above: editor.selected?.id ?? null }, 'New group');
  editor.select(id);
});
export const group: Command = {
  ...onLayers(groupLayers, (layer) => ({ ids: [layer.id], group: '' })),
  run: (editor) => {
    const id = crypto.randomUUID();
    editor.perform(groupLayers, { ids: editor.session.selected, group: id });
    editor.select(id);
  },
};

export const merge = command('layer.merge', 'Merge layers', 'merge', ['Ctrl+E'], hasLayer, (editor) => {
  void mergeLayers(editor, 'down');
});
export const mergeVisible = command(
  'layer.merge-visible',
  'Merge visible',
  'merge',
  [],
  hasDocument,
  (editor) => void mergeLayers(editor, 'visible'),
);

export const flatten = command(
  'layer.flatten',
  'Flatten image',
  'merge',
  [],
  hasDocument,
  (editor) => void mergeLayers(editor, 'all'),
);

/** Adjustment layers go above the active layer; into its group, where that is an open one. */
export const ADJUSTMENT_TITLES: Readonly<Record<AdjustmentKind, string>> = {
  'brightness-contrast': 'Brightness/Contrast',
  levels: 'Levels',
  curves: 'Curves',
  exposure: 'Exposure',
  'hue-saturation': 'Hue/Saturation',
  'color-balance': 'Color Balance',
};
export const adjustments: readonly Command[] = (Object.keys(NEUTRAL) as AdjustmentKind[]).map((kind) =>
  command(`adjust.${kind}`, ADJUSTMENT_TITLES[kind], 'adjust', [], hasDocument, (editor) => {
    const id = crypto.randomUUID();
    const layer = adjustmentLayer({ id, name: say(ADJUSTMENT_TITLES[kind]), adjustment: NEUTRAL[kind] });
    editor.perform(addLayer, { layer, above: editor.selected?.id ?? null }, `Add ${ADJUSTMENT_TITLES[kind]}`);
    editor.select(id);
  }),
);

export const maskEnabled = onLayers(
  changeMask,
  (layer, editor) => ({ id: layer.id, settings: { enabled: !editor.selected?.mask?.enabled } }),
  { label: 'Use layer mask', checked: (layer) => layer.mask?.enabled === true },
);
export const maskLinked: Command = {
  ...onLayers(
    changeMask,
    (layer, editor) => ({ id: layer.id, settings: { linked: !editor.selected?.mask?.linked } }),
    { label: 'Link layer mask', checked: (layer) => layer.mask?.linked === true },
  ),
  name: 'mask.linked',
  icon: 'link',
};
export const maskInverted: Command = {
  ...onLayers(
    changeMask,
    (layer, editor) => ({ id: layer.id, settings: { inverted: !editor.selected?.mask?.inverted } }),
    { label: 'Invert layer mask', checked: (layer) => layer.mask?.inverted === true },
  ),
  name: 'mask.inverted',
  icon: 'invert',
};
export const forgetMask = onLayers(removeMask, idOf);

export const TAG_TITLES: Readonly<Record<ColorTag, string>> = {
  none: 'No colour',
  red: 'Red',
  orange: 'Orange',
  yellow: 'Yellow',
  green: 'Green',
  blue: 'Blue',
  violet: 'Violet',
  gray: 'Gray',
};
export const tags: readonly Command[] = COLOR_TAGS.map((tag) => ({
  ...onLayers(setTag, (layer) => ({ id: layer.id, tag }), {
    label: TAG_TITLES[tag],
    checked: (layer) => layer.tag === tag,
  }),
  name: `layer.tag-${tag}`,
}));

export const passThrough: Command = {
  ...onLayers<{ id: LayerId; blend: BlendMode | 'pass through' }>(
    setBlend,
    (layer) => ({
      id: layer.id,
      blend: layer.kind === 'group' && layer.isolated ? 'pass through' : layer.blend,
    }),
    { label: 'Pass through', checked: (layer) => layer.kind === 'group' && !layer.isolated },
  ),
  name: 'layer.pass-through',
  enabled: (editor) => editor.selected?.kind === 'group',
};

/** Chooses the next layer up or down, without the panel. */
const neighbour = (by: 1 | -1): Command =>
  command(
    by > 0 ? 'layer.above' : 'layer.below',
    by > 0 ? 'Choose the layer above' : 'Choose the layer below',
    by > 0 ? 'up' : 'down',
    [by > 0 ? 'Alt+]' : 'Alt+['],
    hasDocument,
    (editor) => {
      const rows = editor.rows.map(({ layer }) => layer.id);
      const at = rows.indexOf(editor.selected?.id ?? '');
      const next = rows[at < 0 ? 0 : at - by];
      if (next) editor.select(next);
    },
  );
export const above = neighbour(1);
export const below = neighbour(-1);
export const allLayers = command(
  'layer.all',
  'Choose all layers',
  'layers',
  ['Ctrl+Alt+A'],
  hasDocument,
  (editor) => editor.choose(editor.document ? [...childrenOf(editor.document, null)] : []),
);

/** Whether the arrow keys move the selection: one is there, and the tool in hand selects. */
const movesSelection = (editor: Editor) =>
  editor.selecting.present !== null && SELECTION_TOOLS.has(editor.tool);

/** The arrow keys, by one document pixel or, with Shift, ten: the chosen layers, or the selection. */
export const nudges: readonly Command[] = (
  [
    ['ArrowLeft', 'left', -1, 0],
    ['ArrowRight', 'right', 1, 0],
    ['ArrowUp', 'up', 0, -1],
    ['ArrowDown', 'down', 0, 1],
  ] as const
).flatMap(([key, way, x, y]): Command[] =>
  [1, 10].map((by) => {
    const nudge = onLayers(nudgeLayer, (layer) => ({ id: layer.id, x: x * by, y: y * by }));
    return {
      ...nudge,
      name: `layer.nudge-${way}-${by}`,
      label: `Nudge ${way} by ${by} px`,
      shortcut: [by === 1 ? key : `Shift+${key}`],
      enabled: (editor) => movesSelection(editor) || nudge.enabled(editor),
      run: (editor) => {
        if (movesSelection(editor)) editor.perform(moveSelection, { x: x * by, y: y * by });
        else nudge.run(editor);
      },
    };
  }),
);
