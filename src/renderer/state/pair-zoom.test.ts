import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panPair, transformOf, WHOLE, zoomPair } from './pair-zoom';

const view = { width: 600, height: 400 };
const point = fc.record({
  x: fc.double({ min: 0, max: 600, noNaN: true }),
  y: fc.double({ min: 0, max: 400, noNaN: true }),
});
const step = fc.record({
  factor: fc.double({ min: 0.05, max: 20, noNaN: true }),
  at: point,
  by: fc.record({
    x: fc.double({ min: -900, max: 900, noNaN: true }),
    y: fc.double({ min: -900, max: 900, noNaN: true }),
  }),
});

describe('how a pair is looked at', () => {
  it('always covers the view, between whole and 32 times, whatever is zoomed and dragged', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let zoom = WHOLE;
        for (const { factor, at, by } of steps) {
          zoom = panPair(zoomPair(zoom, factor, at, view), by.x, by.y, view);
          expect(zoom.scale).toBeGreaterThanOrEqual(1);
          expect(zoom.scale).toBeLessThanOrEqual(32);
          for (const [offset, side] of [
            [zoom.x, view.width],
            [zoom.y, view.height],
          ] as const) {
            expect(offset).toBeLessThanOrEqual(0);
            expect(offset + side * zoom.scale).toBeGreaterThanOrEqual(side - 1e-6);
          }
        }
      }),
    );
  });

  it('keeps what lies under the pointer there while zooming in', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 8, noNaN: true }), point, (factor, at) => {
        const zoom = zoomPair(WHOLE, factor, at, view);
        expect(at.x * zoom.scale + zoom.x).toBeCloseTo(at.x, 6);
        expect(at.y * zoom.scale + zoom.y).toBeCloseTo(at.y, 6);
      }),
    );
  });

  it('is whole again at the least zoom', () => {
    const near = panPair(zoomPair(WHOLE, 4, { x: 10, y: 390 }, view), -70, 30, view);
    expect(zoomPair(near, 0.01, { x: 500, y: 2 }, view)).toEqual(WHOLE);
    expect(transformOf(WHOLE)).toBe('translate(0px, 0px) scale(1)');
  });
});
