import { moveBy } from '../../../document/layer-actions';
import { pixelLayerOf, subtree } from '../../../document/tree';
import type { Editor } from '../editor.svelte';
import { boundsOf, unionOf } from '../place';
import { command, type Command } from './command';

/** Mirrors the chosen layers about the middle of what they show together. */
function flip(editor: Editor, way: 'horizontal' | 'vertical', label: string): void {
  const { document, chosen } = editor;
  if (!document) return;
  const boxes = chosen
    .flatMap(({ id }) => subtree(document, id))
    .flatMap((id) => pixelLayerOf(document, id) ?? [])
    .map((layer) => boundsOf(layer.transform, editor.contentOf(layer)));
  const box = unionOf(boxes);
  if (!box) return;
  const across = way === 'horizontal';
  const by = {
    a: across ? -1 : 1,
    b: 0,
    c: 0,
    d: across ? 1 : -1,
    e: across ? 2 * box.x + box.width : 0,
    f: across ? 0 : 2 * box.y + box.height,
  };
  editor.performEach(
    moveBy,
    chosen.map(({ id }) => ({ id, by })),
    label,
  );
}

function flipCommand(way: 'horizontal' | 'vertical', label: string): Command {
  return command(
    `layer.flip-${way}`,
    label,
    'before',
    [],
    (editor) => editor.document !== null && moveBy.enabled(editor.document, editor.session),
    (editor) => flip(editor, way, label),
  );
}

export const flipHorizontal = flipCommand('horizontal', 'Flip horizontal');
export const flipVertical = flipCommand('vertical', 'Flip vertical');
