/**
 * The S-curve of Xue et al. 2012: two quadratic Bézier curves from (0, 0) to (pivot, pivot) to (1, 1), whose control
 * points lie on the other diagonal of their squares. `alpha` 0.5 is the straight line; above, contrast around the
 * pivot grows, below it falls. What is outside 0..1 stays as it is.
 */
export function curve(value: number, pivot: number, alpha: number): number {
  if (!(value > 0 && value < 1)) return value;
  if (value < pivot) return pivot * branch(value / pivot, alpha);
  return pivot + (1 - pivot) * branch((value - pivot) / (1 - pivot), 1 - alpha);
}

/** The Bézier curve (0, 0), (a, 1 − a), (1, 1) at `x` in 0..1. */
function branch(x: number, a: number): number {
  // x = 2(1 − t)t·a + t², solved for t.
  const square = 1 - 2 * a;
  const t = Math.abs(square) < 1e-9 ? x : (Math.sqrt(a * a + square * x) - a) / square;
  return 2 * (1 - t) * t * (1 - a) + t * t;
}
