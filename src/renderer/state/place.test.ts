import { describe, expect, it } from 'vitest';
import { placeOf, withPlace, type Place } from './place';

const transform = { a: 1, b: 0, c: 0, d: 1, e: 150, f: 125 };
const content = { x: 10, y: 20, width: 100, height: 50 };

describe('the place of a layer in numbers', () => {
  it('reads position, size and rotation of the content', () => {
    expect(placeOf(transform, content)).toEqual({ x: 160, y: 145, width: 100, height: 50, angle: 0 });
  });

  it('sets each of them and leaves the others', () => {
    const place = placeOf(transform, content);
    const changes: Partial<Place>[] = [{ x: 10 }, { y: -20 }, { width: 50, height: 25 }];
    for (const change of changes) {
      const [key, value] = Object.entries(change)[0] as [keyof Place, number];
      const moved = withPlace(transform, content, key, value)!;
      expect(placeOf(moved, content)).toEqual({ ...place, ...change });
    }
  });

  it('rotates about the middle of the content', () => {
    const turned = withPlace(transform, content, 'angle', 90)!;
    const place = placeOf(turned, content);
    expect(place.angle).toBeCloseTo(90);
    expect(place.x + place.height / 2).toBeCloseTo(210);
    expect(place.y + place.width / 2).toBeCloseTo(170);
    expect(placeOf(withPlace(turned, content, 'angle', 0)!, content).x).toBeCloseTo(160);
  });

  it('refuses a size of nothing', () => {
    expect(withPlace(transform, content, 'height', 0)).toBeNull();
  });
});
