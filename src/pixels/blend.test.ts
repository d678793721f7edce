import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendImages } from './blend';
import { Fault } from './fault';
import { type Image } from './image';
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
    return { under: make(0), over: make(7919) };
  });

function furthest(one: Image, other: Image): number {
  let most = 0;
  one.data.forEach((value, i) => (most = Math.max(most, Math.abs(value - other.data[i]!))));
  return most;
}

describe('blending two pictures', () => {
  it('is what the plain formula gives, within one level', () => {
    fc.assert(
      fc.property(pictures, fc.double({ min: 0, max: 1, noNaN: true }), ({ under, over }, opacity) => {
        const blended = blendImages(under, over, opacity);
        expect(furthest(blended, blendImagesPlainly(under, over, opacity))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('changes nothing at opacity 0', () => {
    fc.assert(
      fc.property(pictures, ({ under, over }) => {
        const { data } = blendImages(under, over, 0);
        under.data.forEach((value, i) => {
          if (under.data[i | 3]! > 0 && data[i] !== value) expect([i, data[i]]).toEqual([i, value]);
        });
      }),
    );
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
    for (const opacity of [-0.1, 1.1, NaN, Infinity])
      expect(() => blendImages(one, one, opacity)).toThrow(Fault);
    expect(() => blendImages(one, one, 1, new Uint8ClampedArray(8))).toThrow(Fault);
  });
});
