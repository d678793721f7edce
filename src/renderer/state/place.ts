import type { Transform } from '../../document/records';
import type { Box } from '../../pixels/image';
import { multiply, translation } from '../../pixels/matrix';

/** A layer's place in numbers: top left corner and size of its content in document pixels, its rotation in degrees. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** Where `content` (layer pixels) lies: the box around it for x and y, its own (perhaps rotated) sides for the size. */
export function placeOf(t: Transform, content: Box): Place {
  const { x, y, width, height } = content;
  const [w, h] = [
    { x: t.a * width, y: t.b * width },
    { x: t.c * height, y: t.d * height },
  ];
  return {
    x: t.a * x + t.c * y + t.e + Math.min(0, w.x) + Math.min(0, h.x),
    y: t.b * x + t.d * y + t.f + Math.min(0, w.y) + Math.min(0, h.y),
    width: Math.hypot(w.x, w.y),
    height: Math.hypot(h.x, h.y),
    angle: (Math.atan2(t.b, t.a) * 180) / Math.PI,
  };
}

/** The box around `content` (layer pixels) where it lies in the document. */
export function boundsOf(t: Transform, content: Box): Box {
  const { x, y } = placeOf(t, content);
  const { width, height } = content;
  return {
    x,
    y,
    width: Math.abs(t.a * width) + Math.abs(t.c * height),
    height: Math.abs(t.b * width) + Math.abs(t.d * height),
  };
}

/** The box around all boxes; null when there are none. */
export function unionOf(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  return { x, y, width, height };
}

/**
 * The transform after one number was typed; null when it makes no sense. A size keeps the proportions and the corner;
 * a rotation keeps the middle.
 */
export function withPlace(t: Transform, content: Box, key: keyof Place, value: number): Transform | null {
  const place = placeOf(t, content);
  if (key === 'x') return { ...t, e: t.e + value - place.x };
  if (key === 'y') return { ...t, f: t.f + value - place.y };
  if (key === 'angle') {
    const turn = ((value - place.angle) * Math.PI) / 180;
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const [cx, cy] = [content.x + content.width / 2, content.y + content.height / 2];
    const x = t.a * cx + t.c * cy + t.e;
    const y = t.b * cx + t.d * cy + t.f;
    const rotation = { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
    return multiply(translation(x, y), multiply(rotation, multiply(translation(-x, -y), t)));
  }
  if (value < 1) return null;
  const factor = value / place[key];
  const scaled = { ...t, a: t.a * factor, b: t.b * factor, c: t.c * factor, d: t.d * factor };
  const after = placeOf(scaled, content);
  return { ...scaled, e: t.e + place.x - after.x, f: t.f + place.y - after.y };
}
