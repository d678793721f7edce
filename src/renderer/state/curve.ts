import type { Curve } from '../../document/adjustment';

/**
 * The 256 values of the natural cubic spline through a curve's points, flat beyond its ends, 0..255 (de Boor, "A
 * practical guide to splines", IV): what the panel draws; the compositor applies the same.
 */
export function bendThrough(curve: Curve): number[] {
  const n = curve.length - 1;
  const x = curve.map(({ input }) => input);
  const y = curve.map(({ output }) => output);
  // Second derivatives by the tridiagonal system, zero at both ends.
  const bend = new Array<number>(n + 1).fill(0);
  const upper = new Array<number>(n + 1).fill(0);
  for (let i = 1; i < n; i++) {
    const [before, after] = [x[i]! - x[i - 1]!, x[i + 1]! - x[i]!];
    const slope = (y[i + 1]! - y[i]!) / after - (y[i]! - y[i - 1]!) / before;
    const pivot = 2 * (before + after) - before * upper[i - 1]!;
    upper[i] = after / pivot;
    bend[i] = (6 * slope - before * bend[i - 1]!) / pivot;
  }
  for (let i = n - 1; i > 0; i--) bend[i]! -= upper[i]! * bend[i + 1]!;
  return Array.from({ length: 256 }, (_, at) => {
    if (at <= x[0]!) return y[0]!;
    if (at >= x[n]!) return y[n]!;
    const i = x.findIndex((value) => value > at) - 1;
    const width = x[i + 1]! - x[i]!;
    const a = (x[i + 1]! - at) / width;
    const b = (at - x[i]!) / width;
    const value =
      a * y[i]! + b * y[i + 1]! + (((a ** 3 - a) * bend[i]! + (b ** 3 - b) * bend[i + 1]!) * width ** 2) / 6;
    return Math.min(255, Math.max(0, value));
  });
}
