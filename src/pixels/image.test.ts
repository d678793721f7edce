import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaMask, maskBounds, visibleBounds } from './image';

describe('the box around what is visible', () => {
  it('is that of the alpha as a mask, for any picture', () => {
    const size = fc.integer({ min: 1, max: 21 });
    fc.assert(
      fc.property(size, size, fc.array(fc.nat(440), { maxLength: 6 }), (width, height, visible) => {
        const data = new Uint8ClampedArray(4 * width * height).fill(0);
        for (const at of visible) if (at < width * height) data[4 * at + 3] = 1 + (at % 255);
        const image = { width, height, data };
        expect(visibleBounds(image)).toEqual(maskBounds(alphaMask(image)));
      }),
      { numRuns: 2000 },
    );
  });
});
