import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Document, Layer } from '../document/records';
import type { Image, Mask } from '../pixels/image';
import { multiply, scaling, translation } from '../pixels/matrix';
import { Compositor } from './compositor';
import { inheritMask, repaintMask, touchedBox } from './masks';
import type { PixelSource } from './pixel-store';
import { renderDocument, renderMask } from './render';
import { scenes, source } from './scenes-for-tests';

const runs = { numRuns: 60 };

function furthest(one: Image | Mask, other: Image | Mask): number {
  let most = 0;
  one.data.forEach((value, i) => (most = Math.max(most, Math.abs(value - other.data[i]!))));
  return most;
}

/** The scene with a mask on one of its layers whose bytes may be changed in place. */
function paintable(document: Document, at: number): { document: Document; layer: Layer } {
  const ids = Object.keys(document.layers);
  const layer = document.layers[ids[at % ids.length]!]!;
  const plain = {
    width: 40,
    height: 30,
    transform: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
    outside: 'shows',
    inverted: false,
    density: 1,
    feather: 0,
    linked: true,
  } as const;
  const mask = { ...plain, ...layer.mask, pixels: 'painted', enabled: true };
  const masked = { ...layer, mask };
  return { document: { ...document, layers: { ...document.layers, [layer.id]: masked } }, layer: masked };
}

const box = fc.record({
  x: fc.integer({ min: 0, max: 38 }),
  y: fc.integer({ min: 0, max: 28 }),
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
  value: fc.nat(255),
  moving: fc.boolean(),
});

describe('painting into a mask in place', () => {
  it('looks as if all were flattened anew, at any scale, once it rests', () => {
    fc.assert(
      fc.property(
        scenes,
        fc.nat(),
        fc.array(box, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(0.3, 0.5, 1, 1.7),
        (scene, at, boxes, zoom) => {
          const { document, layer } = paintable(scene, at);
          const base = source.mask!('whole')!;
          const mask: Mask = { ...base, data: base.data.slice() };
          const live: PixelSource = {
            get: (id) => source.get(id),
            mask: (id) => (id === 'painted' ? mask : source.mask!(id)),
          };
          const toView = multiply(translation(1.3, 0), scaling(zoom));
          const view = { width: Math.ceil(42 * zoom), height: Math.ceil(30 * zoom), toView };
          const compositor = new Compositor({ tile: { width: 8, height: 8 } });
          compositor.render(document, live, view);
          for (const { value, moving, ...part } of boxes) {
            const width = Math.min(part.width, 40 - part.x);
            const height = Math.min(part.height, 30 - part.y);
            for (let y = part.y; y < part.y + height; y++)
              mask.data.fill(value, 40 * y + part.x, 40 * y + part.x + width);
            const changed = { ...part, width, height };
            repaintMask(mask, changed);
            const touched = { layer: layer.id, box: touchedBox(layer.mask!, changed, toView) };
            compositor.render(document, live, view, moving, touched);
          }
          const { image } = compositor.render(document, live, view);
          const anew: Mask = { ...mask, data: mask.data.slice() };
          const fresh: PixelSource = { ...live, mask: (id) => (id === 'painted' ? anew : live.mask!(id)) };
          expect(furthest(image, renderDocument(document, fresh, view))).toBe(0);
        },
      ),
      runs,
    );
  });

  it('a copy of a mask may take its place without anything being drawn, and is then painted by itself', () => {
    const { document, layer } = paintable(fc.sample(scenes, { numRuns: 1, seed: 3 })[0]!, 1);
    const base = source.mask!('whole')!;
    const before: Mask = { ...base, data: base.data.slice() };
    const copy: Mask = { ...base, data: base.data.slice() };
    const live: PixelSource = {
      get: (id) => source.get(id),
      mask: (id) => (id === 'painted' ? before : id === 'copy' ? copy : source.mask!(id)),
    };
    const view = { width: 20, height: 15, toView: scaling(0.5) };
    const compositor = new Compositor({ tile: { width: 8, height: 8 } });
    compositor.render(document, live, view);
    inheritMask(before, copy);
    const renamed = { ...layer, mask: { ...layer.mask!, pixels: 'copy' } };
    const next: Document = { ...document, layers: { ...document.layers, [layer.id]: renamed } };
    compositor.accept(next);
    expect(compositor.render(next, live, view).changed).toBeNull();
    copy.data.fill(0);
    repaintMask(copy, { x: 0, y: 0, width: 40, height: 30 });
    expect(before.data).toEqual(base.data);
    const touched = { layer: layer.id, box: { x: 0, y: 0, width: 20, height: 15 } };
    const { image } = compositor.render(next, live, view, false, touched);
    const anew: PixelSource = { ...live, mask: () => ({ ...copy, data: copy.data.slice() }) };
    expect(furthest(image, renderDocument(next, anew, view))).toBe(0);
  });

  it('the mask as it shows, whether it is switched on or not', () => {
    fc.assert(
      fc.property(scenes, fc.nat(), (scene, at) => {
        const { document, layer } = paintable(scene, at);
        const live: PixelSource = { ...source, mask: () => source.mask!('whole') };
        const off = { ...layer, mask: { ...layer.mask!, enabled: false } };
        const switched = { ...document, layers: { ...document.layers, [layer.id]: off } };
        const shown = renderMask(document, layer.id, live);
        expect(furthest(renderMask(switched, layer.id, live), shown)).toBe(0);
        const plain = { ...layer.mask!, transform: scaling(1), inverted: false, density: 1, feather: 0 };
        const bare = { ...document, layers: { ...document.layers, [layer.id]: { ...layer, mask: plain } } };
        expect(furthest(renderMask(bare, layer.id, live), source.mask!('whole')!)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });
});
