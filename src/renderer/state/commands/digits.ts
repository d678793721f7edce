import { setFill, setOpacity } from '../../../document/look-actions';
import type { Editor } from '../editor.svelte';
import { onLayers, type Command } from './command';

const paints = ({ tool }: Editor) => tool === 'brush' || tool === 'eraser';

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] as const;

/** As in Photoshop: 1…9 are 10…90 %, 0 is 100 %, of the layers' opacity, with Shift of their fill; of the brush while one paints. */
export const digits: readonly Command[] = DIGITS.flatMap((digit) => {
  const percent = digit === 0 ? 100 : 10 * digit;
  const share = percent / 100;
  const opacity = onLayers(setOpacity, (layer) => ({ id: layer.id, opacity: share }));
  const fill = onLayers(setFill, (layer) => ({ id: layer.id, fill: share }));
  return [
    {
      ...opacity,
      name: `layer.opacity-${percent}`,
      label: `Opacity ${percent} %`,
      shortcut: [`${digit}`],
      enabled: (editor) => paints(editor) || opacity.enabled(editor),
      run: (editor) => {
        if (paints(editor)) editor.painting.opacity = share;
        else opacity.run(editor);
      },
    },
    { ...fill, name: `layer.fill-${percent}`, label: `Fill ${percent} %`, shortcut: [`Shift+${digit}`] },
  ] satisfies Command[];
});
