import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IDENTITY, invert, type Matrix, multiply, scaling, translation } from './matrix';

const entry = fc.double({ min: -4, max: 4, noNaN: true });
const matrix: fc.Arbitrary<Matrix> = fc
  .record({ a: entry, b: entry, c: entry, d: entry, e: entry, f: entry })
  .filter((m) => Math.abs(m.a * m.d - m.b * m.c) > 0.1);

function expectSame(one: Matrix, other: Matrix) {
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f'] as const) expect(one[key]).toBeCloseTo(other[key], 6);
}

it('undoes a map by its inverse', () => {
  fc.assert(fc.property(matrix, (m) => expectSame(multiply(invert(m), m), IDENTITY)));
});

it('applies the second argument first', () => {
  expectSame(multiply(scaling(2), translation(3, 5)), { a: 2, b: 0, c: 0, d: 2, e: 6, f: 10 });
});

it('refuses a map without an inverse', () => {
  expect(() => invert(scaling(0))).toThrow(RangeError);
  expect(() => invert({ ...IDENTITY, a: NaN })).toThrow(RangeError);
});
