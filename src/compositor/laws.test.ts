import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupLayer, newDocument, pixelLayer } from '../document/new-layer';
import type { Document, Layer, LayerId, PixelLayer } from '../document/records';
import { Fault } from '../pixels/fault';
import { createImage, type Image } from '../pixels/image';
import { multiply, scaling, translation } from '../pixels/matrix';
import { Compositor, type Frame } from './compositor';
import { documentView, renderDocument } from './render';
import { scenes, source, unknownSource } from './scenes-for-tests';

function furthest(one: Image, other: Image): number {
  let most = 0;
  one.data.forEach((value, i) => (most = Math.max(most, Math.abs(value - other.data[i]!))));
  return most;
}

const flat = (document: Document) => renderDocument(document, source, documentView(document));
const side = fc.integer({ min: 1, max: 45 });
const runs = { numRuns: 60 };

/** The document with one of its layers changed. */
function change(document: Document, id: LayerId, to: (layer: Layer) => Layer): Document {
  return { ...document, layers: { ...document.layers, [id]: to(document.layers[id]!) } };
}

describe('the scenes', () => {
  it('are worth looking at: nearly every one another picture', () => {
    const pictures = fc.sample(scenes, { numRuns: 60, seed: 7 }).map((scene) => flat(scene).data.join());
    expect(new Set(pictures).size).toBeGreaterThan(45);
  });
});

describe('flattening', () => {
  it('gives the same picture in tiles of any size', () => {
    fc.assert(
      fc.property(
        scenes,
        side,
        side,
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        (document, w, h, zoom) => {
          const view = {
            width: Math.ceil(40 * zoom),
            height: Math.ceil(30 * zoom),
            toView: multiply(translation(0.3, -0.2), scaling(zoom)),
          };
          const whole = renderDocument(document, source, view);
          expect(
            furthest(renderDocument(document, source, view, { tile: { width: w, height: h } }), whole),
          ).toBe(0);
        },
      ),
      runs,
    );
  });

  it('gives the same picture whether or not it is known where its pictures are filled', () => {
    fc.assert(
      fc.property(scenes, fc.double({ min: 0.1, max: 3, noNaN: true }), (document, zoom) => {
        const view = {
          width: Math.ceil(40 * zoom),
          height: Math.ceil(30 * zoom),
          toView: multiply(translation(0.3, -0.2), scaling(zoom)),
        };
        const one = renderDocument(document, source, view);
        expect(furthest(one, renderDocument(document, unknownSource, view))).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('gives any region as that region of the whole', () => {
    fc.assert(
      fc.property(
        scenes,
        fc.nat(20),
        fc.nat(15),
        fc.constantFrom(0.25, 0.37, 1, 2.5),
        (document, x, y, zoom) => {
          const whole = renderDocument(document, source, { width: 60, height: 50, toView: scaling(zoom) });
          const toView = multiply(translation(-x, -y), scaling(zoom));
          const region = renderDocument(document, source, { width: 30, height: 20, toView });
          for (let row = 0; row < 20; row++) {
            const from = 4 * ((y + row) * 60 + x);
            expect(region.data.slice(120 * row, 120 * (row + 1))).toEqual(whole.data.slice(from, from + 120));
          }
        },
      ),
      runs,
    );
  });

  it('changes nothing by a layer at opacity 0 or behind an empty mask', () => {
    const none = {
      width: 2,
      height: 2,
      data: new Uint8ClampedArray(4),
    };
    const withNone = { get: source.get, mask: (id: string) => (id === 'none' ? none : source.mask?.(id)) };
    fc.assert(
      fc.property(scenes, fc.constantFrom('opacity', 'fill', 'mask'), (document, how) => {
        const top = pixelLayer({
          id: 'top',
          name: 'top',
          pixels: 'cut',
          width: 13,
          height: 11,
          opacity: how === 'opacity' ? 0 : 1,
          fill: how === 'fill' ? 0 : 1,
          mask:
            how === 'mask'
              ? {
                  pixels: 'none',
                  width: 2,
                  height: 2,
                  transform: scaling(20),
                  outside: 'hides',
                  enabled: true,
                  inverted: false,
                  density: 1,
                  feather: 0,
                  linked: true,
                }
              : null,
        });
        const more = { ...document, layers: { ...document.layers, top }, order: [...document.order, 'top'] };
        const view = documentView(document);
        expect(furthest(renderDocument(more, withNone, view), renderDocument(document, withNone, view))).toBe(
          0,
        );
      }),
      runs,
    );
  });

  it('draws a group of one layer as the layer: passing through in any mode, isolated in normal mode', () => {
    fc.assert(
      fc.property(scenes, fc.boolean(), (document, isolated) => {
        const id = document.order.at(-1)!;
        const alone = change(document, id, (layer) => ({
          ...layer,
          clipped: false,
          blend: isolated ? 'normal' : layer.blend,
        }));
        if (isolated && alone.layers[id]!.kind !== 'pixels') return;
        const group = groupLayer({ id: 'group', name: 'group', children: [id], isolated });
        const grouped = {
          ...alone,
          layers: { ...alone.layers, group },
          order: [...alone.order.slice(0, -1), 'group'],
        };
        expect(furthest(flat(grouped), flat(alone))).toBeLessThanOrEqual(isolated ? 1 : 0);
      }),
      runs,
    );
  });

  it('clips to what lies under: outside its base a clipped layer shows nowhere', () => {
    const base = pixelLayer({ id: 'base', name: 'base', pixels: 'cut', width: 13, height: 11 });
    const top = pixelLayer({ id: 'top', name: 'top', pixels: 'back', width: 40, height: 30, clipped: true });
    const { data } = flat(newDocument({ width: 40, height: 30 }, [base, top]));
    const alone = flat(newDocument({ width: 40, height: 30 }, [base])).data;
    const back = source.get('back')!.data;
    for (let i = 0; i < data.length; i += 4) {
      expect(data[i + 3]).toBe(alone[i + 3]);
      if (alone[i + 3]! > 0)
        expect(Array.from(data.slice(i, i + 3))).toEqual(Array.from(back.slice(i, i + 3)));
    }
  });

  it('refuses senseless views', () => {
    const document = newDocument({ width: 4, height: 4 });
    const toView = scaling(1);
    for (const view of [
      { width: 0, height: 4, toView },
      { width: 4, height: NaN, toView },
      { width: 4, height: 4, toView: scaling(0) },
      { width: 4, height: 4, toView: scaling(NaN) },
    ])
      expect(() => renderDocument(document, source, view)).toThrow(Fault);
  });
});

/** Nothing that a rounding of floats could make jump, and nothing shrunk so much that movement samples it coarsely. */
function isPlain(document: Document): boolean {
  return Object.values(document.layers).every(
    (layer) =>
      layer.blend === 'normal' &&
      (layer.kind !== 'pixels' ||
        Math.min(scaleOf(layer.transform, 'x'), scaleOf(layer.transform, 'y')) > 0.7),
  );
}

const scaleOf = ({ a, b, c, d }: PixelLayer['transform'], axis: 'x' | 'y') =>
  axis === 'x' ? Math.hypot(a, b) : Math.hypot(c, d);

/** Asks to stop when it has been looked at so many times. */
function after(looks: number) {
  let left = looks;
  return {
    get aborted() {
      return left-- <= 0;
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
}

/** What `work` answers, or null when it was stopped. */
function orStopped(work: () => Frame): Frame | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault && error.code === 'cancelled') return null;
    throw error;
  }
}

describe('the compositor that keeps what stays', () => {
  it('shows every change as if all were flattened anew, and the same within a level while something moves, however often it was stopped', () => {
    const edit = fc.record({
      at: fc.nat(),
      x: fc.integer({ min: -9, max: 9 }),
      opacity: fc.double({ min: 0.05, max: 1, noNaN: true }),
      hide: fc.boolean(),
      moving: fc.boolean(),
      tiles: fc.option(fc.nat(20)),
    });
    fc.assert(
      fc.property(scenes, fc.array(edit, { minLength: 1, maxLength: 8 }), (first, edits) => {
        let document = first;
        const compositor = new Compositor({ tile: { width: 16, height: 8 } });
        const view = documentView(document);
        const ids = Object.keys(document.layers);
        // What who shows the frames has: of each only what it says has changed.
        const seen = createImage(view.width, view.height);
        const see = ({ image: { data }, changed }: Frame) => {
          const box = changed ?? { x: 0, y: 0, width: 0, height: 0 };
          for (let y = box.y; y < box.y + box.height; y++) {
            const from = 4 * (y * view.width + box.x);
            seen.data.set(data.subarray(from, from + 4 * box.width), from);
          }
        };
        see(compositor.render(document, source, view));
        for (const { at, x, opacity, hide, moving, tiles } of edits) {
          document = change(document, ids[at % ids.length]!, (layer) => ({
            ...layer,
            ...(layer.kind === 'pixels'
              ? { transform: multiply(translation(x, 1), layer.transform) }
              : { opacity }),
            visible: layer.visible !== (hide && !moving),
          }));
          const signal = after(tiles ?? Infinity);
          const frame = orStopped(() => compositor.render(document, source, view, moving, null, signal));
          if (!frame) continue;
          see(frame);
          const { image } = frame;
          expect(furthest(seen, image)).toBe(0);
          if (!moving) expect(furthest(image, flat(document))).toBe(0);
          else if (isPlain(document)) expect(furthest(image, flat(document))).toBeLessThanOrEqual(1);
        }
        expect(furthest(compositor.render(document, source, view).image, flat(document))).toBe(0);
      }),
      runs,
    );
  });

  it('says what changed, and nothing when nothing did', () => {
    const back = pixelLayer({ id: 'back', name: 'back', pixels: 'back', width: 40, height: 30 });
    const cut = pixelLayer({ id: 'cut', name: 'cut', pixels: 'cut', width: 13, height: 11 });
    const document = newDocument({ width: 40, height: 30 }, [back, cut]);
    const compositor = new Compositor({ tile: { width: 8, height: 8 } });
    const view = documentView(document);
    expect(compositor.render(document, source, view).changed).toEqual({ x: 0, y: 0, width: 40, height: 30 });
    expect(compositor.render(document, source, view).changed).toBeNull();
    const faded = change(document, 'cut', (layer) => ({ ...layer, opacity: 0.5 }));
    const { changed } = compositor.render(faded, source, view);
    expect(changed).toMatchObject({ x: 0, y: 0, width: 16, height: 16 });
  });
});
