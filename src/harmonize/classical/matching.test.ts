import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../pixels/random';
import { cluster } from './clusters';
import { moveEarth } from './earth-mover';

/** Every way to give n equal piles to n equal holes; the least cost. */
function leastAssignment(cost: Float64Array, n: number): number {
  const from = (i: number, taken: ReadonlySet<number>): number => {
    if (i === n) return 0;
    let least = Infinity;
    for (let j = 0; j < n; j++) {
      if (taken.has(j)) continue;
      least = Math.min(least, cost[i * n + j]! + from(i + 1, new Set([...taken, j])));
    }
    return least;
  };
  return from(0, new Set()) / n;
}

describe('the earth mover', () => {
  it('knows the textbook’s cheapest transport', () => {
    // Supplies 20, 30, 25 to demands 10, 28, 37; the optimum was found by hand (u–v method).
    const supply = Float64Array.of(20, 30, 25);
    const demand = Float64Array.of(10, 28, 37);
    const cost = Float64Array.of(4, 6, 8, 6, 2, 4, 9, 3, 7);
    const { flow, cost: total } = moveEarth(supply, demand, cost);
    expect(total).toBeCloseTo(
      Math.min(
        ...grid(10).flatMap((a) =>
          grid(10 - a).flatMap((b) =>
            grid(28).flatMap((c) => grid(28 - c).map((d) => transport(a, b, c, d, supply, demand, cost))),
          ),
        ),
      ),
      9,
    );
    for (let i = 0; i < 3; i++) {
      expect(flow[3 * i]! + flow[3 * i + 1]! + flow[3 * i + 2]!).toBeCloseTo(supply[i]!, 9);
      expect(flow[i]! + flow[3 + i]! + flow[6 + i]!).toBeCloseTo(demand[i]!, 9);
    }
  });

  it('is the least assignment for equal piles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(9999), (n, seed) => {
        const random = seeded(seed);
        const even = new Float64Array(n).fill(1 / n);
        const cost = Float64Array.from({ length: n * n }, () => Math.round(random() * 20));
        const { flow, cost: total } = moveEarth(even, even, cost);
        expect(total).toBeCloseTo(leastAssignment(cost, n), 9);
        expect(Math.min(...flow)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('moves nothing between equal signatures, and is one distance for single piles', () => {
    const weights = Float64Array.of(0.2, 0.5, 0.3);
    expect(moveEarth(weights, weights, Float64Array.of(0, 3, 4, 3, 0, 5, 4, 5, 0)).cost).toBeCloseTo(0, 12);
    expect(moveEarth(Float64Array.of(1), Float64Array.of(1), Float64Array.of(7)).cost).toBe(7);
  });
});

const grid = (most: number) => Array.from({ length: most + 1 }, (_, k) => k);

/** The cost of the transport whose first two rows take a, b of the first demand and c, d of the second; Infinity when it does not fit. */
function transport(
  a: number,
  b: number,
  c: number,
  d: number,
  supply: Float64Array,
  demand: Float64Array,
  cost: Float64Array,
): number {
  const [s, t] = [Array.from(supply), Array.from(demand)];
  const rows = [
    [a, c, s[0]! - a - c],
    [b, d, s[1]! - b - d],
    [t[0]! - a - b, t[1]! - c - d, 0],
  ];
  rows[2]![2] = s[2]! - rows[2]![0]! - rows[2]![1]!;
  const all = rows.flat();
  return Math.min(...all) < 0 ? Infinity : all.reduce((sum, f, k) => sum + f * cost[k]!, 0);
}

describe('clusters', () => {
  it('are the piles that points lie in', () => {
    const random = seeded(3);
    const piles = [
      [10, 10, 10],
      [60, -40, 5],
      [90, 30, 70],
    ];
    const points = Float32Array.from({ length: 3 * 600 }, (_, k) => {
      const pile = piles[Math.floor(k / 3) % 6 === 0 ? 0 : Math.floor(k / 3) % 6 < 3 ? 1 : 2]!;
      return pile[k % 3]! + random() - 0.5;
    });
    const { centres, weights } = cluster(points, 3);
    const found = Array.from(weights, (w, i) => ({ w, at: Array.from(centres.subarray(3 * i, 3 * i + 3)) }));
    found.sort((a, b) => a.w - b.w);
    found.forEach(({ w, at }, i) => {
      expect(w).toBeCloseTo((i + 1) / 6, 9);
      at.forEach((value, c) => expect(Math.abs(value - piles[i]![c]!)).toBeLessThan(0.1));
    });
  });

  it('are fewer when there are fewer colours', () => {
    const { centres, weights } = cluster(Float32Array.of(1, 2, 3, 1, 2, 3, 4, 5, 6), 50);
    expect(weights).toHaveLength(2);
    expect(Array.from(centres).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Array.from(weights).sort()).toEqual([1 / 3, 2 / 3]);
  });
});
