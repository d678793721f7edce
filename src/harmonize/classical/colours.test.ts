import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curve } from './contrast';
import { encoded, fromLab, linear, toLab, type Triple } from './lab';
import { chromaticity, miredOf, shiftMired, whitePoint } from './temperature';

const lab = (r: number, g: number, b: number) => {
  const out: Triple = [0, 0, 0];
  toLab(r, g, b, out);
  return out;
};
const close = (found: readonly number[], wanted: readonly number[], digits: number) =>
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));

describe('Lab', () => {
  it('has the known values of the primaries', () => {
    // Lindbloom's calculator, sRGB, D65.
    close(lab(255, 0, 0), [53.24, 80.09, 67.2], 1);
    close(lab(0, 255, 0), [87.73, -86.18, 83.18], 1);
    close(lab(0, 0, 255), [32.3, 79.19, -107.86], 1);
    close(lab(255, 255, 255), [100, 0, 0], 2);
    close(lab(119, 119, 119), [50.03, 0, 0], 1);
  });

  it('goes there and back', () => {
    const value = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(value, value, value, (r, g, b) => {
        const back: Triple = [0, 0, 0];
        fromLab(...lab(r, g, b), back);
        close(back, [r, g, b], 1);
        expect(encoded(linear(r))).toBeCloseTo(r, 6);
      }),
    );
  });
});

describe('colour temperature', () => {
  it.each([
    ['A', 0.44757, 0.40745, 2856],
    ['D50', 0.3457, 0.3585, 5003],
    ['D65', 0.31271, 0.32902, 6504],
    ['D75', 0.29902, 0.31485, 7504],
    ['F2', 0.37208, 0.37529, 4230],
  ])('of illuminant %s is known', (_name, x, y, kelvin) => {
    const point = { mired: 0, tint: 0 };
    whitePoint(x, y, point);
    expect(Math.abs(1e6 / point.mired - kelvin)).toBeLessThan(kelvin * 0.002);
    close(chromaticity(point), [x, y], 5);
  });

  it('of D65’s white is that of the colour 1, 1, 1, and black has none', () => {
    expect(1e6 / miredOf(1, 1, 1)!).toBeCloseTo(6504, -1);
    expect(miredOf(0, 0, 0)).toBeNull();
  });

  it('is shifted by so many mired at the same luminance', () => {
    const light = fc.double({ min: 0.2, max: 0.8, noNaN: true });
    fc.assert(
      fc.property(light, light, light, fc.integer({ min: -60, max: 60 }), (r, g, b, shift) => {
        const before = miredOf(r, g, b)!;
        fc.pre(before > 80 && before < 400);
        const out: Triple = [0, 0, 0];
        shiftMired(r, g, b, shift, out);
        expect(0.2126729 * out[0] + 0.7151522 * out[1] + 0.072175 * out[2]).toBeCloseTo(
          0.2126729 * r + 0.7151522 * g + 0.072175 * b,
          6,
        );
        fc.pre(Math.min(...out) > 0);
        expect(Math.abs(miredOf(...out)! - Math.min(Math.max(before + shift, 0), 600))).toBeLessThan(0.5);
      }),
    );
  });
});

describe('the contrast curve', () => {
  it('is straight at 0.5, steeper above, flatter below, and keeps its three points', () => {
    for (const x of [0.1, 0.3, 0.7, 0.95]) expect(curve(x, 0.4, 0.5)).toBeCloseTo(x, 12);
    for (const alpha of [0.4, 0.45, 0.55, 0.6]) {
      for (const x of [0, 0.4, 1]) expect(curve(x, 0.4, alpha)).toBeCloseTo(x, 12);
    }
    const slope = (alpha: number) => (curve(0.401, 0.4, alpha) - curve(0.399, 0.4, alpha)) / 0.002;
    expect(slope(0.6)).toBeGreaterThan(1.3);
    expect(slope(0.4)).toBeLessThan(0.75);
    // The Bézier curve (0,0), (0.3,0.2), (0.5,0.5) at t = 1/2.
    expect(curve(0.275, 0.5, 0.6)).toBeCloseTo(0.225, 12);
  });
});
