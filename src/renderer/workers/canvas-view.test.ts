import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf } from '../../document/placement';
import { documentPart, visiblePart } from './canvas-view';
import { pieces } from './lift-pool';

const document = documentOf({ pixels: 'p', name: 'street', width: 400, height: 300 }, 'street');
const at = (zoom: number, e: number, f: number) => ({ a: zoom, b: 0, c: 0, d: zoom, e, f });

describe('the part of the document that is in sight', () => {
  it('is cut to the canvas', () => {
    const canvas = { width: 200, height: 200 };
    expect(visiblePart(document, { ...canvas, toView: at(1, 50, -20) })).toEqual({
      x: 50,
      y: 0,
      width: 150,
      height: 200,
    });
    expect(visiblePart(document, { ...canvas, toView: at(1, 200, 0) })).toBeNull();
    expect(visiblePart(document, { ...canvas, toView: at(0.25, 10, 10) })).toMatchObject({
      width: 100,
      height: 75,
    });
  });

  it('names document pixels that cover every canvas pixel of it, and few more', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 64, noNaN: true }),
        fc.integer({ min: -20000, max: 300 }),
        fc.integer({ min: -15000, max: 200 }),
        (zoom, e, f) => {
          const toView = at(zoom, e, f);
          const part = visiblePart(document, { width: 500, height: 400, toView });
          if (!part) return;
          const box = documentPart(document, part, toView);
          expect(e + zoom * box.x).toBeLessThanOrEqual(part.x + 0.5);
          expect(e + zoom * (box.x + box.width)).toBeGreaterThanOrEqual(part.x + part.width - 0.5);
          expect(zoom * box.height).toBeLessThanOrEqual(part.height + 2 * zoom + 1);
          expect(box.x + box.width).toBeLessThanOrEqual(document.width);
        },
      ),
    );
  });
});

describe('the pieces of a lift', () => {
  it('cover every row once, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }), (width, height) => {
        const rows = pieces(width, height);
        expect(rows[0]?.from).toBe(0);
        expect(rows.at(-1)?.to).toBe(height);
        rows.slice(1).forEach(({ from }, i) => expect(from).toBe(rows[i]?.to));
        expect(rows.every(({ from, to }) => to > from)).toBe(true);
      }),
    );
  });
});
