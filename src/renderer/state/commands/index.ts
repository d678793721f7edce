import type { Editor } from '../editor.svelte';
import type { Command } from './command';
import { digits } from './digits';
import * as edit from './edit';
import * as file from './file';
import * as flip from './flip';
import * as harmony from './harmonize';
import * as layer from './layer';
import * as select from './select';
import * as view from './view';

export * from './command';
export * from './edit';
export * from './file';
export * from './harmonize';
export * from './layer';
export * from './select';
export * from './view';

export interface Menu {
  readonly label: string;
  /** Top to bottom; null is a line. */
  readonly items: readonly (Command | null)[];
  /** What changes with the sitting, under the rest. */
  readonly more?: (editor: Editor) => readonly Command[];
}

export const menus: readonly Menu[] = [
  {
    label: 'File',
    items: [
      file.newDocument,
      file.open,
      file.sample,
      null,
      file.save,
      file.saveAs,
      file.exportImage,
      file.batch,
      null,
      file.close,
      null,
      file.clearRecent,
    ],
    more: file.recentFiles,
  },
  {
    label: 'Edit',
    items: [
      view.undo,
      view.redo,
      null,
      edit.cut,
      edit.copy,
      edit.copyMerged,
      null,
      edit.fill,
      edit.clear,
      edit.erase,
      null,
      layer.allLayers,
    ],
  },
  {
    label: 'Image',
    items: [file.imageSize, file.canvasSize, null, ...layer.adjustments],
  },
  {
    label: 'Layer',
    items: [
      harmony.harmonize,
      harmony.harmonizeBackground,
      harmony.harmonizationOn,
      harmony.forgetHarmonization,
      null,
      edit.viaCopy,
      edit.viaCut,
      layer.duplicate,
      layer.remove,
      null,
      layer.newGroup,
      layer.group,
      layer.ungroup,
      layer.passThrough,
      null,
      layer.rename,
      layer.visible,
      layer.locked,
      layer.clip,
      null,
      flip.flipHorizontal,
      flip.flipVertical,
      null,
      select.maskShowing,
      select.maskHiding,
      layer.maskEnabled,
      layer.maskLinked,
      layer.maskInverted,
      layer.forgetMask,
      null,
      layer.toTop,
      layer.raise,
      layer.lower,
      layer.toBottom,
      null,
      layer.merge,
      layer.mergeVisible,
      layer.flatten,
    ],
  },
  {
    label: 'Select',
    items: [
      select.selectAll,
      select.deselect,
      select.reselect,
      select.invertSelection,
      null,
      ...select.refinements,
      null,
      select.fromLayer,
      select.fromMask,
      null,
      select.quickMask,
      select.edges,
    ],
  },
  {
    label: 'View',
    items: [
      view.zoomIn,
      view.zoomOut,
      view.fit,
      view.actual,
      null,
      view.before,
      view.split,
      harmony.compare,
      null,
      view.snap,
      view.pixelGrid,
      null,
      ...view.tools.filter((tool) => tool !== null),
      null,
      view.lightTheme,
      view.german,
    ],
  },
  { label: 'Help', items: [view.palette, view.keys, view.about] },
];

/** The menu of a layer's row. */
export const layerMenu: readonly (Command | null)[] = [
  harmony.harmonize,
  harmony.harmonizeBackground,
  null,
  layer.rename,
  layer.duplicate,
  layer.remove,
  null,
  layer.group,
  layer.ungroup,
  layer.clip,
  layer.locked,
  null,
  select.fromLayer,
  select.fromMask,
  select.maskShowing,
  select.maskHiding,
  layer.maskEnabled,
  layer.maskLinked,
  layer.maskInverted,
  layer.forgetMask,
  null,
  layer.merge,
  layer.mergeVisible,
  null,
  ...layer.tags,
];

/** Every command, for keys, the palette, hosts and tests. */
export const commands: readonly Command[] = [
  ...menus.flatMap(({ items }) => items.filter((item) => item !== null)),
  select.swapInk,
  select.firstInk,
  ...select.brushKeys,
  harmony.cancelHarmonizing,
  harmony.follow,
  layer.above,
  layer.below,
  ...layer.tags,
  ...layer.nudges,
  ...digits,
];
