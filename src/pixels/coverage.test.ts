import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine, common, type Coverage, inverted, solid, toMask, trimmed, within } from './coverage';
import { bordered, feathered, grown, shrunk, smoothed } from './morphology';

const FRAME = { x: 0, y: 0, width: 24, height: 17 };

/** Any selection within the frame: nothing, soft pixels, or plain boxes. */
const anyCoverage: fc.Arbitrary<Coverage | null> = fc
  .record({
    x: fc.integer({ min: 0, max: 20 }),
    y: fc.integer({ min: 0, max: 13 }),
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 13 }),
    values: fc.array(fc.constantFrom(0, 0, 255, 255, 90, 128, 200), { minLength: 1, maxLength: 40 }),
  })
  .map(({ values, ...box }) => {
    const inside = common(box, FRAME);
    if (!inside) return null;
    const data = solid(inside).data.map((_, i) => values[(i * 7 + (i >> 3)) % values.length]!);
    return trimmed({ ...inside, data });
  });
const whole = (coverage: Coverage | null) => [...toMask(coverage, FRAME).data];
const yes = (coverage: Coverage | null) => whole(coverage).map((value) => value >= 128);

describe('combining selections', () => {
  it('takes the greater, the smaller, or what is left, pixel by pixel', () => {
    fc.assert(
      fc.property(anyCoverage, anyCoverage, (one, other) => {
        const [a, b] = [whole(one), whole(other)];
        expect(whole(combine(one, other, 'replace'))).toEqual(b);
        expect(whole(combine(one, other, 'add'))).toEqual(a.map((v, i) => Math.max(v, b[i]!)));
        expect(whole(combine(one, other, 'intersect'))).toEqual(a.map((v, i) => Math.min(v, b[i]!)));
        expect(whole(combine(one, other, 'subtract'))).toEqual(a.map((v, i) => Math.min(v, 255 - b[i]!)));
      }),
    );
  });

  it('has laws: adding twice is adding once; what was added and taken away again is not selected', () => {
    fc.assert(
      fc.property(anyCoverage, anyCoverage, (one, other) => {
        const sum = combine(one, other, 'add');
        expect(combine(sum, other, 'add')).toEqual(sum);
        const left = whole(combine(sum, other, 'subtract'));
        const [a, b] = [whole(one), whole(other)];
        expect(left.filter((value, i) => b[i] === 255 && value !== 0)).toEqual([]);
        expect(left.filter((value, i) => b[i] === 0 && value !== a[i])).toEqual([]);
      }),
    );
  });

  it('inverts back to what it was', () => {
    fc.assert(
      fc.property(anyCoverage, (coverage) => {
        expect(inverted(inverted(coverage, FRAME), FRAME)).toEqual(coverage);
      }),
    );
    expect(inverted(null, FRAME)).toEqual(solid(FRAME));
    expect(inverted(solid(FRAME), FRAME)).toBeNull();
  });

  it('holds nothing in its inputs that it changes', () => {
    const one = solid({ x: 2, y: 2, width: 6, height: 6 });
    const other = solid({ x: 4, y: 4, width: 6, height: 6 });
    for (const how of ['add', 'subtract', 'intersect'] as const) combine(one, other, how);
    inverted(one, FRAME);
    expect(one.data.every((value) => value === 255)).toBe(true);
    expect(other.data.every((value) => value === 255)).toBe(true);
  });
});

describe('moving and softening the edge', () => {
  const box = solid({ x: 8, y: 6, width: 6, height: 5 });

  it('grows by whole pixels with round corners, and shrinks back', () => {
    const wider = grown(box, 3, FRAME)!;
    expect(wider).toMatchObject({ x: 5, y: 3, width: 12, height: 11 });
    expect(within(wider, { x: 5, y: 8, width: 1, height: 1 }).data[0]).toBe(255);
    expect(within(wider, { x: 5, y: 3, width: 1, height: 1 }).data[0]).toBe(0);
    expect(shrunk(box, 1, FRAME)).toEqual(solid({ x: 9, y: 7, width: 4, height: 3 }));
    expect(shrunk(box, 3, FRAME)).toBeNull();
  });

  it('growing, then shrinking contains what was selected; shrinking, then growing is contained in it', () => {
    const by = fc.integer({ min: 2, max: 24 }).map((quarters) => quarters / 4);
    fc.assert(
      fc.property(anyCoverage, by, (coverage, amount) => {
        if (!coverage) return;
        const original = yes(coverage);
        const wider = grown(coverage, amount, FRAME);
        const closed = yes(wider && shrunk(wider, amount, FRAME));
        const narrower = shrunk(coverage, amount, FRAME);
        const opened = yes(narrower && grown(narrower, amount, FRAME));
        expect(original.filter((selected, i) => selected && !closed[i])).toEqual([]);
        expect(original.filter((selected, i) => !selected && opened[i])).toEqual([]);
      }),
    );
  });

  it('measures the distance to the nearest selected pixel exactly', () => {
    fc.assert(
      fc.property(anyCoverage, fc.integer({ min: 1, max: 5 }), (coverage, by) => {
        if (!coverage) return;
        const seeds = yes(coverage).flatMap((selected, i) =>
          selected ? [{ x: i % FRAME.width, y: Math.floor(i / FRAME.width) }] : [],
        );
        const wrong = whole(grown(coverage, by, FRAME)).filter((value, i) => {
          const [x, y] = [i % FRAME.width, Math.floor(i / FRAME.width)];
          const distance = Math.min(...seeds.map((seed) => Math.hypot(seed.x - x, seed.y - y)));
          return Math.abs(value - Math.min(255, Math.max(0, 255 * (by + 1 - distance)))) > 0.6;
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('the frame’s border is no edge', () => {
    expect(shrunk(solid(FRAME), 4, FRAME)).toEqual(solid(FRAME));
    expect(feathered(solid(FRAME), 3, FRAME)).toEqual(solid(FRAME));
    expect(shrunk(solid({ ...FRAME, width: 10 }), 4, FRAME)).toEqual(solid({ ...FRAME, width: 6 }));
  });

  it('feathers as the Gaussian does, at any size', () => {
    const frame = { x: 0, y: 0, width: 260, height: 8 };
    const half = solid({ ...frame, width: 130 });
    for (const deviation of [2, 5, 9, 20]) {
      const { data } = toMask(feathered(half, deviation, frame), frame);
      for (const away of [-1.5, -0.5, 0, 0.5, 1.5]) {
        const x = Math.round(130 + away * deviation);
        const expected = 255 * (1 - normal((x + 0.5 - 130) / deviation));
        expect(Math.abs(data[4 * frame.width + x]! - expected), `σ ${deviation} at ${x}`).toBeLessThan(5);
      }
    }
  });

  it('makes a band along the edge, and takes the teeth off it', () => {
    const band = whole(bordered(box, 2, FRAME));
    expect(band[8 * FRAME.width + 10]).toBe(0);
    expect(band[8 * FRAME.width + 8]).toBe(255);
    expect(band[8 * FRAME.width + 7]).toBe(255);
    expect(band[8 * FRAME.width + 5]).toBe(0);
    const frame = { x: 0, y: 0, width: 60, height: 60 };
    const teeth = solid({ x: 10, y: 10, width: 40, height: 40 });
    for (let x = 0; x < 40; x += 2) teeth.data[x] = 0;
    const smooth = toMask(smoothed(teeth, 6, frame), frame);
    const row = [...smooth.data.subarray(10 * 60 + 20, 10 * 60 + 40)];
    expect(Math.max(...row) - Math.min(...row)).toBeLessThan(30);
    expect(smooth.data[30 * 60 + 30]).toBe(255);
  });
});

/** The normal distribution (Abramowitz and Stegun 7.1.26). */
function normal(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
