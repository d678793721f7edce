/** A function's value and its gradient at a point. */
export interface Slope {
  readonly value: number;
  readonly gradient: readonly number[];
}

export interface Bounds {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** How often the function was asked. */
  readonly evaluations: number;
}

export interface DescentLimits {
  /** The function is asked no more often; 60. */
  readonly evaluations?: number;
  /** Done when no coordinate of the projected gradient is larger; 1e-5. */
  readonly gradient?: number;
  /** Done when a step gains less than this share of the value; 1e-7. */
  readonly gain?: number;
}

/** Armijo's share of the promised descent that a step must keep. */
const KEEP = 1e-4;

/**
 * Minimises a function within bounds by a projected quasi-Newton method: BFGS on the coordinates that are not held by
 * a bound, steps along the projection of the direction (D. Bertsekas, "Projected Newton methods for optimization
 * problems with simple constraints", SIAM J. Control 20, 1982). For a handful of variables it does what L-BFGS-B does,
 * with the whole matrix. The function's gradients may be approximate. Rejects with what `ask` throws.
 */
export async function descend(
  ask: (point: readonly number[]) => Promise<Slope>,
  start: readonly number[],
  { lower, upper }: Bounds,
  limits: DescentLimits = {},
): Promise<Minimum> {
  const { evaluations: most = 60, gradient: flat = 1e-5, gain = 1e-7 } = limits;
  const n = start.length;
  const project = (point: readonly number[]) =>
    point.map((v, i) => Math.min(Math.max(v, lower[i]!), upper[i]!));
  let point = project(start);
  let here = await ask(point);
  let evaluations = 1;
  let inverse = identity(n);
  let fresh = true;
  while (evaluations < most) {
    const { gradient } = here;
    const held = point.map(
      (v, i) => (v <= lower[i]! && gradient[i]! > 0) || (v >= upper[i]! && gradient[i]! < 0),
    );
    const free = gradient.map((g, i) => (held[i] ? 0 : g));
    if (Math.max(...free.map(Math.abs)) <= flat) break;
    let direction = inverse.map((row, i) => (held[i] ? 0 : -dot(row, free)));
    if (fresh || dot(direction, free) >= 0) {
      inverse = identity(n);
      fresh = true;
      // The first step knows no curvature: a tenth of the widest range at the most.
      const range = Math.max(...upper.map((u, i) => u - lower[i]!));
      const scale = Math.min(1, (0.1 * range) / Math.max(...free.map(Math.abs)));
      direction = free.map((g) => -g * scale);
    }
    let step = 1;
    let next: { point: number[]; slope: Slope } | null = null;
    while (evaluations < most) {
      const reached = project(point.map((v, i) => v + step * direction[i]!));
      const promised = dot(
        gradient,
        reached.map((v, i) => v - point[i]!),
      );
      if (promised >= -1e-15) break;
      const slope = await ask(reached);
      evaluations++;
      if (slope.value <= here.value + KEEP * promised) {
        next = { point: reached, slope };
        break;
      }
      // The minimum of the parabola through both values and the slope, within safe limits.
      const bend = slope.value - here.value - promised;
      step *= Math.min(0.5, Math.max(0.1, bend > 0 ? -promised / (2 * bend) : 0.5));
    }
    if (!next) {
      if (fresh) break;
      fresh = true;
      continue;
    }
    const moved = next.point.map((v, i) => v - point[i]!);
    const bent = next.slope.gradient.map((g, i) => g - gradient[i]!);
    const gained = here.value - next.slope.value;
    ({ point, slope: here } = next);
    const scale = fresh ? dot(moved, bent) / Math.max(dot(bent, bent), 1e-300) : 1;
    if (dot(moved, bent) > 1e-12) {
      if (fresh) inverse = identity(n, scale);
      inverse = updated(inverse, moved, bent);
      fresh = false;
    }
    if (gained <= gain * Math.max(1, Math.abs(here.value))) break;
  }
  return { point, value: here.value, evaluations };
}

function identity(n: number, scale = 1): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? scale : 0)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}

/** The BFGS update of an inverse Hessian by a step and the gradient's change along it (Nocedal and Wright, eq. 6.17). */
function updated(h: readonly number[][], s: readonly number[], y: readonly number[]): number[][] {
  const rho = 1 / dot(s, y);
  const hy = h.map((row) => dot(row, y));
  const yhy = dot(y, hy);
  return h.map((row, i) =>
    row.map((v, j) => v - rho * (s[i]! * hy[j]! + hy[i]! * s[j]!) + rho * (rho * yhy + 1) * s[i]! * s[j]!),
  );
}
