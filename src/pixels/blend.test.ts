import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendImages } from './blend';
import { BLENDINGS } from './blend-modes';
import { Fault } from './fault';
import { createMask, type Image } from './image';
import { blendImagesPlainly } from './reference/blend';

/** Pictures of any size with any colours and alphas, opaque and empty pixels among them. */
const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 200 }),
    seed: fc.nat(),
  })
  .map(({ width, height, seed }) => {
    const make = (salt: number): Image => {
      const data = new Uint8ClampedArray(4 * width * height);
      for (let i = 0; i < data.length; i++) {
        data[i] = Math.imul(i + seed + salt, 2_654_435_761) >>> 24;
        if (i % 4 === 3) data[i] = [0, 255, data[i]!, 255][(i >> 4) % 4]!;
      }
      return { width, height, data };
    };
    const mask = createMask(width, height);
    mask.data.forEach((_, i) => (mask.data[i] = Math.imul(i + seed, 40_503) >>> 5));
    return { under: make(0), over: make(7919), mask };
  });

function furthest(one: Image, other: Image): number {
  let most = 0;
  one.data.forEach((value, i) => (most = Math.max(most, Math.abs(value - other.data[i]!))));
  return most;
}

const share = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));

describe('blending two pictures', () => {
  it.each(BLENDINGS)('%s: is what the plain formula gives, within one level', (mode) => {
    fc.assert(
      fc.property(
        pictures,
        share,
        share,
        fc.boolean(),
        fc.boolean(),
        ({ under, over, mask }, opacity, fill, masked, atop) => {
          const options = { mode, opacity, fill, atop, mask: masked ? mask : null, offset: { x: -3, y: 11 } };
          const blended = blendImages(under, over, options);
          expect(furthest(blended, blendImagesPlainly(under, over, options))).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(BLENDINGS)('%s: changes nothing at opacity 0, through an empty mask or on nothing atop', (mode) => {
    fc.assert(
      fc.property(pictures, ({ under, over, mask }) => {
        const none = { ...mask, data: new Uint8ClampedArray(mask.data.length) };
        const nothing = { ...under, data: new Uint8ClampedArray(under.data.length) };
        const seen = { ...under, data: under.data.map((v, i) => (under.data[i | 3] === 0 ? 0 : v)) };
        expect(furthest(blendImages(under, over, { mode, opacity: 0 }), seen)).toBe(0);
        expect(furthest(blendImages(under, over, { mode, mask: none }), seen)).toBe(0);
        expect(furthest(blendImages(nothing, over, { mode, atop: true }), nothing)).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  it('normal at opacity 1 over nothing is the picture itself', () => {
    fc.assert(
      fc.property(pictures, ({ under, over }) => {
        const nothing = { ...under, data: new Uint8ClampedArray(under.data.length) };
        const seen = { ...over, data: over.data.map((v, i) => (over.data[i | 3] === 0 ? 0 : v)) };
        expect(furthest(blendImages(nothing, over), seen)).toBe(0);
      }),
    );
  });

  it('dissolves by place: about as many dots as the opacity says, the same in any part', () => {
    const size = { width: 200, height: 100 };
    const under = { ...size, data: new Uint8ClampedArray(4 * 20_000).fill(255) };
    const over = { ...size, data: new Uint8ClampedArray(4 * 20_000).map((_, i) => (i % 4 === 3 ? 255 : 0)) };
    const { data } = blendImages(under, over, { mode: 'dissolve', opacity: 0.3 });
    const dark = data.filter((v, i) => i % 4 === 0 && v === 0).length;
    expect(Math.abs(dark / 20_000 - 0.3)).toBeLessThan(0.02);
    const rows = (image: Image, from: number): Image => ({
      width: 200,
      height: 10,
      data: image.data.slice(800 * from, 800 * (from + 10)),
    });
    const part = blendImages(rows(under, 40), rows(over, 40), {
      mode: 'dissolve',
      opacity: 0.3,
      offset: { x: 0, y: 40 },
    });
    expect(furthest(part, rows({ ...size, data }, 40))).toBe(0);
  });

  it('refuses pictures of different sizes, empty ones and senseless opacities', () => {
    const image = (width: number, height: number, length = 4 * width * height): Image => ({
      width,
      height,
      data: new Uint8ClampedArray(length),
    });
    const one = image(4, 4);
    for (const wrong of [
      image(4, 5),
      image(5, 4),
      image(0, 4),
      image(4, 4, 63),
      image(NaN, 4),
      image(2.5, 4),
    ])
      expect(() => blendImages(one, wrong)).toThrow(Fault);
    for (const value of [-0.1, 1.1, NaN, Infinity]) {
      expect(() => blendImages(one, one, { opacity: value })).toThrow(Fault);
      expect(() => blendImages(one, one, { fill: value })).toThrow(Fault);
    }
    expect(() => blendImages(one, one, { mask: createMask(3, 4) })).toThrow(Fault);
    expect(() => blendImages(one, one, {}, new Uint8ClampedArray(8))).toThrow(Fault);
  });
});
