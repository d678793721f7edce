import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outline, seen } from './selection-overlay';

const document = { width: 40, height: 30 };
const mask = { width: 10, height: 8, data: new Uint8ClampedArray(80).fill(255) };
const selection = { pixels: 's', x: 5, y: 6, width: 10, height: 8 };
const at = (zoom: number, e = 0, f = 0) => ({ a: zoom, b: 0, c: 0, d: zoom, e, f });

describe('the outline of a selection on the canvas', () => {
  it('runs along its edge, just inside, at any zoom', () => {
    for (const zoom of [1, 2, 3.5, 0.5]) {
      const part = { x: 0, y: 0, width: Math.floor(40 * zoom), height: Math.floor(30 * zoom) };
      const edge = outline(seen({ ...document, selection }, mask, part, at(zoom)));
      const columns = [...edge].map((i) => (i >> 1) % part.width);
      const rows = [...edge].map((i) => Math.floor((i >> 1) / part.width));
      expect(Math.abs(Math.min(...columns) - 5 * zoom)).toBeLessThanOrEqual(1);
      expect(Math.abs(Math.max(...columns) + 1 - 15 * zoom)).toBeLessThanOrEqual(1);
      expect(Math.abs(Math.min(...rows) - 6 * zoom)).toBeLessThanOrEqual(1);
      expect(Math.abs(Math.max(...rows) + 1 - 14 * zoom)).toBeLessThanOrEqual(1);
    }
  });

  it('has no line where the canvas, not the selection, ends; the document’s border is an edge', () => {
    const all = { pixels: 's', x: 0, y: 0, ...document };
    const full = { ...document, data: new Uint8ClampedArray(1200).fill(255) };
    const inside = seen(
      { ...document, selection: all },
      full,
      { x: 0, y: 0, width: 9, height: 9 },
      at(1, -10, -10),
    );
    expect(outline(inside).length).toBe(0);
    const whole = seen(
      { ...document, selection: all },
      full,
      { x: 3, y: 2, width: 40, height: 30 },
      at(1, 3, 2),
    );
    expect(outline(whole).length).toBe(2 * (40 + 30) - 4);
  });

  it('shows at every canvas pixel what is selected of the document pixel under its middle', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 80, maxLength: 80 }),
        fc.integer({ min: -8, max: 40 }),
        fc.integer({ min: -8, max: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (bytes, x, y, zoom) => {
          const noise = { ...mask, data: new Uint8ClampedArray(bytes) };
          const part = { x: 2, y: 1, width: 17, height: 11 };
          const { values } = seen(
            { ...document, selection: { ...selection, x, y } },
            noise,
            part,
            at(zoom, 1, -3),
          );
          const expected = Array.from({ length: 19 * 13 }, (_, i) => {
            const u = Math.floor((part.x + (i % 19) - 0.5 - 1) / zoom);
            const v = Math.floor((part.y + Math.floor(i / 19) - 0.5 + 3) / zoom);
            const within = u >= 0 && v >= 0 && u < 40 && v < 30;
            const inside = u >= x && v >= y && u < x + 10 && v < y + 8;
            return within && inside ? noise.data[(v - y) * 10 + u - x] : 0;
          });
          expect([...values]).toEqual(expected);
        },
      ),
    );
  });
});
