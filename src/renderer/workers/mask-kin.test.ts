import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mask } from '../../pixels/image';
import { PixelShelf } from './pixel-shelf';

const WIDTH = 12;
const HEIGHT = 9;
const stroke = fc.record({
  x: fc.integer({ min: 0, max: 8 }),
  y: fc.integer({ min: 0, max: 6 }),
  width: fc.integer({ min: 1, max: 4 }),
  height: fc.integer({ min: 1, max: 3 }),
  value: fc.nat(255),
  /** How many steps of the history are undone first. */
  undone: fc.integer({ min: 0, max: 3 }),
  /** Whether the oldest step is forgotten. */
  forgets: fc.boolean(),
});

describe('masks that strokes made', () => {
  it('are all there as they were, however strokes, undoing and forgetting follow each other', () => {
    fc.assert(
      fc.property(fc.array(stroke, { minLength: 1, maxLength: 12 }), (strokes) => {
        const shelf = new PixelShelf();
        const truth = new Map<string, number[]>();
        let history = ['m0'];
        const first: Mask = { width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(WIDTH * HEIGHT) };
        shelf.putMask('m0', first);
        truth.set('m0', [...first.data]);
        strokes.forEach(({ undone, forgets, value, ...box }, i) => {
          history = history.slice(0, Math.max(1, history.length - undone));
          const from = history.at(-1)!;
          shelf.retain([...truth.keys()], [from]);
          const base = shelf.mask(from)!;
          const id = `m${i + 1}`;
          const painted = { ...base, data: base.data.slice() };
          for (let y = box.y; y < box.y + box.height; y++)
            painted.data.fill(value, y * WIDTH + box.x, y * WIDTH + box.x + box.width);
          shelf.putMask(id, painted);
          expect(shelf.putKin(from, id, box)).toBe(box.width * box.height);
          truth.set(id, [...painted.data]);
          history.push(id);
          if (forgets && history.length > 2) history = history.slice(1);
          for (const known of truth.keys()) if (!history.includes(known)) truth.delete(known);
          shelf.retain(history, [id]);
        });
        for (const id of history.toReversed()) expect([...shelf.mask(id)!.data]).toEqual(truth.get(id));
      }),
    );
  });

  it('lie whole only once: the history keeps the pieces in which they differ', () => {
    const shelf = new PixelShelf();
    const whole: Mask = { width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(WIDTH * HEIGHT) };
    shelf.putMask('m0', whole);
    shelf.putMask('m1', { ...whole, data: whole.data.map((_, i) => (i === 5 ? 9 : 0)) });
    shelf.putKin('m0', 'm1', { x: 5, y: 0, width: 1, height: 1 });
    shelf.retain(['m0', 'm1'], ['m1']);
    // Made anew, not the object that was put there.
    expect(shelf.mask('m0')).not.toBe(whole);
    expect(shelf.mask('m0')).toEqual(whole);
    shelf.retain(['m0'], ['m0']);
    expect(shelf.mask('m1')).toBeUndefined();
  });
});
