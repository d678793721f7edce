import { describe, expect, it } from 'vitest';
import { Pace } from './pace';

describe('the pace of a batch', () => {
  it('measures the share and the time left by bytes, the rate by pictures', () => {
    const pace = new Pace([100, 300], 0);
    expect(pace.at(5)).toEqual({ done: 0, total: 2, share: 0, perMinute: null, left: null });
    pace.add(100, 2000);
    expect(pace.at(2000)).toEqual({ done: 1, total: 2, share: 0.25, perMinute: 30, left: 6 });
    pace.add(300, 8000);
    expect(pace.at(8000)).toMatchObject({ done: 2, share: 1, left: 0 });
  });

  it('forgets what is longer ago than a minute', () => {
    const pace = new Pace(Array<number>(200).fill(1), 0);
    for (let i = 1; i <= 60; i++) pace.add(1, i * 2000);
    for (let i = 1; i <= 60; i++) pace.add(1, 120_000 + i * 1000);
    const { perMinute, left } = pace.at(180_000);
    expect(perMinute).toBeCloseTo(60, 0);
    expect(left).toBeCloseTo(80, 0);
  });

  it('has a share even when there are no bytes or no pictures', () => {
    expect(new Pace([], 0).at(1).share).toBe(1);
    const pace = new Pace([0, 0], 0);
    pace.add(0, 1);
    expect(pace.at(2).share).toBe(0.5);
  });
});
