import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Brush, BrushStroke, brushProfile } from './brush';
import { solid } from './coverage';
import { createMask, type Mask } from './image';
import { IDENTITY, type Matrix } from './matrix';

const WIDTH = 120;
const HEIGHT = 90;
const PLAIN: Brush = {
  diameter: 30,
  hardness: 1,
  opacity: 1,
  flow: 1,
  pressure: { size: false, opacity: false },
};

function paint(
  brush: Partial<Brush>,
  touches: readonly (readonly [number, number, number?])[],
  { ink = 255, ground = 0, toDocument = IDENTITY, clip = null as ReturnType<typeof solid> | null } = {},
) {
  const base = createMask(WIDTH, HEIGHT);
  base.data.fill(ground);
  const target: Mask = { ...base, data: base.data.slice() };
  const stroke = new BrushStroke(target, base, toDocument, { ...PLAIN, ...brush }, ink, clip);
  const boxes = touches.map(([x, y, pressure = 1]) => stroke.to({ x, y, pressure }));
  return { target, stroke, boxes };
}
const area = ({ data }: Mask) => data.reduce((sum, value) => sum + value, 0) / 255;
const point = fc.tuple(
  fc.double({ min: 30, max: 90, noNaN: true }),
  fc.double({ min: 30, max: 60, noNaN: true }),
);

describe('a brush stroke', () => {
  it('of a hard brush covers exactly the area of its disc, and of a line along which it goes', () => {
    fc.assert(
      fc.property(point, point, fc.double({ min: 4, max: 28, noNaN: true }), (from, to, r2) => {
        const r = r2 / 2;
        const disc = Math.PI * r * r;
        expect(Math.abs(area(paint({ diameter: r2 }, [from]).target) - disc)).toBeLessThan(0.02 * disc + 0.4);
        const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
        const along = disc + length * r2;
        const painted = area(paint({ diameter: r2 }, [from, to]).target);
        expect(Math.abs(painted - along)).toBeLessThan(0.02 * along + 0.5);
      }),
    );
  });

  it('of opacity 0 paints nothing, and of half opacity goes half the way, however often it crosses itself', () => {
    const zigzag = [
      [30, 30],
      [90, 60],
      [30, 60],
      [90, 30],
      [60, 45],
    ] as const;
    expect(paint({ opacity: 0 }, zigzag).target.data.every((value) => value === 0)).toBe(true);
    const half = paint({ opacity: 0.5 }, zigzag, { ground: 100 }).target;
    expect(half.data[45 * WIDTH + 60]).toBe(178);
    expect(Math.max(...half.data)).toBe(178);
  });

  it('in pieces is the same as in one go, and stays in the boxes that it tells', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(1, 0.4),
        (points, hardness, flow) => {
          const { target, boxes, stroke } = paint({ hardness, flow }, points);
          const seen = createMask(WIDTH, HEIGHT);
          for (const box of boxes) {
            if (!box) continue;
            for (let y = box.y; y < box.y + box.height; y++)
              seen.data.fill(1, y * WIDTH + box.x, y * WIDTH + box.x + box.width);
          }
          expect(target.data.some((value, i) => value > 0 && seen.data[i] === 0)).toBe(false);
          const all = stroke.painted!;
          expect(all.width * all.height).toBeGreaterThan(0);
          // The middle of a line, told as two pieces.
          const [first, second] = [points[0]!, points.at(-1)!];
          const middle = [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2] as const;
          const whole = paint({ hardness }, [first, second]).target;
          const pieces = paint({ hardness }, [first, middle, second]).target;
          expect(whole.data.some((value, i) => Math.abs(value - pieces.data[i]!) > 1)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('fades from its hard part to its rim, and never rises on the way', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 300, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (radius, hardness) => {
          let before = 1;
          for (let d = 0; d <= radius + 1; d += radius / 50) {
            const share = brushProfile(d, radius, hardness);
            expect(share).toBeLessThanOrEqual(before + 1e-12);
            before = share;
          }
          expect(brushProfile(radius + 0.5, radius, hardness)).toBeLessThan(1e-9);
          if (radius > 2) expect(brushProfile(hardness * radius - 0.5, radius, hardness)).toBe(1);
        },
      ),
    );
  });

  it('of little flow builds up where it goes twice', () => {
    const once = paint({ flow: 0.2 }, [
      [30, 45],
      [90, 45],
    ]).target;
    const twice = paint({ flow: 0.2 }, [
      [30, 45],
      [90, 45],
      [30, 45],
    ]).target;
    const middle = 45 * WIDTH + 60;
    expect(once.data[middle]).toBeGreaterThan(100);
    expect(twice.data[middle]).toBeGreaterThan(once.data[middle]!);
  });

  it('follows the pen’s pressure in size and opacity', () => {
    const pressure = { size: true, opacity: false };
    const light = paint({ pressure }, [[60, 45, 0.5]]).target;
    expect(Math.abs(area(light) - Math.PI * 7.5 ** 2)).toBeLessThan(2);
    const faint = paint({ pressure: { size: false, opacity: true } }, [[60, 45, 0.5]]).target;
    expect(faint.data[45 * WIDTH + 60]).toBe(128);
  });

  it('paints only where it is selected', () => {
    const clip = solid({ x: 60, y: 0, width: 60, height: 90 });
    const { target } = paint({}, [[60, 45]], { clip });
    expect(target.data[45 * WIDTH + 59]).toBe(0);
    expect(target.data[45 * WIDTH + 60]).toBe(255);
  });

  it('keeps its shape in the document where the mask is turned and scaled', () => {
    const toDocument: Matrix = { a: 1.2, b: 0.5, c: -0.5, d: 0.7, e: -10, f: -40 };
    const { target } = paint({ diameter: 20 }, [[45, 25]], { toDocument });
    const scale = 1.2 * 0.7 + 0.5 * 0.5;
    expect(Math.abs(area(target) * scale - Math.PI * 100)).toBeLessThan(8);
  });

  it('paints with any ink over any ground', () => {
    const { target } = paint({}, [[60, 45]], { ink: 0, ground: 255 });
    expect(target.data[45 * WIDTH + 60]).toBe(0);
    expect(target.data[5 * WIDTH + 5]).toBe(255);
  });
});
