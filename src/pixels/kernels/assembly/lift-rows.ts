// Lifting to pictures that stand upright over the cells: a row of pixels then lies between rows of cells, and four pixels
// side by side mostly between the same columns. They are worked on at once, each in a lane. Parameters as in lift.ts.
import { channel, recolourFour, sharesAt } from './lift';

/** The places of the pixels i..i+3 of a row in cells, clamped. Exactly the same however the row is cut. */
export function placesOf(i: i32, u: f64, du: f64, least: f32, most: f32): v128 {
  const start = f64x2.splat(u);
  const step = f64x2.splat(du);
  const first = f64x2.replace_lane(f64x2.splat(f64(i)), 1, f64(i + 1));
  const second = f64x2.add(first, f64x2.splat(2));
  const low = f32x4.demote_f64x2_zero(f64x2.add(start, f64x2.mul(step, first)));
  const high = f32x4.demote_f64x2_zero(f64x2.add(start, f64x2.mul(step, second)));
  const places = v128.shuffle<i32>(low, high, 0, 1, 4, 5);
  return f32x4.pmin(f32x4.splat(most), f32x4.pmax(f32x4.splat(least), places));
}

/** Which of the pixels i..i+3 lie in the column of cells that begins at `cell`, and in the row. */
function within(places: v128, cell: f32, i: i32, count: i32): v128 {
  const numbers = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3));
  return v128.and(f32x4.lt(places, f32x4.splat(cell + 1)), i32x4.lt_s(numbers, i32x4.splat(count)));
}

/** How many lanes count: they are the first ones. */
function countOf(lanes: v128): i32 {
  return ctz(~i32x4.bitmask(lanes));
}

/** What the affine function of a cell adds to one channel of four colours; `at`: the channel's float of its first vector. */
function addedBy(at: usize, r: v128, g: v128, b: v128): v128 {
  let sum = f32x4.add(v128.load32_splat(at, 48), f32x4.mul(v128.load32_splat(at), r));
  sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(at, 16), g));
  return f32x4.add(sum, f32x4.mul(v128.load32_splat(at, 32), b));
}

/** The same between a cell and the next, at `share` of the way. */
function addedBetween(at: usize, share: v128, r: v128, g: v128, b: v128): v128 {
  const here = addedBy(at, r, g, b);
  return f32x4.add(here, f32x4.mul(share, f32x4.sub(addedBy(at + 64, r, g, b), here)));
}

/** Adds an affine change of colours along one row of cells; what `affine` does, but for rounding. */
export function affineRow(
  cells: usize,
  pixels: usize,
  amount: usize,
  count: i32,
  strength: f32,
  u: f64,
  du: f64,
  width: i32,
): void {
  const scale = f32x4.splat(strength);
  for (let i = 0; i < count;) {
    const places = placesOf(i, u, du, 0, f32(width - 1));
    const cell = Mathf.floor(f32x4.extract_lane(places, 0));
    const lanes = within(places, cell, i, count);
    const shares = v128.and(sharesAt(amount + i), lanes);
    if (v128.any_true(shares)) {
      const at = cells + (usize(i32(cell)) << 6);
      const share = f32x4.sub(places, f32x4.splat(cell));
      const bytes = v128.load(pixels + 4 * i);
      const r = channel(bytes, 0);
      const g = channel(bytes, 8);
      const b = channel(bytes, 16);
      recolourFour(
        pixels + 4 * i,
        bytes,
        addedBetween(at, share, r, g, b),
        addedBetween(at + 4, share, r, g, b),
        addedBetween(at + 8, share, r, g, b),
        f32x4.mul(f32x4.convert_i32x4_s(shares), scale),
      );
    }
    i += countOf(lanes);
  }
}
