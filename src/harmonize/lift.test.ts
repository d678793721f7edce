import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOR_MAP_CHANNELS } from '../pixels/color-map';
import { Fault } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';
import { scaling } from '../pixels/matrix';
import { lift, type LiftJob, liftRows } from './lift';
import type { ColorMapResult, ImageResult, NetworkInfo } from './network';
import { prepare } from './prepare';

const ran = { network: 'test', version: '1', device: 'cpu', fellBack: [], ms: 0 };

function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** A picture of gradients and noise, with some transparency; its mask is a soft disc. */
function scene(width: number, height: number, seed = 1): { image: Image; mask: Mask } {
  const random = noise(seed);
  const data = new Uint8ClampedArray(4 * width * height);
  const mask = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      data.set(
        [(255 * x) / width, (255 * y) / height, 128 + 60 * random(), random() < 0.9 ? 255 : 90],
        4 * i,
      );
      mask[i] = 255 * (1.4 - Math.hypot(x / width - 0.5, y / height - 0.5) * 4);
    }
  }
  return { image: { width, height, data }, mask: { width, height, data: mask } };
}

function colourMap(value: (plane: number, cell: number) => number, side = 4): ColorMapResult {
  const cells = side * side;
  const data = Float32Array.from({ length: COLOR_MAP_CHANNELS * cells }, (_, i) =>
    value(Math.floor(i / cells), i % cells),
  );
  return { ...ran, kind: 'colorMap', width: side, height: side, data };
}

const network: NetworkInfo = {
  name: 'test',
  version: '1',
  title: 'Test',
  kind: 'image',
  inputWidth: 16,
  inputHeight: 16,
  isDefault: true,
};

function jobs(width: number, height: number, strength = 1, seed = 1): LiftJob[] {
  const { image, mask } = scene(width, height, seed);
  const input = prepare(image, mask, network);
  const random = noise(seed + 7);
  const brighter: ImageResult = {
    ...ran,
    kind: 'image',
    width: 16,
    height: 16,
    data: input.image.map((v) => v + 40 * random()),
  };
  const common = { source: image, amount: mask, strength, toFrame: scaling(1 / width, 1 / height), input };
  return [
    { ...common, result: colourMap(() => random() - 0.5), method: 'bilateral' },
    { ...common, result: brighter, method: 'guided' },
    { ...common, result: brighter, method: 'bilateral' },
    { ...common, result: brighter, method: 'bilinear' },
  ];
}

describe('lifting', () => {
  it('leaves alpha and everything outside the mask bit-identical', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 5, max: 60 }),
        fc.nat(999),
        (w, h, seed) => {
          for (const job of jobs(w, h, 1, seed)) {
            const out = lift(job).data;
            const { data } = job.source;
            let changed = 0;
            for (let i = 0; i < w * h; i++) {
              for (let c = 0; c < 4; c++) {
                const by = Math.abs(out[4 * i + c]! - data[4 * i + c]!);
                if (by > 0 && (c === 3 || job.amount!.data[i] === 0)) {
                  throw new Error(`Pixel ${i} changed by ${by} in channel ${c}.`);
                }
                changed += by;
              }
            }
            expect(changed).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('at strength 0 changes nothing, at 0.5 goes half the way', () => {
    const full = jobs(40, 30, 1).map(lift);
    const half = jobs(40, 30, 0.5).map(lift);
    jobs(40, 30, 0).forEach((job, n) => {
      expect(lift(job).data).toEqual(job.source.data);
      job.source.data.forEach((v, i) =>
        expect(Math.abs(half[n]!.data[i]! - (v + full[n]!.data[i]!) / 2)).toBeLessThanOrEqual(1),
      );
    });
  });

  it('gives the same pixels however the rows are split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 29 }), (cut) => {
        for (const job of jobs(33, 30)) {
          const out = new Uint8ClampedArray(job.source.data.length);
          liftRows(job, { from: cut, to: 30 }, out);
          liftRows(job, { from: 0, to: cut }, out);
          const whole = lift(job).data;
          expect(out.every((v, i) => v === whole[i])).toBe(true);
        }
      }),
    );
  });

  it('applies a colour map by its formula', () => {
    const { image, mask } = scene(20, 20);
    const input = prepare(image, mask, network);
    // Red gains half of green², green loses a tenth, blue gets red·blue.
    const gains: Record<number, number> = { 4: 0.5, 19: -0.1, 27: 1 };
    const result = colourMap((plane) => gains[plane] ?? 0);
    const out = lift({
      source: image,
      amount: null,
      strength: 1,
      toFrame: scaling(1 / 20, 1 / 20),
      input,
      result,
      method: 'bilateral',
    });
    for (let i = 0; i < 400; i++) {
      const [r, g, b] = Array.from(image.data.subarray(4 * i, 4 * i + 3)) as [number, number, number];
      expect(out.data[4 * i]).toBeCloseTo(Math.min(255, r + (0.5 * g * g) / 255), -0.31);
      expect(out.data[4 * i + 1]).toBeCloseTo(Math.max(0, g - 25.5), -0.31);
      expect(out.data[4 * i + 2]).toBeCloseTo(Math.min(255, b + (r * b) / 255), -0.31);
    }
  });

  it('interpolates the map between the centres of its cells', () => {
    const { image, mask } = scene(64, 8);
    image.data.fill(100);
    const input = prepare(image, mask, network);
    // The constant term of red grows with the column: 0, 0.1, 0.2, 0.3.
    const result = colourMap((plane, cell) => (plane === 9 ? (cell % 4) / 10 : 0));
    const out = lift({
      source: image,
      amount: null,
      strength: 1,
      toFrame: scaling(1 / 64, 1 / 8),
      input,
      result,
      method: 'bilateral',
    });
    for (let x = 0; x < 64; x++) {
      const column = Math.min(Math.max(((x + 0.5) / 64) * 4 - 0.5, 0), 3);
      expect(Math.abs(out.data[4 * x]! - (100 + 25.5 * column))).toBeLessThanOrEqual(0.51);
    }
  });

  it('keeps a bilateral change on its own side of an edge', () => {
    // Dark foreground on the left brightened by 60, bright background on the right unchanged, the mask soft between.
    const width = 160;
    const image: Image = { width, height: 16, data: new Uint8ClampedArray(4 * width * 16) };
    const mask: Mask = { width, height: 16, data: new Uint8ClampedArray(width * 16) };
    for (let i = 0; i < width * 16; i++) {
      const x = i % width;
      image.data.set(x < 83 ? [40, 40, 40, 255] : [220, 220, 220, 255], 4 * i);
      mask.data[i] = x < 83 ? 255 : 0;
    }
    const input = prepare(image, mask, network);
    const data = input.image.map((v, i) => v + (60 * input.mask[i % 256]!) / 255);
    const result: ImageResult = { ...ran, kind: 'image', width: 16, height: 16, data };
    const job: LiftJob = {
      source: image,
      amount: mask,
      strength: 1,
      toFrame: scaling(1 / width, 1 / 16),
      input,
      result,
      method: 'bilateral',
    };
    const at = (out: Image, x: number) => out.data[4 * (8 * width + x)]!;
    const sharp = lift(job);
    const soft = lift({ ...job, method: 'bilinear' });
    expect(at(sharp, 82)).toBeGreaterThan(95);
    expect(at(soft, 82)).toBeLessThan(at(sharp, 82));
    expect(at(sharp, 83)).toBe(220);
  });

  it('refuses what does not fit', () => {
    const [job] = jobs(20, 20) as [LiftJob];
    const broken: Partial<LiftJob>[] = [
      { strength: NaN },
      { strength: 1.5 },
      { amount: { width: 3, height: 3, data: new Uint8ClampedArray(9) } },
      { toFrame: scaling(Infinity) },
      { result: { ...(job.result as ColorMapResult), width: 5 } },
      { source: { ...job.source, height: 21 } },
    ];
    for (const change of broken) expect(() => lift({ ...job, ...change })).toThrow(Fault);
  });
});

describe('what a network sees', () => {
  it('refuses masks that say nothing, and names both sizes of one that does not fit', () => {
    const { image, mask } = scene(20, 10);
    const filled = (value: number) => ({ ...mask, data: new Uint8ClampedArray(200).fill(value) });
    expect(() => prepare(image, filled(0), network)).toThrow(/no foreground/);
    expect(() => prepare(image, filled(255), network)).toThrow(/all foreground/);
    expect(() => prepare(image, scene(10, 20).mask, network)).toThrow(/10×20.*20×10/);
  });
});
