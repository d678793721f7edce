import { describe, expect, it } from 'vitest';
import { descend, type Slope } from './bounded-descent';

const free = (n: number) => ({ lower: Array(n).fill(-1e9), upper: Array(n).fill(1e9) });
const ask = (f: (x: readonly number[]) => Slope) => (x: readonly number[]) => Promise.resolve(f(x));

const rosenbrock = ask(([x, y]) => ({
  value: (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
  gradient: [-2 * (1 - x!) - 400 * x! * (y! - x! * x!), 200 * (y! - x! * x!)],
}));

describe('the bounded descent', () => {
  it('finds the minimum of Rosenbrock’s valley', async () => {
    const { point, value } = await descend(rosenbrock, [-1.2, 1], free(2), { evaluations: 200, gain: 0 });
    expect(value).toBeLessThan(1e-9);
    point.forEach((v) => expect(v).toBeCloseTo(1, 4));
  });

  it('stops at the bound when the valley leaves the box', async () => {
    // With x ≤ 0.5 the minimum is (0.5, 0.25), of value 0.25.
    const bounds = { lower: [-2, -2], upper: [0.5, 2] };
    const { point, value } = await descend(rosenbrock, [-1.2, 1], bounds, { evaluations: 200, gain: 0 });
    expect(point[0]).toBe(0.5);
    expect(point[1]).toBeCloseTo(0.25, 5);
    expect(value).toBeCloseTo(0.25, 8);
  });

  it('finds the corner and the face of a quadratic in six variables', async () => {
    const target = [1.5, 3, -2, 0.2, -0.9, 0.1];
    const weight = [1, 10, 0.1, 5, 2, 40];
    const bounds = { lower: [0.4, 0.4, 0.4, -0.5, -0.5, -0.5], upper: [2, 2, 2, 0.5, 0.5, 0.5] };
    const quadratic = ask((x) => ({
      value: x.reduce((sum, v, i) => sum + weight[i]! * (v - target[i]!) ** 2, 0),
      gradient: x.map((v, i) => 2 * weight[i]! * (v - target[i]!)),
    }));
    const { point, evaluations } = await descend(quadratic, [1, 1, 1, 0, 0, 0], bounds, { gain: 0 });
    [1.5, 2, 0.4, 0.2, -0.5, 0.1].forEach((v, i) => expect(point[i]).toBeCloseTo(v, 4));
    expect(evaluations).toBeLessThan(60);
  });

  it('starts inside the bounds, asks no more than it may, and stays where it is flat', async () => {
    let asked = 0;
    const bounds = { lower: [0, 0], upper: [1, 1] };
    const { evaluations } = await descend(
      (x) => {
        asked++;
        expect(x.every((v) => v >= 0 && v <= 1)).toBe(true);
        return rosenbrock(x);
      },
      [-5, 9],
      bounds,
      { evaluations: 7 },
    );
    expect(evaluations).toBe(7);
    expect(asked).toBe(7);
    const flat = await descend(
      ask(() => ({ value: 3, gradient: [0, 0] })),
      [0.5, 0.5],
      bounds,
    );
    expect(flat).toEqual({ point: [0.5, 0.5], value: 3, evaluations: 1 });
  });
});
