import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centreView,
  fitView,
  MAX_ZOOM,
  MIN_ZOOM,
  panBy,
  toDocument,
  wholeSpan,
  zoomStep,
  zoomTo,
} from './view';

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 9000 }),
  height: fc.integer({ min: 1, max: 9000 }),
});

describe('the view', () => {
  it('fits the whole document into the viewport, but never enlarges it', () => {
    fc.assert(
      fc.property(sizes, (document) => {
        const viewport = { width: 1000, height: 700 };
        const view = fitView(document, viewport, 20);
        expect(view.zoom).toBeLessThanOrEqual(1);
        expect(document.width * view.zoom).toBeLessThanOrEqual(961);
        expect(document.height * view.zoom).toBeLessThanOrEqual(661);
      }),
    );
  });

  it('zooms to the pointer: what lies under it stays', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 0.1, max: 7.9, noNaN: true }),
        (x, zoom) => {
          const view = { zoom: 0.37, x: 12.5, y: -40 };
          const before = toDocument(view, { x, y: 300 });
          const after = toDocument(zoomTo(view, { x, y: 300 }, zoom), { x, y: 300 });
          expect(Math.abs(after.x - before.x) * zoom).toBeLessThanOrEqual(0.51);
          expect(Math.abs(after.y - before.y) * zoom).toBeLessThanOrEqual(0.51);
        },
      ),
    );
  });

  it('keeps within its limits', () => {
    const view = centreView({ width: 10, height: 10 }, { width: 100, height: 100 }, 1);
    expect(zoomTo(view, { x: 0, y: 0 }, 1e9).zoom).toBe(MAX_ZOOM);
    expect(zoomTo(view, { x: 0, y: 0 }, 0).zoom).toBe(MIN_ZOOM);
    expect(zoomStep(MAX_ZOOM, 1)).toBe(MAX_ZOOM);
    expect(zoomStep(MIN_ZOOM, -1)).toBe(MIN_ZOOM);
    expect(zoomStep(0.4, 1)).toBe(0.5);
    expect(zoomStep(1, -1)).toBeCloseTo(2 / 3);
  });

  it('never loses the document out of sight', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), fc.integer(), (document, x, y) => {
        const view = panBy({ zoom: 0.5, x: 0, y: 0 }, { x, y }, document, { width: 800, height: 600 }, 40);
        const keep = Math.min(40, document.width * 0.5);
        expect(view.x + document.width * 0.5).toBeGreaterThanOrEqual(keep - 1e-6);
        expect(view.x).toBeLessThanOrEqual(800 - keep + 1e-6);
      }),
    );
  });

  it('puts 100 % on whole pixels', () => {
    const view = zoomTo({ zoom: 0.3, x: 10.4, y: 3.3 }, { x: 77, y: 55 }, 1);
    expect(Number.isInteger(view.x) && Number.isInteger(view.y)).toBe(true);
  });

  it('draws only canvas pixels that the document covers wholly', () => {
    expect(wholeSpan(4, 706.67)).toEqual({ start: 4, end: 706 });
    expect(wholeSpan(10.3, 20)).toEqual({ start: 11, end: 20 });
    expect(wholeSpan(2.9999999, 3.2)).toEqual({ start: 3, end: 4 });
  });
});
