import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blurMask, boxBlurMask, boxWeights, gaussianWeights } from './blur';
import { Fault } from './fault';
import { histogramOf } from './histogram';
import type { Image, Mask } from './image';
import { imageOfLab, imageOfLinearLight, labOf, linearLightOf } from './lab';
import { linearOf } from './light';

const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 70 }), seed: fc.nat() })
  .map(({ width, height, seed }): Image => {
    const data = new Uint8ClampedArray(4 * width * height);
    for (let i = 0; i < data.length; i++) data[i] = Math.imul(i + seed, 2_654_435_761) >>> 24;
    for (let i = 3; i < data.length; i += 4) data[i] = Math.max(data[i]!, 1);
    return { width, height, data };
  });

describe('colour spaces', () => {
  it('knows the L*a*b* of known colours', () => {
    const image = (r: number, g: number, b: number): Image => ({
      width: 1,
      height: 1,
      data: Uint8ClampedArray.of(r, g, b, 255),
    });
    // Lindbloom's calculator, sRGB, D65.
    for (const [colour, lab] of [
      [
        [255, 255, 255],
        [100, 0, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        [255, 0, 0],
        [53.24, 80.09, 67.2],
      ],
      [
        [0, 255, 0],
        [87.73, -86.18, 83.18],
      ],
      [
        [0, 0, 255],
        [32.3, 79.19, -107.86],
      ],
      [
        [119, 119, 119],
        [50.03, 0, 0],
      ],
    ] as const) {
      const { data } = labOf(image(colour[0], colour[1], colour[2]));
      lab.forEach((value, c) => expect(Math.abs(data[c]! - value)).toBeLessThan(0.03));
    }
  });

  it('goes to L*a*b* and to linear light, and back to the very same bytes', () => {
    fc.assert(
      fc.property(pictures, (image) => {
        expect(imageOfLab(labOf(image), image).data).toEqual(image.data);
        expect(imageOfLinearLight(linearLightOf(image), image).data).toEqual(image.data);
      }),
      { numRuns: 20 },
    );
  });

  it('is linear light as the standard has it', () => {
    fc.assert(
      fc.property(pictures, (image) => {
        const { data } = linearLightOf(image);
        const size = image.width * image.height;
        for (let i = 0; i < size; i++)
          expect(Math.abs(data[i]! - linearOf(image.data[4 * i]! / 255))).toBeLessThan(2e-5);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses planes of another size', () => {
    const image: Image = { width: 2, height: 2, data: new Uint8ClampedArray(16) };
    const wrong = { width: 2, height: 1, channels: 3, data: new Float32Array(6) };
    expect(() => imageOfLab(wrong, image)).toThrow(Fault);
    expect(() => labOf({ ...image, width: 3 })).toThrow(Fault);
  });
});

describe('histograms', () => {
  it('count every pixel that shows, as counting one by one does', () => {
    fc.assert(
      fc.property(pictures, (image) => {
        const plain = { red: new Uint32Array(256), luminosity: new Uint32Array(256) };
        for (let i = 0; i < image.data.length; i += 4) {
          const [r, g, b, a] = image.data.slice(i, i + 4) as unknown as [number, number, number, number];
          if (a < 128) continue;
          plain.red[r]! += 1;
          plain.luminosity[Math.round((30 * r + 59 * g + 11 * b) / 100)]! += 1;
        }
        const { red, luminosity } = histogramOf(image);
        expect(red).toEqual(plain.red);
        expect(luminosity).toEqual(plain.luminosity);
      }),
      { numRuns: 30 },
    );
  });
});

/** What the kernels do, plainly. */
function blurPlainly({ width, height, data }: Mask, weights: Float32Array): Float64Array {
  const radius = weights.length >> 1;
  const at = (x: number, y: number) =>
    data[Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)]!;
  return Float64Array.from({ length: width * height }, (_, i) => {
    let sum = 0;
    weights.forEach((down, j) =>
      weights.forEach((across, k) => {
        sum += down * across * at((i % width) + k - radius, Math.floor(i / width) + j - radius);
      }),
    );
    return sum;
  });
}

describe('blurs', () => {
  const masks = pictures.map(({ width, height, data }): Mask => ({
    width,
    height,
    data: data.slice(0, width * height),
  }));

  it('are what the plain sums give, within one level', () => {
    fc.assert(
      fc.property(masks, fc.double({ min: 0, max: 3, noNaN: true }), fc.nat(4), (mask, deviation, radius) => {
        const gauss = blurPlainly(mask, gaussianWeights(deviation));
        blurMask(mask, deviation).data.forEach((v, i) => {
          if (Math.abs(v - gauss[i]!) > 1) expect([i, v]).toEqual([i, gauss[i]]);
        });
        const box = blurPlainly(mask, boxWeights(radius));
        boxBlurMask(mask, radius).data.forEach((v, i) => {
          if (Math.abs(v - box[i]!) > 1) expect([i, v]).toEqual([i, box[i]]);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('refuse what is no blur', () => {
    const mask: Mask = { width: 2, height: 2, data: new Uint8ClampedArray(4) };
    for (const deviation of [-1, NaN, 1e6]) expect(() => blurMask(mask, deviation)).toThrow(Fault);
    for (const radius of [-1, 0.5, NaN, 1e6]) expect(() => boxBlurMask(mask, radius)).toThrow(Fault);
  });
});
