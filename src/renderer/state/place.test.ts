import { describe, expect, it } from 'vitest';
import { documentOf, placePicture } from '../../document/placement';
import { placeOf, withPlace } from './place';

const street = documentOf({ pixels: 'p', name: 'street', width: 400, height: 300 }, 'street');
const sofa = placePicture(street, { pixels: 'q', name: 'sofa', width: 100, height: 50 }, 'sofa');

describe('the place of a layer in numbers', () => {
  it('reads position, size and rotation', () => {
    expect(placeOf(sofa)).toEqual({ x: 150, y: 125, width: 100, height: 50, angle: 0 });
  });

  it('sets each of them and leaves the others', () => {
    for (const [key, value] of [
      ['x', 10],
      ['y', -20],
    ] as const) {
      const moved = { ...sofa, transform: withPlace(sofa, key, value)! };
      expect(placeOf(moved)).toEqual({ ...placeOf(sofa), [key]: value });
    }
    const scaled = { ...sofa, transform: withPlace(sofa, 'width', 50)! };
    expect(placeOf(scaled)).toEqual({ x: 150, y: 125, width: 50, height: 25, angle: 0 });
  });

  it('rotates about the middle', () => {
    const turned = { ...sofa, transform: withPlace(sofa, 'angle', 90)! };
    const place = placeOf(turned);
    expect(place.angle).toBeCloseTo(90);
    expect(place.x).toBeCloseTo(175);
    expect(place.y).toBeCloseTo(100);
    const back = { ...sofa, transform: withPlace(turned, 'angle', 0)! };
    expect(placeOf(back).x).toBeCloseTo(150);
  });

  it('refuses a size of nothing', () => {
    expect(withPlace(sofa, 'height', 0)).toBeNull();
  });
});
