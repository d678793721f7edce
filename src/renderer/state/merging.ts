import { replaceLayers } from '../../document/document-actions';
import { pixelLayer } from '../../document/new-layer';
import type { LayerId } from '../../document/records';
import { childrenOf, isShown, layersBottomUp, placeOf } from '../../document/tree';
import { Fault } from '../../pixels/fault';
import type { Editor } from './editor.svelte';

/** Two layers or those chosen; all that are shown; all, those that are hidden being dropped. */
export type Merge = 'down' | 'visible' | 'all';
const LABELS: Readonly<Record<Merge, string>> = {
  down: 'Merge layers',
  visible: 'Merge visible',
  all: 'Flatten image',
};

/** The layers that a merge makes one: those chosen; of a single one, it and the one below; or all that are shown; or all. */
export function mergedTogether(editor: Editor, which: Merge): LayerId[] {
  const { document, chosen } = editor;
  if (!document) return [];
  if (which === 'all') return [...document.order];
  if (which === 'visible') return document.order.filter((id) => isShown(document, id));
  const only = chosen.length === 1 ? chosen[0] : undefined;
  if (!only || only.kind === 'group') return chosen.map(({ id }) => id);
  const place = placeOf(document, only.id);
  const under = place && childrenOf(document, place.parent)[place.index - 1];
  return under ? [under, only.id] : [];
}

/** Flattens layers into one of pixels, transparent where they were. What cannot be merged is told. */
export async function mergeLayers(editor: Editor, which: Merge): Promise<void> {
  const { document } = editor;
  const ids = mergedTogether(editor, which);
  if (!document || ids.length === 0) {
    return editor.messages.fault(
      new Fault('document', 'There is no layer below to merge with.', 'Choose the upper one of two layers.'),
    );
  }
  try {
    const merged = await editor.studio.call('merge', { document, layers: ids });
    editor.noteDecoded(merged);
    if (editor.document !== document) return editor.discard(merged.pixels);
    const { width, height, pixels } = merged;
    const bottom = layersBottomUp(document).find(({ id }) => ids.includes(id));
    const id = crypto.randomUUID();
    const layer = pixelLayer({
      id,
      name: bottom?.name ?? 'Merged',
      pixels,
      width,
      height,
      transform: { a: 1, b: 0, c: 0, d: 1, e: merged.x, f: merged.y },
    });
    editor.perform(replaceLayers, { ids, layer }, LABELS[which]);
    editor.select(id);
  } catch (thrown) {
    editor.messages.fault(thrown);
  }
}
