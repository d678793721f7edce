import { isShared, renderOnCrew } from '../../compositor/crew';
import type { PixelSource } from '../../compositor/pixel-store';
import { documentView, renderDocument, type RenderOptions } from '../../compositor/render';
import type { Document } from '../../document/records';
import { Fault } from '../../pixels/fault';
import { createImage, type Image } from '../../pixels/image';
import { translation } from '../../pixels/matrix';
import { giveBackCrew, takeCrew } from './flatten-crew';

/** Pixels flattened between two looks at what else there is to do: the canvas goes on being drawn meanwhile. */
const STRIP = 2 ** 20;
/** Pixels from which on several threads are worth their start. */
const LARGE = 2 ** 22;

/**
 * The document at its own size, flattened strip by strip, a large one on several threads; the same pixels as in one go.
 * Rejects with a Fault when aborted.
 */
export async function flatten(
  document: Document,
  source: PixelSource,
  signal: AbortSignal,
  options: RenderOptions = {},
): Promise<Image> {
  const { width, height } = document;
  // Without isolation memory cannot be shared.
  const large = width * height >= LARGE && globalThis.crossOriginIsolated;
  const crew = large && isShared(document, source) ? takeCrew() : null;
  if (crew) {
    try {
      return await renderOnCrew(crew, document, source, documentView(document), { ...options, signal });
    } finally {
      giveBackCrew();
    }
  }
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
