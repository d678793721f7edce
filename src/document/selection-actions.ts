import type { Action } from './action';
import type { Document, Selection, Transform } from './records';

/** Selects what `selection` says; null: nothing. */
export const setSelection: Action<{ selection: Selection | null }> = {
  name: 'selection.set',
  label: 'Select',
  icon: 'select',
  shortcut: [],
  enabled: () => true,
  perform: (document, { selection }) => {
    if (selection && !isUsable(selection)) return document;
    return same(document.selection, selection) ? document : { ...document, selection };
  },
};

/** Moves the selection, not what is selected, by whole document pixels; out of the document altogether it is gone. */
export const moveSelection: Action<{ x: number; y: number }> = {
  name: 'selection.move',
  label: 'Move selection',
  icon: 'select',
  shortcut: [],
  enabled: (document) => document.selection !== null,
  perform: (document, { x, y }) => {
    const { selection } = document;
    const [dx, dy] = [Math.round(x), Math.round(y)];
    if (!selection || !Number.isSafeInteger(dx) || !Number.isSafeInteger(dy) || (dx === 0 && dy === 0))
      return document;
    const moved = { ...selection, x: selection.x + dx, y: selection.y + dy };
    return { ...document, selection: meets(moved, document) ? moved : null };
  },
};

/**
 * The selection where the whole document is mapped to another of `size`: it goes along with moves, and is let go by anything
 * else.
 */
export function movedSelection(
  selection: Selection | null,
  by: Transform,
  size: Pick<Document, 'width' | 'height'>,
): Selection | null {
  const moves = by.a === 1 && by.b === 0 && by.c === 0 && by.d === 1;
  if (!selection || !moves) return null;
  const moved = { ...selection, x: selection.x + Math.round(by.e), y: selection.y + Math.round(by.f) };
  return meets(moved, size) ? moved : null;
}

function same(one: Selection | null, other: Selection | null): boolean {
  if (!one || !other) return one === other;
  const keys = ['pixels', 'x', 'y', 'width', 'height'] as const;
  return keys.every((key) => one[key] === other[key]);
}

function isUsable({ x, y, width, height }: Selection): boolean {
  return [x, y, width, height].every(Number.isSafeInteger) && width > 0 && height > 0;
}

function meets({ x, y, width, height }: Selection, size: Pick<Document, 'width' | 'height'>): boolean {
  return x < size.width && y < size.height && x + width > 0 && y + height > 0;
}
