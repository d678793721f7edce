import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLayer, setVisible } from '../../document/layer-actions';
import { documentOf, placePicture } from '../../document/placement';
import { boundsOf } from './place';
import { guidesOf, linesOf, snapMove, snapScale } from './snapping';

const street = documentOf({ pixels: 'p', name: 'street', width: 400, height: 300 }, 'street');
const sofa = placePicture(street, { pixels: 'q', name: 'sofa', width: 40, height: 30 }, 'sofa', {
  x: 100,
  y: 90,
});
const two = addLayer.perform(street, { layer: sofa });
const content = (layer: { width: number; height: number }) => ({
  x: 0,
  y: 0,
  width: layer.width,
  height: layer.height,
});
const lines = { x: [0, 200, 400], y: [0, 150, 300] };

describe('what a layer snaps to', () => {
  it('is edges and middle of the document and of the other layers that show', () => {
    expect(linesOf(two, new Set(['lamp']), content)).toEqual({
      x: [0, 200, 400, 80, 100, 120],
      y: [0, 150, 300, 75, 90, 105],
    });
    expect(linesOf(two, new Set(['sofa']), content).x).toEqual([0, 200, 400]);
    const hidden = setVisible.perform(two, { id: 'sofa', visible: false });
    expect(linesOf(hidden, new Set(), content).x).toEqual([0, 200, 400]);
  });

  it('takes the whole box of a turned layer', () => {
    const turned = { a: 0, b: 1, c: -1, d: 0, e: 50, f: 10 };
    expect(boundsOf(turned, { x: 0, y: 0, width: 40, height: 30 })).toEqual({
      x: 20,
      y: 10,
      width: 30,
      height: 40,
    });
  });
});

describe('a layer that is moved', () => {
  it('snaps with its nearest edge or middle, each way by itself', () => {
    expect(snapMove({ x: 3, y: 50, width: 40, height: 40 }, lines, 5)).toEqual({ x: -3, y: 0 });
    expect(snapMove({ x: 178, y: 262, width: 40, height: 40 }, lines, 5)).toEqual({ x: 2, y: -2 });
    expect(snapMove({ x: 6, y: 50, width: 40, height: 40 }, lines, 5)).toEqual({ x: 0, y: 0 });
    expect(guidesOf({ x: 180, y: 260, width: 40, height: 40 }, lines)).toEqual({ x: [200], y: [300] });
  });

  it('never moves farther than the reach, and then lies on a line', () => {
    const side = fc.double({ min: 1, max: 500, noNaN: true });
    const at = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(
        at,
        at,
        side,
        side,
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (x, y, width, height, reach) => {
          const box = { x, y, width, height };
          const by = snapMove(box, lines, reach);
          expect(Math.max(Math.abs(by.x), Math.abs(by.y))).toBeLessThanOrEqual(reach);
          const there = { ...box, x: x + by.x, y: y + by.y };
          if (by.x !== 0) expect(guidesOf(there, lines).x.length).toBeGreaterThan(0);
          // There, nothing moves it on.
          const again = snapMove(there, lines, reach);
          expect(Math.abs(again.x) + Math.abs(again.y)).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a layer that is scaled', () => {
  const before = { x: 100, y: 100, width: 50, height: 50 };
  const scaled = (now: typeof before, uniform: boolean, reach = 5) => {
    const by = snapScale(now, before, lines, { reach, uniform });
    const round = (value: number) => Math.round(value * 1e6) / 1e6 + 0;
    const box = by && boundsOf(by, now);
    return box && { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) };
  };

  it('snaps with the edges that move, and the others stay', () => {
    expect(scaled({ ...before, width: 97 }, false)).toEqual({ ...before, width: 100 });
    expect(scaled({ x: 3, y: 100, width: 147, height: 50 }, false)).toMatchObject({ x: 0, width: 150 });
    expect(scaled({ ...before, width: 80 }, false)).toBeNull();
    expect(scaled(before, false)).toBeNull();
  });

  it('keeps proportions where they are kept, by the nearer line', () => {
    const box = scaled({ x: 100, y: 100, width: 97, height: 97 }, true)!;
    expect(box).toEqual({ x: 100, y: 100, width: 100, height: 100 });
    const free = scaled({ x: 100, y: 100, width: 97, height: 48 }, false)!;
    expect([free.width, free.height]).toEqual([100, 50]);
  });

  it('snaps both sides alike from the middle', () => {
    const box = scaled({ x: 52, y: 100, width: 146, height: 50 }, false)!;
    expect(box.x).toBeCloseTo(50, 9);
    expect(box.width).toBeCloseTo(150, 9);
  });
});
