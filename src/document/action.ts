import type { Document, Layer, LayerId, PixelLayer } from './records';

/** What belongs to the sitting, not to the document: it is never undone or saved. */
export interface Session {
  /** The chosen layers in the order they were chosen; the last one is the active one. */
  readonly selected: readonly LayerId[];
}

/** Names of the editor's own icons. */
export type IconName =
  | 'open'
  | 'save'
  | 'new'
  | 'export'
  | 'undo'
  | 'redo'
  | 'trash'
  | 'duplicate'
  | 'cut'
  | 'fill'
  | 'up'
  | 'down'
  | 'top'
  | 'bottom'
  | 'eye'
  | 'eye-off'
  | 'lock'
  | 'unlock'
  | 'rename'
  | 'opacity'
  | 'blend'
  | 'group'
  | 'ungroup'
  | 'folder'
  | 'clip'
  | 'mask'
  | 'link'
  | 'adjust'
  | 'tag'
  | 'merge'
  | 'move'
  | 'hand'
  | 'zoom'
  | 'crop'
  | 'rectangle'
  | 'ellipse'
  | 'lasso'
  | 'polygon'
  | 'content'
  | 'wand'
  | 'brush'
  | 'eraser'
  | 'invert'
  | 'select'
  | 'deselect'
  | 'select-new'
  | 'select-add'
  | 'select-subtract'
  | 'select-intersect'
  | 'quick-mask'
  | 'swap'
  | 'size'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'actual'
  | 'harmonize'
  | 'before'
  | 'split'
  | 'strength'
  | 'close'
  | 'keys'
  | 'palette'
  | 'theme'
  | 'language'
  | 'fit-layer'
  | 'history'
  | 'layers'
  | 'sample'
  | 'info';

/**
 * One command that changes the document. Buttons, menus, shortcuts, tests and hosts all run commands through this one
 * object. `perform` is pure; it throws nothing for arguments that `enabled` allows, and returns the same document when
 * there is nothing to do.
 */
export interface Action<Args = void> {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  /** Keys as `Ctrl+Shift+H`; the first is shown. Ctrl is Command on a Mac. */
  readonly shortcut: readonly string[];
  readonly enabled: (document: Document, session: Session) => boolean;
  readonly perform: (document: Document, args: Args) => Document;
}

/** The active layer, or null. */
export function selectedLayer(document: Document, session: Session): Layer | null {
  return document.layers[session.selected.at(-1) ?? ''] ?? null;
}

/** The active layer when it is one of pixels, or null. */
export function selectedPixels(document: Document, session: Session): PixelLayer | null {
  const layer = selectedLayer(document, session);
  return layer?.kind === 'pixels' ? layer : null;
}

/** Whether any layer is chosen. */
export function anyLayer(document: Document, session: Session): boolean {
  return selectedLayer(document, session) !== null;
}

/** The document with one layer changed; the same document when the layer is not there or did not change. */
export function changeLayer(document: Document, id: LayerId, change: (layer: Layer) => Layer): Document {
  const layer = document.layers[id];
  if (!layer) return document;
  const changed = change(layer);
  return changed === layer ? document : { ...document, layers: { ...document.layers, [id]: changed } };
}

/** The document with one pixel layer changed; the same document when there is none of that id or it did not change. */
export function changePixels(
  document: Document,
  id: LayerId,
  change: (layer: PixelLayer) => PixelLayer,
): Document {
  return changeLayer(document, id, (layer) => (layer.kind === 'pixels' ? change(layer) : layer));
}

/** The layer with some fields set; the very same layer when all of them were so already. */
export function withFields<L extends Layer>(layer: L, fields: Partial<L>): L {
  const keys = Object.keys(fields) as (keyof L)[];
  return keys.every((key) => layer[key] === fields[key]) ? layer : { ...layer, ...fields };
}
