import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { squashImage, squashMask } from './area';
import { createImage, createMask, type Image } from './image';
import { seeded } from './random';

const plane = z.object({ width: z.number(), height: z.number(), values: z.array(z.number()) });
const fixture = z.object({
  tolerance: z.number(),
  cases: z.array(z.object({ src: plane, dst: plane })).min(4),
});

describe('the squash to a network’s size', () => {
  it('is the training’s own', () => {
    const { cases, tolerance } = fixture.parse(
      JSON.parse(readFileSync('test/fixtures/area-resize.json', 'utf8')),
    );
    for (const { src, dst } of cases) {
      const mask = { width: src.width, height: src.height, data: Uint8ClampedArray.from(src.values) };
      const squashed = squashMask(mask, dst.width, dst.height).data;
      expect(squashed.length).toBe(dst.values.length);
      dst.values.forEach((value, i) => expect(Math.abs(squashed[i]! - value)).toBeLessThan(tolerance));
    }
  });

  it('keeps a flat colour and the mean of what it shrinks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (width, height, toWidth, toHeight, seed) => {
          const flat = createMask(width, height);
          flat.data.fill(seed % 256);
          for (const value of squashMask(flat, toWidth, toHeight).data)
            expect(value).toBeCloseTo(seed % 256, 3);
          if (toWidth > width || toHeight > height) return;
          const noise = createMask(width, height);
          noise.data.forEach((_, i) => (noise.data[i] = ((i + seed) * 2_654_435_761) >>> 24));
          const mean = (values: ArrayLike<number>) =>
            Array.from(values).reduce((a, b) => a + b, 0) / values.length;
          expect(mean(squashMask(noise, toWidth, toHeight).data)).toBeCloseTo(mean(noise.data), 2);
        },
      ),
    );
  });

  it('lets nothing bleed out of transparent pixels', () => {
    const image = createImage(8, 8);
    for (let i = 0; i < 64; i++) image.data.set(i % 8 < 3 ? [200, 100, 50, 255] : [0, 0, 0, 0], 4 * i);
    const { data } = squashImage(image, 2, 2);
    expect(Array.from(data).map(Math.round)).toEqual([
      200, 200, 200, 200, 100, 100, 100, 100, 50, 50, 50, 50,
    ]);
  });
});

describe('the squash of a picture', () => {
  it('is the mean of what each cell covers, colours weighted by alpha', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (columns, rows, seed) => {
          const image = createImage(columns * 3, rows * 2);
          image.data.forEach((_, i) => (image.data[i] = Math.imul(i + 1, seed | 1) >>> 24));
          const { data } = squashImage(image, columns, rows);
          for (let cell = 0; cell < columns * rows; cell++) {
            const sums = [0, 0, 0, 0];
            for (let k = 0; k < 6; k++) {
              const x = (cell % columns) * 3 + (k % 3);
              const y = Math.floor(cell / columns) * 2 + Math.floor(k / 3);
              const [r, g, b, a] = image.data.subarray(4 * (y * columns * 3 + x));
              [r!, g!, b!, 1].forEach((v, c) => (sums[c]! += v * a!));
            }
            if (sums[3]! < 1) continue;
            for (let c = 0; c < 3; c++) {
              expect(Math.abs(data[c * columns * rows + cell]! - sums[c]! / sums[3]!)).toBeLessThan(0.01);
            }
          }
        },
      ),
    );
  });
});

/** The squash in plain TypeScript: every cell the mean of what it covers, colours weighted by alpha. */
function plainSquash({ width, height, data }: Image, across: number, down: number): number[][] {
  const cells: number[][] = [];
  const share = (i: number, from: number, to: number) => Math.max(Math.min(i + 1, to) - Math.max(i, from), 0);
  for (let v = 0; v < down; v++) {
    for (let u = 0; u < across; u++) {
      const sums = [0, 0, 0, 0];
      for (let y = 0; y < height; y++) {
        const tall = share(y, (v * height) / down, ((v + 1) * height) / down);
        for (let x = 0; x < width && tall > 0; x++) {
          const area = tall * share(x, (u * width) / across, ((u + 1) * width) / across);
          const at = 4 * (y * width + x);
          sums[3]! += area * data[at + 3]!;
          for (let c = 0; c < 3; c++) sums[c]! += area * data[at + 3]! * data[at + c]!;
        }
      }
      cells.push(sums);
    }
  }
  return cells;
}

describe('the squash in kernels', () => {
  it('is the plain one: opaque, translucent, and where only some rows are opaque', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 250, max: 600 })),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('opaque', 'translucent', 'some rows'),
        fc.nat(1000),
        (width, height, toWidth, toHeight, alphas, seed) => {
          if (toWidth > width || toHeight > height) return;
          const image = createImage(width, height);
          const random = seeded(seed);
          for (let i = 0; i < image.data.length; i++) image.data[i] = 256 * random();
          for (let i = 3; i < image.data.length; i += 4) {
            const row = Math.floor(i / (4 * width));
            if (alphas === 'opaque' || (alphas === 'some rows' && row % 7 > 0)) image.data[i] = 255;
          }
          const { data } = squashImage(image, toWidth, toHeight);
          const size = toWidth * toHeight;
          plainSquash(image, toWidth, toHeight).forEach((sums, i) => {
            if (sums[3]! < 1) return;
            for (let c = 0; c < 3; c++)
              expect(Math.abs(data[c * size + i]! - sums[c]! / sums[3]!)).toBeLessThan(0.01);
          });
        },
      ),
    );
  });
});
