import type { Layer, Transform } from '../../document/records';
import { multiply, translation } from '../../pixels/matrix';

/** A layer's place in numbers: its frame's top left corner and size in document pixels, its rotation in degrees. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** Where the layer lies: the box around its (perhaps rotated) frame for x and y, its own sides for the size. */
export function placeOf({ transform: t, width, height }: Layer): Place {
  const left = t.e + Math.min(0, t.a * width, t.c * height, t.a * width + t.c * height);
  const top = t.f + Math.min(0, t.b * width, t.d * height, t.b * width + t.d * height);
  return {
    x: left,
    y: top,
    width: Math.hypot(t.a, t.b) * width,
    height: Math.hypot(t.c, t.d) * height,
    angle: (Math.atan2(t.b, t.a) * 180) / Math.PI,
  };
}

/** The transform after one number was typed; null when it makes no sense. Sizes keep the proportions and the corner; rotation keeps the middle. */
export function withPlace(layer: Layer, key: keyof Place, value: number): Transform | null {
  const { transform: t, width, height } = layer;
  const place = placeOf(layer);
  if (key === 'x') return { ...t, e: t.e + value - place.x };
  if (key === 'y') return { ...t, f: t.f + value - place.y };
  if (key === 'angle') {
    const turn = ((value - place.angle) * Math.PI) / 180;
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const x = t.e + (t.a * width + t.c * height) / 2;
    const y = t.f + (t.b * width + t.d * height) / 2;
    const rotation = { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
    return multiply(translation(x, y), multiply(rotation, multiply(translation(-x, -y), t)));
  }
  if (value < 1) return null;
  const factor = value / place[key];
  const scaled = { ...t, a: t.a * factor, b: t.b * factor, c: t.c * factor, d: t.d * factor };
  const after = placeOf({ ...layer, transform: scaled });
  return { ...scaled, e: t.e + place.x - after.x, f: t.f + place.y - after.y };
}
