import type { Box } from '../../pixels/image';
import type { Combination } from '../state/selecting.svelte';
import type { Point } from '../state/view';

/** What the keys held at the press say: Shift adds, Alt takes away, both keep what is in common; else `chosen`. */
export function combinationOf(
  { shiftKey, altKey }: { readonly shiftKey: boolean; readonly altKey: boolean },
  chosen: Combination,
): Combination {
  if (shiftKey && altKey) return 'intersect';
  return shiftKey ? 'add' : altKey ? 'subtract' : chosen;
}

/** The box of whole document pixels from one corner to the other; a square, or around its middle, where that is asked for. */
export function areaBetween(
  start: Point,
  now: Point,
  { square, centred }: { readonly square: boolean; readonly centred: boolean },
): Box {
  let [dx, dy] = [now.x - start.x, now.y - start.y];
  if (square) {
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    [dx, dy] = [dx < 0 ? -side : side, dy < 0 ? -side : side];
  }
  const from = centred ? { x: start.x - dx, y: start.y - dy } : start;
  const to = square ? { x: start.x + dx, y: start.y + dy } : now;
  const x = whole(Math.min(from.x, to.x));
  const y = whole(Math.min(from.y, to.y));
  const width = whole(Math.max(from.x, to.x)) - x;
  const height = whole(Math.max(from.y, to.y)) - y;
  // Whole pixels must not make a square oblong.
  const side = Math.max(width, height);
  return square ? { x, y, width: side, height: side } : { x, y, width, height };
}

/** Rounded, and a zero without a sign. */
const whole = (value: number) => Math.round(value) + 0;

/** Whether the places enclose no area worth selecting: the hand just clicked. */
export function isClick(places: readonly Point[]): boolean {
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  const spread = (values: number[]) =>
    values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  return places.length < 2 || spread(xs) < 1 || spread(ys) < 1;
}
