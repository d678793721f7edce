import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyColorMap, COLOR_MAP_CHANNELS, type ColorMap } from './color-map';
import { squashImage, squashMask } from './area';
import { fitGuided, plainGrid } from './guided';
import type { Image, Mask, Planes } from './image';
import type { LowResolutionChange } from './low-resolution';
import { type Matrix, multiply, scaling, translation } from './matrix';
import { seeded } from './random';
import type { Recolouring } from './recolouring';
import { applyColorMap as colorMapOracle } from './reference/color-map';
import { fitGuided as fitOracle } from './reference/guided';
import { applyAffine, upsampleBilateral as bilateralOracle } from './reference/upsample';
import { upsampleExactly } from './reference/joint-bilateral';
import { upsampleBilateral, upsampleBilinear, upsampleGuided } from './upsample';

interface Case {
  readonly job: Recolouring;
  readonly low: LowResolutionChange;
  readonly map: ColorMap;
}

/** A noisy picture with holes in its amounts, low-resolution planes of its own, placed straight or aslant. */
const cases = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 30 }),
    across: fc.integer({ min: 1, max: 9 }),
    down: fc.integer({ min: 1, max: 9 }),
    turn: fc.constantFrom(0, 0, 0.7, 2, Math.PI),
    zoom: fc.double({ min: 0.4, max: 2.5, noNaN: true }),
    strength: fc.double({ min: 0.05, max: 1, noNaN: true }),
    whole: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ width, height, across, down, turn, zoom, strength, whole, seed }): Case => {
    const random = seeded(seed);
    const bytes = (length: number) => Uint8ClampedArray.from({ length }, () => 256 * random());
    const source: Image = { width, height, data: bytes(4 * width * height) };
    const amount: Mask = { width, height, data: bytes(width * height).map((v) => (v < 90 ? 0 : v)) };
    const plane = (channels: number, value: () => number): Planes => ({
      width: across,
      height: down,
      channels,
      data: Float32Array.from({ length: channels * across * down }, value),
    });
    const toFrame = multiply(scaling(1 / width, 1 / height), turned(turn, zoom, width / 2, height / 2));
    return {
      job: { source, amount: whole ? null : amount, strength, toFrame },
      low: {
        change: plane(3, () => 160 * (random() - 0.5)),
        guide: plane(3, () => 255 * random()),
        mask: plane(1, () => (random() < 0.3 ? 0 : 255 * random())),
      },
      map: {
        width: across,
        height: down,
        data: plane(COLOR_MAP_CHANNELS, () => random() - 0.5).data,
      },
    };
  });

/** Turned and zoomed about a point. */
function turned(angle: number, zoom: number, x: number, y: number): Matrix {
  const [cos, sin] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
  const turn = { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
  return angle === 0 && zoom > 1
    ? scaling(1)
    : multiply(translation(x, y), multiply(turn, translation(-x, -y)));
}

const same = (a: Uint8ClampedArray, b: Uint8ClampedArray) => a.every((v, i) => v === b[i]);

type Lifter = (one: Case, rows: { from: number; to: number }, out: Uint8ClampedArray) => void;
const lifters: Record<string, { kernel: Lifter; oracle: Lifter }> = {
  'the joint bilateral': {
    kernel: ({ job, low }, rows, out) => upsampleBilateral(job, low, rows, out),
    oracle: ({ job, low }, rows, out) => bilateralOracle(job, low, rows, out),
  },
  'the guided': {
    kernel: ({ job, low }, rows, out) => upsampleGuided(job, low, rows, out),
    oracle: ({ job, low }, rows, out) => applyAffine(job, fitOracle(low), rows, out),
  },
  'the bilinear': {
    kernel: ({ job, low }, rows, out) => upsampleBilinear(job, low, rows, out),
    oracle: ({ job, low }, rows, out) => applyAffine(job, plainGrid(low), rows, out),
  },
  'the colour map': {
    kernel: ({ job, map }, rows, out) => applyColorMap(job, map, rows, out),
    oracle: ({ job, map }, rows, out) => colorMapOracle(job, map, rows, out),
  },
};

function whole(lifter: Lifter, one: Case): Uint8ClampedArray {
  const { data, height } = one.job.source;
  const out = new Uint8ClampedArray(data.length);
  lifter(one, { from: 0, to: height }, out);
  return out;
}

describe.each(Object.entries(lifters))('%s kernel', (_, { kernel, oracle }) => {
  it('equals its plain reference within a level', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const [fast, plain] = [whole(kernel, one), whole(oracle, one)];
        for (let i = 0; i < fast.length; i++) {
          if (Math.abs(fast[i]! - plain[i]!) > 1) {
            throw new Error(`Byte ${i} is ${fast[i]}, not ${plain[i]} (from ${one.job.source.data[i]}).`);
          }
        }
      }),
    );
  });

  it('leaves alpha, and pixels that take none of it, bit-identical', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { data } = one.job.source;
        const out = whole(kernel, one);
        for (let i = 0; i < data.length; i++) {
          if (i % 4 !== 3 && one.job.amount?.data[i >> 2] !== 0) continue;
          if (out[i] !== data[i]) throw new Error(`Byte ${i} is ${out[i]}, not ${data[i]}.`);
        }
        const none = { ...one, job: { ...one.job, strength: 0 } };
        expect(same(whole(kernel, none), data)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same pixels in strips and tiles, in place or not', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.nat(), (one, down, across) => {
        const { source, amount } = one.job;
        const { width, height } = source;
        const expected = whole(kernel, one);
        const split = new Uint8ClampedArray(expected.length);
        const cut = down % (height + 1);
        kernel(one, { from: cut, to: height }, split);
        kernel(one, { from: 0, to: cut }, split);
        expect(same(split, expected)).toBe(true);

        const x = across % width;
        const y = down % height;
        const tile = <T extends Image | Mask>(from: T, bytes: number): T => ({
          ...from,
          width: width - x,
          height: height - y,
          data: Uint8ClampedArray.from({ length: bytes * (width - x) * (height - y) }, (_, i) => {
            const pixel = Math.floor(i / bytes);
            const at = (y + Math.floor(pixel / (width - x))) * width + x + (pixel % (width - x));
            return from.data[bytes * at + (i % bytes)]!;
          }),
        });
        const small = tile(source, 4);
        const job = { ...one.job, source: small, amount: amount && tile(amount, 1), origin: { x, y } };
        kernel({ ...one, job }, { from: 0, to: height - y }, small.data);
        expect(same(small.data, tile({ ...source, data: expected }, 4).data)).toBe(true);
      }),
    );
  });
});

describe('the bilateral grid', () => {
  it('has the whole change of the foreground up to its edges and corners, whatever the brightness', () => {
    const random = seeded(4);
    const [side, cells, pixels] = [96, 24, 4];
    const size = cells * cells;
    // A block, a lone cell, and two that touch at their corners.
    const isForeground = (x: number, y: number) =>
      (x >= 4 && x < 11 && y >= 3 && y < 12) || (y === 18 && x === 5) || (y >= 17 && y < 19 && x === y);
    const shares = Float32Array.from({ length: size }, (_, i) =>
      isForeground(i % cells, Math.floor(i / cells)) ? 255 : 0,
    );
    const full = [-40, 25, 12] as const;
    const planes = (channels: number, value: (c: number, cell: number) => number): Planes => ({
      width: cells,
      height: cells,
      channels,
      data: Float32Array.from({ length: channels * size }, (_, i) => value(Math.floor(i / size), i % size)),
    });
    const low = {
      change: planes(3, (c, cell) => (shares[cell]! / 255) * full[c]!),
      guide: planes(3, () => 255 * random()),
      mask: planes(1, (_, cell) => shares[cell]!),
    };
    const data = Uint8ClampedArray.from({ length: 4 * side * side }, () => 50 + 150 * random());
    const amount = Uint8ClampedArray.from({ length: side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      return shares[Math.floor(y / pixels) * cells + Math.floor(x / pixels)]!;
    });
    const mask = { width: side, height: side, data: amount };
    for (const turn of [0, 1e-9]) {
      const toFrame = { ...scaling(1 / side), b: turn };
      const job = { source: { width: side, height: side, data }, amount: mask, strength: 1, toFrame };
      const out = new Uint8ClampedArray(data.length);
      upsampleBilateral(job, low, { from: 0, to: side }, out);
      data.forEach((value, i) => {
        const wanted = value + (amount[i >> 2] === 0 ? 0 : (full[i % 4] ?? 0));
        if (out[i] !== wanted) throw new Error(`Byte ${i} is ${out[i]}, not ${wanted} (from ${value}).`);
      });
    }
  });

  it('comes near to the joint bilateral as it is defined, and nearer to the truth than interpolation', () => {
    const [width, height] = [480, 320];
    const real = new Uint8ClampedArray(4 * width * height);
    const composite = new Uint8ClampedArray(4 * width * height);
    const amount = new Uint8ClampedArray(width * height);
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const inside = Math.hypot(x - 240, y - 160) < 110;
      const stripe = (x >> 4) % 3 === 0 ? 60 : 0;
      const colour = inside
        ? [60 + x / 4 + stripe, 50 + y / 3 + stripe, 70 + stripe]
        : [120, 200 - y / 4, 90 + x / 6];
      const changed = inside ? colour.map((value, c) => value * [1.3, 1.2, 1.1][c]!) : colour;
      real.set([...colour, 255], 4 * i);
      composite.set([...changed, 255], 4 * i);
      amount[i] = inside ? 255 : 0;
    }
    const source = { width, height, data: composite };
    const mask = { width, height, data: amount };
    const guide = squashImage(source, 96, 64);
    const ideal = squashImage({ width, height, data: real }, 96, 64);
    const change = { ...ideal, data: ideal.data.map((value, i) => value - guide.data[i]!) };
    const low = { change, guide, mask: squashMask(mask, 96, 64) };
    const job = { source, amount: mask, strength: 1, toFrame: scaling(1 / width, 1 / height) };
    const error = (lifter: typeof upsampleBilinear) => {
      const out = new Uint8ClampedArray(composite.length);
      lifter(job, low, { from: 0, to: height }, out);
      return out.reduce((sum, value, i) => sum + (value - real[i]!) ** 2, 0) / out.length;
    };
    const [grid, exact, plain] = [error(upsampleBilateral), error(upsampleExactly), error(upsampleBilinear)];
    expect(grid).toBeLessThan(1.5 * exact);
    expect(grid).toBeLessThan(0.5 * plain);
  });
});

describe('the guided fit', () => {
  it('is what the plain one finds', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 9 }), ({ low }, reach) => {
        const sigmas = { reach, damping: 1e-5 };
        const plain = fitOracle(low, sigmas).data;
        fitGuided(low, sigmas).data.forEach((value, i) => {
          const limit = 1e-5 * Math.max(1, Math.abs(plain[i]!));
          if (!(Math.abs(value - plain[i]!) <= limit))
            throw new Error(`Number ${i} is ${value}, not ${plain[i]}.`);
        });
      }),
    );
  });

  it('finds a change that is affine in the colours, at the edge of the foreground too', () => {
    const random = seeded(5);
    const side = 12;
    const size = side * side;
    const guide = Float32Array.from({ length: 3 * size }, () => 255 * random());
    const mask = Float32Array.from(
      { length: size },
      (_, i) => 255 * Math.min(Math.max((i % side) - 3, 0) / 3, 1),
    );
    const change = new Float32Array(3 * size);
    const wanted = (r: number, g: number, b: number) => [
      0.2 * r - 0.1 * g + 5,
      0.3 * b - 8,
      -0.25 * b + 0.1 * r,
    ];
    for (let i = 0; i < size; i++) {
      const full = wanted(guide[i]!, guide[size + i]!, guide[2 * size + i]!);
      for (let c = 0; c < 3; c++) change[c * size + i] = (mask[i]! / 255) * full[c]!;
    }
    const planes = (data: Float32Array, channels: number) => ({ width: side, height: side, channels, data });
    const grid = fitGuided(
      { change: planes(change, 3), guide: planes(guide, 3), mask: planes(mask, 1) },
      { reach: 2, damping: 1e-9 },
    );
    for (const cell of [6 * (side + 1) + 4, 6 * (side + 1) + 9]) {
      for (const colour of [
        [30, 60, 200],
        [250, 10, 90],
      ] as const) {
        const full = wanted(colour[0], colour[1], colour[2]);
        for (let c = 0; c < 3; c++) {
          const at = 16 * cell + c;
          const found =
            grid.data[at]! * colour[0] +
            grid.data[at + 4]! * colour[1] +
            grid.data[at + 8]! * colour[2] +
            grid.data[at + 12]!;
          expect(Math.abs(found - full[c]!)).toBeLessThan(0.5);
        }
      }
    }
  });

  it('changes nothing where there is no foreground', () => {
    const plane = (channels: number, value: number) => ({
      width: 30,
      height: 30,
      channels,
      data: new Float32Array(900 * channels).fill(value),
    });
    const grid = fitGuided({ change: plane(3, 50), guide: plane(3, 100), mask: plane(1, 0) });
    expect(grid.data.every((v) => v === 0)).toBe(true);
  });
});
