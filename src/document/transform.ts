import type { Transform } from './records';

/** The map that applies `first`, then `then`. */
export function compose(then: Transform, first: Transform): Transform {
  return {
    a: then.a * first.a + then.c * first.b,
    b: then.b * first.a + then.d * first.b,
    c: then.a * first.c + then.c * first.d,
    d: then.b * first.c + then.d * first.d,
    e: then.a * first.e + then.c * first.f + then.e,
    f: then.b * first.e + then.d * first.f + then.f,
  };
}

/** The map that leads from `from` to `to`: `compose(step, from)` is `to`. `from` must not flatten the plane. */
export function between(from: Transform, to: Transform): Transform {
  const { a, b, c, d, e, f } = from;
  const determinant = a * d - b * c;
  const back: Transform = {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
    e: (c * f - d * e) / determinant,
    f: (b * e - a * f) / determinant,
  };
  // A mere move stays exact: dividing and multiplying again would leave it a hair beside whole pixels.
  if (a === to.a && b === to.b && c === to.c && d === to.d) return shift(to.e - e, to.f - f);
  return compose(to, back);
}

/** A move by document pixels. */
export function shift(x: number, y: number): Transform {
  return { a: 1, b: 0, c: 0, d: 1, e: x, f: y };
}

/** Whether the map is finite and flattens nothing. */
export function isUsable(t: Transform): boolean {
  const determinant = t.a * t.d - t.b * t.c;
  return [t.a, t.b, t.c, t.d, t.e, t.f].every(Number.isFinite) && Math.abs(determinant) > 1e-9;
}

export function sameTransform(p: Transform, q: Transform): boolean {
  return p.a === q.a && p.b === q.b && p.c === q.c && p.d === q.d && p.e === q.e && p.f === q.f;
}
