import { describe, expect, it } from 'vitest';
import { documentView, renderDocument } from '../../compositor/render';
import { addLayer, transformLayer } from '../../document/layer-actions';
import { documentOf, placePicture } from '../../document/placement';
import { createImage } from '../../pixels/image';
import { flatten } from './flatten';

/** Pixels of all values, with alpha. */
function noise(width: number, height: number, seed: number) {
  const image = createImage(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 2654435761 + seed * 97) >>> 13;
  return image;
}

describe('flattening strip by strip', () => {
  const images: Record<string, ReturnType<typeof noise>> = { p: noise(2000, 1300, 1), q: noise(900, 700, 2) };
  const source = { get: (id: string) => images[id] };
  const street = documentOf({ pixels: 'p', name: 'street', width: 2000, height: 1300 }, 'street');
  const layer = placePicture(street, { pixels: 'q', name: 'sofa', width: 900, height: 700 }, 'sofa');
  const placed = addLayer.perform(street, { layer });
  const document = transformLayer.perform(placed, {
    id: 'sofa',
    transform: { a: 0.31, b: 0.12, c: -0.12, d: 0.31, e: 700.3, f: 402.7 },
  });

  it('gives the pixels of flattening in one go', async () => {
    const strips = await flatten(document, source, new AbortController().signal);
    const whole = renderDocument(document, source, documentView(document));
    expect(Buffer.from(strips.data).equals(Buffer.from(whole.data))).toBe(true);
  });

  it('stops when it is asked to', async () => {
    const control = new AbortController();
    const flat = flatten(document, source, control.signal);
    control.abort();
    await expect(flat).rejects.toMatchObject({ code: 'cancelled' });
  });
});
