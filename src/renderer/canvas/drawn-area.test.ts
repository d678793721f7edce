import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaBetween, combinationOf, isClick } from './drawn-area';

const point = fc.record({
  x: fc.double({ min: -500, max: 500, noNaN: true }),
  y: fc.double({ min: -500, max: 500, noNaN: true }),
});

describe('areas drawn by hand', () => {
  it('combine as the keys say that were held at the press', () => {
    const keys = (shiftKey: boolean, altKey: boolean) => combinationOf({ shiftKey, altKey }, 'subtract');
    expect([keys(false, false), keys(true, false), keys(false, true), keys(true, true)]).toEqual([
      'subtract',
      'add',
      'subtract',
      'intersect',
    ]);
  });

  it('are whole pixels from corner to corner, whichever comes first', () => {
    fc.assert(
      fc.property(point, point, (start, now) => {
        const box = areaBetween(start, now, { square: false, centred: false });
        expect(Object.values(box).every(Number.isInteger)).toBe(true);
        expect(Math.abs(box.width - Math.abs(now.x - start.x))).toBeLessThanOrEqual(1);
        expect(Math.abs(box.x - Math.min(start.x, now.x))).toBeLessThanOrEqual(0.5);
        const again = areaBetween(now, start, { square: false, centred: false });
        expect(again).toEqual(box);
      }),
    );
  });

  it('are squares with Shift, and lie around where they began with Alt', () => {
    fc.assert(
      fc.property(point, point, (start, now) => {
        const { width, height } = areaBetween(start, now, { square: true, centred: false });
        expect(width).toBe(height);
        const centred = areaBetween(start, now, { square: false, centred: true });
        expect(Math.abs(centred.x + centred.width / 2 - start.x)).toBeLessThanOrEqual(0.5);
        expect(Math.abs(centred.width - 2 * Math.abs(now.x - start.x))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are none where the hand just clicked', () => {
    expect(isClick([{ x: 3, y: 4 }])).toBe(true);
    expect(
      isClick([
        { x: 3, y: 4 },
        { x: 3.4, y: 40 },
      ]),
    ).toBe(true);
    expect(
      isClick([
        { x: 3, y: 4 },
        { x: 9, y: 40 },
      ]),
    ).toBe(false);
  });
});
