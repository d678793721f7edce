import type { Document, Layer, LayerId, PixelLayer } from './records';

/** What belongs to the sitting, not to the document: it is never undone or saved. */
export interface Session {
  readonly selected: LayerId | null;
}

/** Names of the editor's own icons. */
export type IconName =
  | 'open'
  | 'export'
  | 'undo'
  | 'redo'
  | 'trash'
  | 'duplicate'
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
  | 'move'
  | 'hand'
  | 'zoom'
  | 'zoom-in'
  | 'zoom-out'
  | 'fit'
  | 'actual'
  | 'harmonize'
  | 'before'
  | 'strength'
  | 'close'
  | 'keys'
  | 'fit-layer'
  | 'history'
  | 'layers'
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

/** The selected layer, or null. */
export function selectedLayer(document: Document, session: Session): Layer | null {
  return session.selected === null ? null : (document.layers[session.selected] ?? null);
}

/** The selected layer when it is one of pixels, or null. */
export function selectedPixels(document: Document, session: Session): PixelLayer | null {
  const layer = selectedLayer(document, session);
  return layer?.kind === 'pixels' ? layer : null;
}

/** The document with one pixel layer changed; the same document when there is none of that id or it did not change. */
export function changePixels(
  document: Document,
  id: LayerId,
  change: (layer: PixelLayer) => PixelLayer,
): Document {
  return changeLayer(document, id, (layer) => (layer.kind === 'pixels' ? change(layer) : layer));
}

/** The document with one layer changed; the same document when the layer is not there or did not change. */
export function changeLayer(document: Document, id: LayerId, change: (layer: Layer) => Layer): Document {
  const layer = document.layers[id];
  if (!layer) return document;
  const changed = change(layer);
  return changed === layer ? document : { ...document, layers: { ...document.layers, [id]: changed } };
}
