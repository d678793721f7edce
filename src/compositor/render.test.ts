import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDocument, pixelLayer } from '../document/new-layer';
import type { Document, Harmonization, PixelLayer } from '../document/records';
import { Fault } from '../pixels/fault';
import type { Image } from '../pixels/image';
import { IDENTITY, type Matrix, multiply, scaling, translation } from '../pixels/matrix';
import { documentView, renderCoverage, renderDocument } from './render';

function picture(width: number, height: number, seed: number, alpha = 255): Image {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = Math.imul(i + seed, 2_654_435_761) >>> 24;
  for (let i = 3; i < data.length; i += 4) data[i] = alpha;
  return { width, height, data };
}

function layer(
  id: string,
  image: Image,
  transform: Matrix = IDENTITY,
  more: Partial<PixelLayer> = {},
): PixelLayer {
  return pixelLayer({
    id,
    name: id,
    pixels: id,
    width: image.width,
    height: image.height,
    transform,
    ...more,
  });
}

function documentOf(width: number, height: number, ...layers: PixelLayer[]): Document {
  return newDocument({ width, height }, layers);
}

const back = picture(24, 18, 5);
const cut = picture(9, 7, 77, 255);
const store = new Map<string, Image>([
  ['back', back],
  ['cut', cut],
  ['result', picture(9, 7, 4)],
]);
const flat = (document: Document) => renderDocument(document, store, documentView(document));

describe('the compositor', () => {
  it('shows one opaque layer as it is, straight alpha and all', () => {
    expect(flat(documentOf(24, 18, layer('back', back))).data).toEqual(back.data);
    const veil = picture(24, 18, 9, 131);
    const shown = renderDocument(
      documentOf(24, 18, layer('veil', veil)),
      new Map([['veil', veil]]),
      documentView(documentOf(24, 18)),
    );
    expect(shown.data).toEqual(veil.data);
  });

  it('changes nothing at opacity 0, hidden, outside or unnamed', () => {
    const still = [
      layer('cut', cut, IDENTITY, { opacity: 0 }),
      layer('cut', cut, IDENTITY, { visible: false }),
      layer('cut', cut, translation(24, 0)),
      layer('cut', cut, translation(-9, 3)),
    ];
    for (const top of still)
      expect(flat(documentOf(24, 18, layer('back', back), top)).data).toEqual(back.data);
    const both = documentOf(24, 18, layer('back', back), layer('cut', cut));
    expect(renderDocument(both, store, documentView(both), { layers: ['back'] }).data).toEqual(back.data);
  });

  it('leaves the background bit-identical beside a layer placed anywhere', () => {
    const place = fc.record({
      x: fc.double({ min: -12, max: 30, noNaN: true }),
      y: fc.double({ min: -12, max: 30, noNaN: true }),
      scale: fc.double({ min: 0.2, max: 3, noNaN: true }),
      turn: fc.double({ min: 0, max: 6.3, noNaN: true }),
    });
    fc.assert(
      fc.property(place, ({ x, y, scale, turn }) => {
        const rotation = {
          a: Math.cos(turn),
          b: Math.sin(turn),
          c: -Math.sin(turn),
          d: Math.cos(turn),
          e: 0,
          f: 0,
        };
        const top = layer('cut', cut, multiply(translation(x, y), multiply(rotation, scaling(scale))));
        const document = documentOf(24, 18, layer('back', back), top);
        const shown = flat(document).data;
        renderCoverage(document, 'cut', store).data.forEach((covered, i) => {
          if (covered > 0) return;
          for (let c = 0; c < 4; c++)
            expect(Math.abs(shown[4 * i + c]! - back.data[4 * i + c]!)).toBeLessThanOrEqual(1);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('shows any region as that region of the whole', () => {
    fc.assert(
      fc.property(fc.nat(14), fc.nat(10), (x, y) => {
        const document = documentOf(
          24,
          18,
          layer('back', back),
          layer('cut', cut, multiply(translation(4.3, 5), scaling(1.3))),
        );
        const whole = flat(document);
        const region = renderDocument(document, store, { width: 10, height: 8, toView: translation(-x, -y) });
        for (let j = 0; j < 8; j++) {
          const from = 4 * ((y + j) * 24 + x);
          const part = Array.from(region.data.subarray(40 * j, 40 * j + 40));
          part.forEach((v, i) => expect(Math.abs(v - whole.data[from + i]!)).toBeLessThanOrEqual(1));
        }
      }),
    );
  });

  it('mixes a harmonization by its strength, and not at all when it is off', () => {
    const harmonization: Harmonization = {
      method: 'test',
      network: 'test',
      version: '1',
      device: 'cpu',
      ms: 1,
      strength: 1,
      enabled: true,
      pixels: 'result',
    };
    const show = (change: Partial<Harmonization>) =>
      flat(documentOf(9, 7, layer('cut', cut, IDENTITY, { harmonization: { ...harmonization, ...change } })))
        .data;
    const result = store.get('result')!.data;
    expect(show({})).toEqual(result);
    expect(show({ enabled: false })).toEqual(cut.data);
    expect(show({ strength: 0 })).toEqual(cut.data);
    show({ strength: 0.5 }).forEach((v, i) =>
      expect(Math.abs(v - (cut.data[i]! + result[i]!) / 2)).toBeLessThanOrEqual(0.5),
    );
  });

  it('averages areas when it shrinks', () => {
    const checks: Image = { width: 64, height: 64, data: new Uint8ClampedArray(4 * 64 * 64).fill(255) };
    for (let i = 0; i < 64 * 64; i++) if ((i + (i >> 6)) % 2) checks.data.set([0, 0, 0], 4 * i);
    const document = documentOf(64, 64, layer('checks', checks));
    const small = renderDocument(document, new Map([['checks', checks]]), {
      width: 8,
      height: 8,
      toView: scaling(1 / 8),
    });
    for (let i = 0; i < 64; i++) expect(Math.abs(small.data[4 * i]! - 127.5)).toBeLessThan(4);
  });

  it('names the layer whose pixels are missing', () => {
    expect(() => flat(documentOf(4, 4, layer('gone', cut)))).toThrow(Fault);
  });
});
