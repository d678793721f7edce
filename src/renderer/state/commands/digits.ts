import { setFill, setOpacity } from '../../../document/look-actions';
import type { Editor } from '../editor.svelte';
import { onLayers, type Command } from './command';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] as const;
/** Milliseconds within which two digits are one number: 4, then 5, is 45 %. */
const TOGETHER = 800;
/** The least opacity of the brush, which would else paint nothing. */
const LEAST = 0.01;

type What = 'opacity' | 'fill';
/** The digit pressed last, what it set, and the steps there were before it. */
let last: { editor: Editor; what: What; digit: number; at: number; steps: number } | null = null;

const paints = ({ tool }: Editor) => tool === 'brush' || tool === 'eraser';
const opacityOf = (share: number) => onLayers(setOpacity, ({ id }) => ({ id, opacity: share }));
const fillOf = (share: number) => onLayers(setFill, ({ id }) => ({ id, fill: share }));

function set(editor: Editor, what: What, share: number): void {
  if (what === 'fill') fillOf(share).run(editor);
  else if (paints(editor)) editor.painting.opacity = Math.max(share, LEAST);
  else opacityOf(share).run(editor);
}

/** Sets what the digit means, alone or with the one pressed a moment before: both are one step then. */
function press(editor: Editor, what: What, digit: number): void {
  const before = last;
  const at = performance.now();
  const second = before?.editor === editor && before.what === what && at - before.at < TOGETHER;
  last = second ? null : { editor, what, digit, at, steps: editor.steps };
  if (!second) return set(editor, what, digit === 0 ? 1 : digit / 10);
  set(editor, what, (10 * before.digit + digit) / 100);
  const newest = editor.timeline?.history.past.at(-1);
  if (newest && editor.steps > before.steps + 1) editor.squash(before.steps, newest.label);
}

/**
 * As in Photoshop: 1…9 are 10…90 %, 0 is 100 %, two digits in quick succession any percentage, of the layers' opacity, with
 * Shift of their fill; of the brush while one paints.
 */
export const digits: readonly Command[] = DIGITS.flatMap((digit): Command[] => {
  const percent = digit === 0 ? 100 : 10 * digit;
  const [opacity, fill] = [opacityOf(1), fillOf(1)];
  return [
    {
      ...opacity,
      name: `layer.opacity-${percent}`,
      label: `Opacity ${percent} %`,
      shortcut: [`${digit}`],
      enabled: (editor) => paints(editor) || opacity.enabled(editor),
      run: (editor) => press(editor, 'opacity', digit),
    },
    {
      ...fill,
      name: `layer.fill-${percent}`,
      label: `Fill ${percent} %`,
      shortcut: [`Shift+${digit}`],
      run: (editor) => press(editor, 'fill', digit),
    },
  ];
});
