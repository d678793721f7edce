import type { PixelSource } from '../../compositor/pixel-store';
import { renderDocument, type RenderOptions } from '../../compositor/render';
import type { Document } from '../../document/records';
import { Fault } from '../../pixels/fault';
import { createImage, type Image } from '../../pixels/image';
import { translation } from '../../pixels/matrix';

/** Pixels flattened between two looks at what else there is to do: the canvas goes on being drawn meanwhile. */
const STRIP = 2 ** 20;

/** The document at its own size, flattened strip by strip; the same pixels as in one go. Rejects with a Fault when aborted. */
export async function flatten(
  document: Document,
  source: PixelSource,
  signal: AbortSignal,
  options: RenderOptions = {},
): Promise<Image> {
  const { width, height } = document;
  const whole = createImage(width, height);
  const rows = Math.max(1, Math.floor(STRIP / width));
  for (let y = 0; y < height; y += rows) {
    if (signal.aborted) throw new Fault('cancelled', 'Cancelled.');
    const view = { width, height: Math.min(rows, height - y), toView: translation(0, -y) };
    whole.data.set(renderDocument(document, source, view, options).data, 4 * y * width);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return whole;
}
