import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOfLeast, nth } from './select';

const list = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });

describe('selection', () => {
  it('finds what sorting would', () => {
    fc.assert(
      fc.property(list, fc.nat(), (values, seed) => {
        const k = seed % values.length;
        const sorted = [...values].sort((a, b) => a - b);
        expect(nth(Float64Array.from(values), k)).toBe(sorted[k]);
        const mean = sorted.slice(0, k + 1).reduce((a, b) => a + b, 0) / (k + 1);
        expect(meanOfLeast(Float32Array.from(values), k + 1)).toBeCloseTo(mean, 6);
      }),
    );
  });
});
