import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOf, takeGreys } from './greys';
import { seeded } from './random';

/** Lengths about the chunks and the sixteens that the kernels work in. */
const lengths = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(65535, 65536, 65537, 65552, 131072, 140000),
);

describe('masks as bytes', () => {
  it('are summed up', () => {
    fc.assert(
      fc.property(lengths, fc.nat(1000), fc.boolean(), (length, seed, white) => {
        const random = seeded(seed);
        const bytes = Uint8ClampedArray.from({ length }, () => (white ? 255 : 256 * random()));
        expect(sumOf(bytes)).toBe(bytes.reduce((sum, value) => sum + value, 0));
      }),
      { numRuns: 40 },
    );
  });

  it('are taken from grey pixels, up to the sixteen with the first one that is not', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.nat(1000),
        fc.nat(2),
        fc.double({ min: 0, max: 1.5 }),
        (length, seed, channel, where) => {
          const random = seeded(seed);
          const values = Uint8ClampedArray.from({ length }, () => 256 * random());
          const pixels = new Uint8ClampedArray(3 * length);
          values.forEach((value, i) => pixels.fill(value, 3 * i, 3 * i + 3));
          const coloured = Math.floor(where * length);
          if (coloured < length) pixels[3 * coloured + channel]! ^= 1;
          const greys = new Uint8ClampedArray(length);
          const taken = takeGreys(pixels, greys);
          expect(taken).toBe(16 * Math.floor(Math.min(coloured, length) / 16));
          expect(Buffer.from(greys.subarray(0, taken)).equals(Buffer.from(values.subarray(0, taken)))).toBe(
            true,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
