import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMask, type Coverage } from './coverage';
import { createImage } from './image';
import { type Corner, ellipseCorners, polygon, rectangleCorners } from './polygon';
import { connected, wand } from './wand';

const FRAME = { x: 0, y: 0, width: 60, height: 50 };
const area = (coverage: Coverage | null) =>
  coverage ? coverage.data.reduce((sum, value) => sum + value, 0) / 255 : 0;

/** A star around a middle: simple, whatever the radii are. */
const star = fc
  .record({
    x: fc.double({ min: 20, max: 40, noNaN: true }),
    y: fc.double({ min: 18, max: 32, noNaN: true }),
    radii: fc.array(fc.double({ min: 0.2, max: 17, noNaN: true }), { minLength: 3, maxLength: 24 }),
    backwards: fc.boolean(),
  })
  .map(({ x, y, radii, backwards }): Corner[] => {
    const corners = radii.map((r, i) => {
      const angle = (2 * Math.PI * i) / radii.length;
      return { x: x + r * Math.cos(angle), y: y + r * Math.sin(angle) };
    });
    return backwards ? corners.reverse() : corners;
  });

function shoelace(corners: readonly Corner[]): number {
  let sum = 0;
  corners.forEach(({ x, y }, i) => {
    const next = corners[(i + 1) % corners.length]!;
    sum += x * next.y - next.x * y;
  });
  return Math.abs(sum) / 2;
}

describe('outlines as pixels', () => {
  it('a simple outline covers just its area, either way round', () => {
    fc.assert(
      fc.property(star, (corners) => {
        const covered = polygon(corners, FRAME);
        // Every pixel is rounded to 1/255; those that the outline touches are fewer than its length and corners.
        const touched = 4 * corners.length * 18;
        expect(Math.abs(area(covered) - shoelace(corners))).toBeLessThan(touched / 510 + 0.05);
      }),
    );
  });

  it('what reaches beyond the frame is cut, wherever it lies', () => {
    fc.assert(
      fc.property(
        star,
        fc.integer({ min: -70, max: 70 }),
        fc.integer({ min: -60, max: 60 }),
        (corners, dx, dy) => {
          const moved = corners.map(({ x, y }) => ({ x: x + dx, y: y + dy }));
          const all = polygon(moved, { x: -200, y: -200, width: 500, height: 500 });
          const wide = toMask(all && { ...all, x: all.x + 200, y: all.y + 200 }, {
            x: 0,
            y: 0,
            width: 500,
            height: 500,
          });
          const cut = toMask(polygon(moved, FRAME), FRAME);
          const beside = cut.data.filter((value, i) => {
            const [x, y] = [i % FRAME.width, Math.floor(i / FRAME.width)];
            return Math.abs(value - wide.data[(y + 200) * 500 + x + 200]!) > 1;
          });
          expect(beside.length).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('whole pixels are wholly covered; half pixels half; without smoothing all or nothing', () => {
    const box = { x: 3, y: 4, width: 5.5, height: 6 };
    const soft = polygon(rectangleCorners(box), FRAME)!;
    expect(soft).toMatchObject({ x: 3, y: 4, width: 6, height: 6 });
    expect([...soft.data.subarray(0, 6)]).toEqual([255, 255, 255, 255, 255, 128]);
    const hard = polygon(rectangleCorners({ ...box, width: 5.4 }), FRAME, false)!;
    expect(hard.width).toBe(5);
    expect(hard.data.every((value) => value === 255)).toBe(true);
  });

  it('an ellipse has its area, and is the same in all four quarters', () => {
    const covered = polygon(ellipseCorners({ x: 10, y: 5, width: 40, height: 30 }), FRAME)!;
    expect(Math.abs(area(covered) - Math.PI * 20 * 15)).toBeLessThan(0.4);
    const { width, data } = covered;
    const mirrored = data.map((_, i) => data[i - 2 * (i % width) + width - 1]!);
    expect(data.every((value, i) => Math.abs(value - mirrored[i]!) <= 1)).toBe(true);
  });

  it('an outline that winds around twice counts once, and one without area selects nothing', () => {
    const square = rectangleCorners({ x: 5, y: 5, width: 10, height: 10 });
    expect(polygon([...square, ...square], FRAME)).toEqual(polygon(square, FRAME));
    expect(
      polygon(
        [
          { x: 1, y: 1 },
          { x: 9, y: 9 },
        ],
        FRAME,
      ),
    ).toBeNull();
    expect(polygon(rectangleCorners({ x: 100, y: 5, width: 10, height: 10 }), FRAME)).toBeNull();
    expect(polygon([{ x: NaN, y: 1 }, ...square], FRAME)).toBeNull();
  });
});

describe('the magic wand', () => {
  /** Grey columns 0, 10, 20 …, and a lone pixel like the first column at the right. */
  function stairs() {
    const image = createImage(10, 6);
    for (let i = 0; i < 60; i++) {
      const grey = 10 * (i % 10);
      image.data.set([grey, grey, grey, 255], 4 * i);
    }
    image.data.set([0, 0, 0, 255], 4 * 29);
    return image;
  }

  it('takes what hangs together within the tolerance', () => {
    const found = wand(stairs(), 3, 2, { tolerance: 15, contiguous: true, smooth: false })!;
    expect(found).toMatchObject({ x: 2, y: 0, width: 3, height: 6 });
    expect(found.data.every((value) => value === 255)).toBe(true);
  });

  it('takes everything alike when it need not hang together', () => {
    const options = { tolerance: 5, contiguous: false, smooth: false };
    expect(area(wand(stairs(), 0, 0, options))).toBe(7);
    expect(area(wand(stairs(), 0, 0, { ...options, contiguous: true }))).toBe(6);
  });

  it('takes neighbours that are a little too different in part', () => {
    const found = wand(stairs(), 0, 0, { tolerance: 8, contiguous: true, smooth: true })!;
    expect([...found.data.subarray(0, 2)]).toEqual([255, 128]);
  });

  it('of noise, finds just what a search pixel by pixel finds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 56, maxLength: 56 }), (values) => {
        const image = createImage(8, 7);
        values.forEach((value, i) => image.data.set([60 * value, 0, 0, 255], 4 * i));
        const found = wand(image, 3, 3, { tolerance: 60, contiguous: true, smooth: false });
        const seen = new Set<number>();
        const queue = [27];
        for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
          if (seen.has(i) || Math.abs(values[i]! - values[27]!) > 1) continue;
          seen.add(i);
          if (i % 8 > 0) queue.push(i - 1);
          if (i % 8 < 7) queue.push(i + 1);
          if (i >= 8) queue.push(i - 8);
          if (i < 48) queue.push(i + 8);
        }
        const mask = toMask(found, { x: 0, y: 0, width: 8, height: 7 });
        expect([...mask.data].map((value) => value === 255)).toEqual(values.map((_, i) => seen.has(i)));
      }),
    );
  });

  it('what is transparent is alike whatever its colour; beyond the picture is nothing', () => {
    const image = createImage(4, 1);
    image.data.set([9, 9, 9, 0, 200, 0, 0, 0, 9, 9, 9, 255, 0, 0, 0, 0]);
    const options = { tolerance: 0, contiguous: true, smooth: true };
    expect(area(wand(image, 0, 0, options))).toBe(2);
    expect(wand(image, 4, 0, options)).toBeNull();
  });
});

describe('what hangs together', () => {
  // Two blocks with soft pixels, which meet at a corner only.
  const rows = ['11..', '9.22', '..22'];
  const data = Uint8ClampedArray.from(
    [...rows.join('')].map((value) => (value === '.' ? 0 : 25 * Number(value))),
  );
  const coverage = { x: 10, y: 20, width: 4, height: 3, data };

  it('is the part around a place, with its soft pixels', () => {
    expect(area(connected(coverage, 10, 20))).toBeCloseTo((25 + 25 + 225) / 255);
    expect(area(connected(coverage, 13, 22))).toBeCloseTo(200 / 255);
    const { x, y, width, height } = connected(coverage, 10, 20);
    expect([x, y, width, height]).toEqual([10, 20, 4, 3]);
  });

  it('is everything where the place itself is not selected', () => {
    expect(connected(coverage, 12, 20)).toBe(coverage);
    expect(connected(coverage, 0, 0)).toBe(coverage);
    expect(connected(coverage, 14, 22)).toBe(coverage);
  });
});
