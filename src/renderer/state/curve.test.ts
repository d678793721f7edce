import { describe, expect, it } from 'vitest';
import { bendThrough } from './curve';

describe('the curve that is drawn', () => {
  it('is a straight line between two points, flat beyond them', () => {
    expect(
      bendThrough([
        { input: 0, output: 0 },
        { input: 255, output: 255 },
      ]),
    ).toEqual(Array.from({ length: 256 }, (_, i) => expect.closeTo(i, 6)));
    const short = bendThrough([
      { input: 50, output: 20 },
      { input: 100, output: 90 },
    ]);
    expect([short[0], short[50], short[75], short[100], short[255]]).toEqual([20, 20, 55, 90, 90]);
  });

  it('goes through every point and bends between them', () => {
    const curve = [
      { input: 0, output: 0 },
      { input: 64, output: 100 },
      { input: 200, output: 210 },
      { input: 255, output: 255 },
    ];
    const values = bendThrough(curve);
    for (const { input, output } of curve) expect(values[input]).toBeCloseTo(output, 6);
    expect(values[32]! - 50).toBeGreaterThan(1);
  });
});
