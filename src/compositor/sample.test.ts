import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDocument, pixelLayer } from '../document/new-layer';
import type { Image } from '../pixels/image';
import { invert, type Matrix } from '../pixels/matrix';
import { isOpaque, mip } from './mips';
import { renderDocument } from './render';
import type { Interpolation } from './sample';
import { picture } from './scenes-for-tests';

/** Keys' cubic with a = −1/2. */
const cubic = (t: number) => {
  const d = Math.abs(t);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
};

/** What a view pixel shows, plainly: areas of texels, or the cubic where it enlarges; straight RGBA, 0..255. */
function samplePlainly(image: Image, toView: Matrix, x: number, y: number, how: Interpolation): number[] {
  const m = invert(toView);
  const weight = (u: number, texel: number, reach: number) => {
    if (how === 'bicubic' && reach <= 1) return cubic(texel + 0.5 - u);
    const wide = Math.max(1, reach);
    return Math.max(0, Math.min(texel + 1, u + wide / 2) - Math.max(texel, u - wide / 2)) / wide;
  };
  const u = m.a * (x + 0.5) + m.c * (y + 0.5) + m.e;
  const v = m.b * (x + 0.5) + m.d * (y + 0.5) + m.f;
  const sum = [0, 0, 0, 0];
  for (let j = 0; j < image.height; j++) {
    const down = weight(v, j, Math.hypot(m.b, m.d));
    if (down === 0) continue;
    for (let i = 0; i < image.width; i++) {
      const share = down * weight(u, i, Math.hypot(m.a, m.c));
      if (share === 0) continue;
      const at = 4 * (j * image.width + i);
      const alpha = (image.data[at + 3]! / 255) * share;
      for (let c = 0; c < 3; c++) sum[c]! += image.data[at + c]! * alpha;
      sum[3]! += alpha;
    }
  }
  const alpha = Math.min(Math.max(sum[3]!, 0), 1);
  if (alpha < 0.5 / 255) return [0, 0, 0, 0];
  const scale = sum[3]! > 1 ? 1 / sum[3]! : 1;
  return [0, 1, 2]
    .map((c) => Math.min(Math.max(sum[c]! * scale, 0), 255 * alpha) / alpha)
    .concat(alpha * 255);
}

function show(image: Image, transform: Matrix, interpolation: Interpolation): Image {
  const layer = pixelLayer({
    id: 'l',
    name: 'l',
    pixels: 'p',
    width: image.width,
    height: image.height,
    transform,
  });
  const document = newDocument({ width: 30, height: 24 }, [layer]);
  const view = { width: 30, height: 24, toView: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 } };
  return renderDocument(document, { get: () => image }, view, { interpolation });
}

/** Maps that shrink less than by half, so that no mip level stands between. */
const transforms = fc
  .record({
    x: fc.double({ min: 0.55, max: 4, noNaN: true }),
    y: fc.double({ min: 0.55, max: 4, noNaN: true }),
    turn: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 6.3, noNaN: true })),
    e: fc.integer({ min: -20, max: 20 }),
    f: fc.integer({ min: -20, max: 20 }),
  })
  .map(({ x, y, turn, e, f }) => ({
    a: x * Math.cos(turn),
    b: x * Math.sin(turn),
    c: -y * Math.sin(turn),
    d: y * Math.cos(turn),
    e: 15 + e / 4,
    f: 12 + f / 4,
  }));

describe('resampling', () => {
  it.each(['bilinear', 'bicubic'] as const)('%s: is what the plain sums give', (how) => {
    // Flat steps in both directions: places are kept to 1/256 of a texel, which moves a value by so much of its slope.
    const image = picture(17, 13, 3, true);
    image.data.forEach((v, i) => (image.data[i] = i % 4 === 3 ? (i % 3 ? 255 : 128) : 96 + (v >> 2)));
    fc.assert(
      fc.property(transforms, (transform) => {
        const { data } = show(image, transform, how);
        for (let i = 0; i < 30 * 24; i++) {
          const plain = samplePlainly(image, transform, i % 30, Math.floor(i / 30), how);
          // A pixel that is hardly there has hardly a colour.
          if (plain[3]! < 40) continue;
          for (let c = 0; c < 4; c++) {
            const off = Math.abs(data[4 * i + c]! - plain[c]!);
            if (off > 2.5) expect([i, c, data[4 * i + c]]).toEqual([i, c, plain[c]]);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keeps a flat colour flat at any scale, to its very border', () => {
    const flat: Image = { width: 33, height: 21, data: new Uint8ClampedArray(4 * 33 * 21).fill(255) };
    for (let i = 0; i < flat.data.length; i += 4) flat.data.set([200, 100, 50], i);
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        fc.constantFrom('bilinear', 'bicubic', 'coarse'),
        (s, how) => {
          const { data } = show(flat, { a: s, b: 0, c: 0, d: s, e: 3.3, f: 2.1 }, how as Interpolation);
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3]! < 8) continue;
            expect(Math.abs(data[i]! - 200)).toBeLessThanOrEqual(1);
            expect(Math.abs(data[i + 2]! - 50)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('keeps the whole of a picture when it shrinks: its light is its area’s', () => {
    const image = picture(64, 48, 11, true);
    const mean = (of: Image, c: number) => {
      let sum = 0;
      let area = 0;
      for (let i = 0; i < of.data.length; i += 4) {
        sum += of.data[i + c]! * of.data[i + 3]!;
        area += of.data[i + 3]!;
      }
      return sum / area;
    };
    for (const s of [0.9, 0.61, 0.5, 0.4, 0.27, 0.13]) {
      const shown = show(image, { a: s, b: 0, c: 0, d: s, e: 0, f: 0 }, 'bilinear');
      if (64 * s > 30) continue;
      for (let c = 0; c < 3; c++) expect(Math.abs(mean(shown, c) - mean(image, c))).toBeLessThan(1);
    }
  });
});

describe('mip levels', () => {
  it('are means of four, colours weighted by alpha, as the plain sums give', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        fc.boolean(),
        (w, h, seed, solid) => {
          const image = picture(w, h, seed, solid);
          const half = mip(image, 1);
          expect([half.width, half.height]).toEqual([Math.ceil(w / 2), Math.ceil(h / 2)]);
          for (let y = 0; y < half.height; y++) {
            for (let x = 0; x < half.width; x++) {
              const sum = [0, 0, 0, 0];
              for (const [i, j] of [
                [0, 0],
                [1, 0],
                [0, 1],
                [1, 1],
              ] as const) {
                const at = 4 * (Math.min(2 * y + j, h - 1) * w + Math.min(2 * x + i, w - 1));
                const alpha = image.data[at + 3]!;
                for (let c = 0; c < 3; c++) sum[c]! += image.data[at + c]! * alpha;
                sum[3]! += alpha;
              }
              const at = 4 * (y * half.width + x);
              expect(Math.abs(half.data[at + 3]! - sum[3]! / 4)).toBeLessThanOrEqual(1);
              if (sum[3] === 0) continue;
              for (let c = 0; c < 3; c++)
                expect(Math.abs(half.data[at + c]! - sum[c]! / sum[3]!)).toBeLessThanOrEqual(1);
            }
          }
          expect(isOpaque(image)).toBe(image.data.every((v, i) => i % 4 !== 3 || v === 255));
        },
      ),
      { numRuns: 40 },
    );
  });
});
