// Lifting to pictures that stand upright over the cells: a row of pixels then lies between rows of cells, and four pixels
// side by side mostly between the same columns. They are worked on at once, each in a lane. Parameters as in lift.ts.
import { channel, recolourFour, sharesAt } from './lift';

/** The places of the pixels i..i+3 of a row in cells, clamped. Exactly the same however the row is cut. */
function placesOf(i: i32, u: f64, du: f64, least: f32, most: f32): v128 {
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

/**
 * What the four rows of cells around a row of pixels are to it: for each column of cells four times the guide's four
 * floats as they are, and the change's four floats times the row's nearness (`near`: four floats). `cells`: the upper of
 * the four rows, eight floats a cell, rows `row` bytes apart.
 */
export function bilateralColumns(cells: usize, row: usize, near: usize, columns: i32, to: usize): void {
  for (let k = 0; k < 4; k++) {
    const weight = v128.load32_splat(near + (usize(k) << 2));
    let from = cells;
    let at = to + (usize(k) << 5);
    for (let x = 0; x < columns; x++) {
      v128.store(at, v128.load(from));
      v128.store(at, f32x4.mul(v128.load(from, 16), weight), 16);
      from += 32;
      at += 128;
    }
    cells += row;
  }
}

/** The likeness of four pixels' colours, `falloff` times r, g, b, and less the sum of their squares, to the cell's. */
function likeness(at: usize, r: v128, g: v128, b: v128, length: v128, least: v128): v128 {
  let like = f32x4.add(v128.load32_splat(at, 12), length);
  like = f32x4.add(like, f32x4.mul(v128.load32_splat(at), r));
  like = f32x4.add(like, f32x4.mul(v128.load32_splat(at, 4), g));
  like = f32x4.add(like, f32x4.mul(v128.load32_splat(at, 8), b));
  like = f32x4.pmax(f32x4.splat(0), like);
  like = f32x4.mul(like, like);
  like = f32x4.mul(like, like);
  like = f32x4.mul(like, like);
  return f32x4.add(f32x4.mul(like, like), least);
}

/**
 * Joint bilateral upsampling of a row; what `bilateral` does, but for rounding. `columns`: by bilateralColumns, three
 * cells of border on each side. Of a cell: guide r, g, b times twice the falloff, 1 − falloff²·(r² + g² + b²), then
 * share·change r, g, b, and share² + floor.
 */
export function bilateralRow(
  columns: usize,
  near: usize,
  pixels: usize,
  amount: usize,
  count: i32,
  strength: f32,
  u: f64,
  du: f64,
  width: i32,
  falloff: f32,
  floor: f32,
): void {
  const least = f32x4.splat(floor);
  const scale = f32x4.splat(falloff);
  const none = f32x4.splat(0);
  for (let i = 0; i < count;) {
    const places = placesOf(i, u, du, -1, f32(width));
    const cell = Mathf.floor(f32x4.extract_lane(places, 0));
    const lanes = within(places, cell, i, count);
    const shares = v128.and(sharesAt(amount + i), lanes);
    if (!v128.any_true(shares)) {
      i += countOf(lanes);
      continue;
    }
    const steps = f32x4.mul(f32x4.sub(places, f32x4.splat(cell)), f32x4.splat(256));
    // Lanes that do not count may lie beyond the table.
    const entries = v128.and(i32x4.trunc_sat_f32x4_s(f32x4.add(steps, f32x4.splat(0.5))), lanes);
    const n0 = v128.load(near + (usize(i32x4.extract_lane(entries, 0)) << 4));
    const n1 = v128.load(near + (usize(i32x4.extract_lane(entries, 1)) << 4));
    const n2 = v128.load(near + (usize(i32x4.extract_lane(entries, 2)) << 4));
    const n3 = v128.load(near + (usize(i32x4.extract_lane(entries, 3)) << 4));
    const low = v128.shuffle<i32>(n0, n1, 0, 4, 1, 5);
    const high = v128.shuffle<i32>(n2, n3, 0, 4, 1, 5);
    const lowEnd = v128.shuffle<i32>(n0, n1, 2, 6, 3, 7);
    const highEnd = v128.shuffle<i32>(n2, n3, 2, 6, 3, 7);
    const bytes = v128.load(pixels + 4 * i);
    const r = f32x4.mul(channel(bytes, 0), scale);
    const g = f32x4.mul(channel(bytes, 8), scale);
    const b = f32x4.mul(channel(bytes, 16), scale);
    const length = f32x4.neg(f32x4.add(f32x4.add(f32x4.mul(r, r), f32x4.mul(g, g)), f32x4.mul(b, b)));
    let red = none;
    let green = none;
    let blue = none;
    let total = none;
    let at = columns + (usize(i32(cell) + 2) << 7);
    for (let j = 0; j < 4; j++) {
      const weight =
        j === 0
          ? v128.shuffle<i32>(low, high, 0, 1, 4, 5)
          : j === 1
            ? v128.shuffle<i32>(low, high, 2, 3, 6, 7)
            : j === 2
              ? v128.shuffle<i32>(lowEnd, highEnd, 0, 1, 4, 5)
              : v128.shuffle<i32>(lowEnd, highEnd, 2, 3, 6, 7);
      for (let k = 0; k < 4; k++) {
        const like = f32x4.mul(likeness(at, r, g, b, length, least), weight);
        red = f32x4.add(red, f32x4.mul(like, v128.load32_splat(at, 16)));
        green = f32x4.add(green, f32x4.mul(like, v128.load32_splat(at, 20)));
        blue = f32x4.add(blue, f32x4.mul(like, v128.load32_splat(at, 24)));
        total = f32x4.add(total, f32x4.mul(like, v128.load32_splat(at, 28)));
        at += 32;
      }
    }
    const weights = f32x4.mul(f32x4.convert_i32x4_s(shares), f32x4.splat(strength));
    const each = f32x4.div(f32x4.splat(1), total);
    recolourFour(
      pixels + 4 * i,
      bytes,
      f32x4.mul(red, each),
      f32x4.mul(green, each),
      f32x4.mul(blue, each),
      weights,
    );
    i += countOf(lanes);
  }
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
