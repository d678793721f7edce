import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../pixels/fault';
import { agreeWith, squashReference } from './reference';

/** A picture whose every pixel has a colour of its own. */
function inputOf(width: number, height: number, mask: Float32Array) {
  const image = Float32Array.from({ length: 3 * width * height }, (_, i) => i / 16);
  return { network: 'any', width, height, image, mask };
}

const plane = (length: number) =>
  fc
    .array(fc.constantFrom(0, 0, 0, 3, 130, 255, 255), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values));
const anyCase = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      mask: plane(width * height),
      reference: plane(width * height),
    }),
  );

const colour = (image: Float32Array, size: number, i: number) =>
  [0, 1, 2].map((c) => image[c * size + i]!).join();

describe('agreeing with a part of the background', () => {
  it('keeps the foreground and the region, and takes every other colour from the region, or says why not', () => {
    fc.assert(
      fc.property(anyCase, ({ width, height, mask, reference }) => {
        const size = width * height;
        const input = inputOf(width, height, mask);
        const before = new Float32Array(input.image);
        const beside = [...reference.keys()].filter((i) => reference[i]! > 0 && mask[i]! <= 0);
        if (beside.length === 0) {
          expect(() => agreeWith(input, reference)).toThrow(Fault);
          return;
        }
        const most = Math.max(...beside.map((i) => reference[i]!));
        const region = new Set(beside.filter((i) => reference[i]! >= most / 2));
        const { image, ...rest } = agreeWith(input, reference);
        expect(rest).toEqual({ network: 'any', width, height, mask });
        expect(input.image).toEqual(before);
        const theirs = new Set([...region].map((i) => colour(before, size, i)));
        for (let i = 0; i < size; i++) {
          if (mask[i]! > 0 || region.has(i)) expect(colour(image, size, i)).toBe(colour(before, size, i));
          else expect(theirs).toContain(colour(image, size, i));
        }
      }),
    );
  });

  it('changes nothing when the region is the whole background', () => {
    fc.assert(
      fc.property(anyCase, ({ width, height, mask }) => {
        fc.pre(mask.some((value) => value <= 0));
        const input = inputOf(width, height, mask);
        expect(agreeWith(input, new Float32Array(width * height).fill(255))).toEqual(input);
      }),
    );
  });

  it('mirrors a rectangle at its edges', () => {
    const mask = new Float32Array(7 * 5);
    const reference = new Float32Array(7 * 5);
    for (const y of [1, 2]) for (const x of [2, 3, 4]) reference[7 * y + x] = 255;
    const { image } = agreeWith(inputOf(7, 5, mask), reference);
    const taken = Array.from(image.subarray(0, 35), (value) => value * 16);
    expect(taken).toEqual([1, 1, 2, 2, 1].flatMap((y) => [3, 2, 2, 3, 4, 4, 3].map((x) => 7 * y + x)));
  });

  it('gives the rest of the background the mean of an uneven region', () => {
    const side = 64;
    const mask = new Float32Array(side * side);
    // A triangle: its rows have 1 to 32 pixels, and are the darker the longer they are.
    const reference = Float32Array.from(mask, (_, i) =>
      i % side <= Math.floor(i / side) && i < 32 * side ? 255 : 0,
    );
    const image = Float32Array.from({ length: 3 * side * side }, (_, i) => {
      const y = Math.floor((i % (side * side)) / side);
      return y < 32 ? 200 - 4 * y : 7;
    });
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const wanted = mean([...image.subarray(0, side * side)].filter((_, i) => reference[i]! > 0));
    const made = agreeWith({ network: 'any', width: side, height: side, image, mask }, reference).image;
    const got = mean([...made.subarray(0, side * side)].filter((_, i) => reference[i] === 0));
    // Rows taken evenly would be 20 off.
    expect(Math.abs(got - wanted)).toBeLessThan(4);
  });

  it('knows a region that is smaller than a pixel of the network', () => {
    const data = new Uint8ClampedArray(64 * 64);
    data[0] = 255;
    const reference = squashReference({ width: 64, height: 64, data }, { width: 8, height: 8 });
    const { image } = agreeWith(inputOf(8, 8, new Float32Array(64)), reference);
    expect(new Set(image.subarray(0, 64))).toEqual(new Set([0]));
  });

  it('refuses an empty region, and one that holds no background', () => {
    const mask = Float32Array.from([255, 255, 0, 0]);
    expect(() => agreeWith(inputOf(2, 2, mask), new Float32Array(4))).toThrow('is empty');
    expect(() => agreeWith(inputOf(2, 2, mask), mask)).toThrow('inside the foreground');
  });
});
