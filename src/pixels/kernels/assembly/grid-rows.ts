// Lifting by the bilateral grid (src/pixels/bilateral-grid.ts), in whole numbers: changes in 64ths of a level, weights
// in 2^14ths. A cell is `levels` changes by brightness, r, g, b, 0. Parameters as in lift.ts, but that `strength` is a whole
// number: 0..8421247 for 0..1.
import { placeOf, sharesAt } from './lift';

/** Bits behind the point of a brightness, in levels of the grid. */
const BITS = 18;

/** Writes the weights of two pixels' r, g, b, a for their brightness (luma, ITU-R BT.601): white is just below the last level. */
export function gridLights(levels: i32, out: usize): void {
  const scale = f64(levels - 1) * f64(1 << (BITS - 8));
  store<i16>(out, i16(nearest(0.299 * scale)));
  store<i16>(out, i16(nearest(0.587 * scale)), 2);
  store<i16>(out, i16(nearest(0.114 * scale)), 4);
  store<i16>(out, 0, 6);
  store<i64>(out, load<i64>(out), 8);
}

/** The brightness of four pixels, two and two. */
function heightsOf(pair: v128, next: v128, light: v128): v128 {
  const first = i32x4.dot_i16x8_s(pair, light);
  const second = i32x4.dot_i16x8_s(next, light);
  const redGreen = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const blue = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  return i32x4.add(redGreen, blue);
}

/** The bytes from a cell's first level to the one below a height. */
function below(heights: v128): v128 {
  return i32x4.shl(i32x4.shr_u(heights, BITS), 3);
}

/** How far heights lie above that level, in 2^15ths, as both halves of their numbers. */
function beyond(heights: v128): v128 {
  const part = v128.and(i32x4.shr_u(heights, BITS - 15), i32x4.splat(0x7fff));
  return v128.or(part, i32x4.shl(part, 16));
}

/** The weights of a column of cells and of the next, `share` of the way (0..1) from one to the other. */
function columnsAt(share: f64): i32 {
  const next = i32(nearest(share * 16384));
  return (16384 - next) | (next << 16);
}

/**
 * What lies between two levels of two cells (`left`, `right`: the lower level's change, and the upper one's);
 * `lower`, `upper`: the weights of the cells, for either level. In 2^20ths.
 */
function mixed(left: v128, right: v128, lower: v128, upper: v128): v128 {
  const first = v128.shuffle<i16>(left, right, 0, 8, 1, 9, 2, 10, 3, 11);
  const second = v128.shuffle<i16>(left, right, 4, 12, 5, 13, 6, 14, 7, 15);
  return i32x4.add(i32x4.dot_i16x8_s(first, lower), i32x4.dot_i16x8_s(second, upper));
}

/** Two pixels' changes, in 64ths of a level. */
function pairOf(first: v128, second: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(first, 14), i32x4.shr_s(second, 14));
}

/** What lies `share` (2^15ths) of the way from one to the other. */
function toward(from: v128, to: v128, share: v128): v128 {
  return i16x8.add(from, i16x8.q15mulr_sat_s(i16x8.sub(to, from), share));
}

/** Two pixels' colours with the whole of a change; what is beyond 0..255 is left to be clipped. */
function changed(colours: v128, change: v128): v128 {
  const full = i16x8.add(i16x8.shl(colours, 6), change);
  return i16x8.shr_s(i16x8.add(full, i16x8.splat(32)), 6);
}

/** The same with `weight` (2^15ths; one less is all) of it. */
function changedBy(colours: v128, change: v128, weight: v128): v128 {
  const from = i16x8.shl(colours, 6);
  const full = i16x8.min_s(i16x8.max_s(i16x8.add(from, change), i16x8.splat(0)), i16x8.splat(64 * 255));
  return i16x8.shr_s(i16x8.add(toward(from, full, weight), i16x8.splat(32)), 6);
}

/** The strength of the whole change: amounts of 255 times this are 32767 · 2^16. */
const WHOLE: i32 = 8421247;

/** The weights of four amounts at a strength, as both halves of their numbers. */
function weightsOf(amounts: v128, strength: i32): v128 {
  const product = i32x4.mul(amounts, i32x4.splat(strength));
  const part = i32x4.shr_u(i32x4.add(product, i32x4.splat(0x8000)), 16);
  return v128.or(part, i32x4.shl(part, 16));
}

/**
 * Where pixels of a row lie along a row of cells: the byte of the cell to their left (at `places`), and its weight and
 * the next one's in 2^14ths (at `shares`), four bytes each. The i-th lies at u + (first + i)·du, in cells.
 */
export function gridColumns(
  u: f64,
  du: f64,
  first: i32,
  count: i32,
  width: i32,
  levels: i32,
  places: usize,
  shares: usize,
): void {
  for (let i = 0; i < count; i++) {
    const place = min(max(u + f64(first + i) * du, 0), f64(width - 1));
    const left = i32(place);
    const at = usize(i) << 2;
    store<i32>(places + at, (left * levels) << 3);
    store<i32>(shares + at, columnsAt(place - f64(left)));
  }
}

/** What lies `share` (2^15ths) of the way between two rows of cells, `pairs` pairs of levels. */
export function gridBetween(upper: usize, lower: usize, share: i32, pairs: i32, out: usize): void {
  const part = i16x8.splat(i16(share));
  for (const end = upper + (usize(pairs) << 4); upper < end; upper += 16) {
    v128.store(out, toward(v128.load(upper), v128.load(lower), part));
    lower += 16;
    out += 16;
  }
}

/** Lifts a row of pixels that lies along the row of cells that is there; columns by `gridColumns`. Reads up to 12 bytes, 3 amounts and 3 places beyond the row. */
export function gridRow(
  cells: usize,
  places: usize,
  shares: usize,
  levels: i32,
  pixels: usize,
  amount: usize,
  count: i32,
  light: usize,
  strength: i32,
): void {
  const lights = v128.load(light);
  const next = usize(levels) << 3;
  for (const end = pixels + 4 * usize(count); pixels < end; pixels += 16) {
    const amounts = load<i32>(amount);
    if (amounts !== 0) {
      const bytes = v128.load(pixels);
      const first = i16x8.extend_low_i8x16_u(bytes);
      const second = i16x8.extend_high_i8x16_u(bytes);
      const heights = heightsOf(first, second, lights);
      const at = i32x4.add(v128.load(places), below(heights));
      const columns = v128.load(shares);
      const upper = i16x8.q15mulr_sat_s(columns, beyond(heights));
      const lower = i16x8.sub(columns, upper);
      const a = cells + usize(i32x4.extract_lane(at, 0));
      const b = cells + usize(i32x4.extract_lane(at, 1));
      const c = cells + usize(i32x4.extract_lane(at, 2));
      const d = cells + usize(i32x4.extract_lane(at, 3));
      const ab = pairOf(
        mixed(
          v128.load(a),
          v128.load(a + next),
          v128.shuffle<i32>(lower, lower, 0, 0, 0, 0),
          v128.shuffle<i32>(upper, upper, 0, 0, 0, 0),
        ),
        mixed(
          v128.load(b),
          v128.load(b + next),
          v128.shuffle<i32>(lower, lower, 1, 1, 1, 1),
          v128.shuffle<i32>(upper, upper, 1, 1, 1, 1),
        ),
      );
      const cd = pairOf(
        mixed(
          v128.load(c),
          v128.load(c + next),
          v128.shuffle<i32>(lower, lower, 2, 2, 2, 2),
          v128.shuffle<i32>(upper, upper, 2, 2, 2, 2),
        ),
        mixed(
          v128.load(d),
          v128.load(d + next),
          v128.shuffle<i32>(lower, lower, 3, 3, 3, 3),
          v128.shuffle<i32>(upper, upper, 3, 3, 3, 3),
        ),
      );
      if (strength === WHOLE && amounts === -1) {
        v128.store(pixels, i8x16.narrow_i16x8_u(changed(first, ab), changed(second, cd)));
      } else {
        const weights = weightsOf(sharesAt(amount), strength);
        const low = changedBy(first, ab, v128.shuffle<i32>(weights, weights, 0, 0, 1, 1));
        const high = changedBy(second, cd, v128.shuffle<i32>(weights, weights, 2, 2, 3, 3));
        v128.store(pixels, i8x16.narrow_i16x8_u(low, high));
      }
    }
    places += 16;
    shares += 16;
    amount += 4;
  }
}

/**
 * Lifts a row of pixels that lies anyhow in the grid; `row`: bytes of a row of its cells. The i-th pixel lies at
 * (u, v) + (first + i)·(du, dv).
 */
export function gridFreely(
  cells: usize,
  row: usize,
  levels: i32,
  pixels: usize,
  amount: usize,
  first: i32,
  count: i32,
  light: usize,
  strength: i32,
  u: f64,
  v: f64,
  du: f64,
  dv: f64,
  width: i32,
  height: i32,
): void {
  const lights = v128.load(light);
  const next = usize(levels) << 3;
  const start = f64x2.replace_lane(f64x2.splat(u), 1, v);
  const step = f64x2.replace_lane(f64x2.splat(du), 1, dv);
  const last = f64x2.replace_lane(f64x2.splat(f64(width - 1)), 1, f64(height - 1));
  for (let i = 0; i < count; i++) {
    const share = load<u8>(amount + i);
    if (share === 0) continue;
    const place = placeOf(first + i, start, step, f64x2.splat(0), last);
    const corner = f64x2.floor(place);
    const fraction = f64x2.sub(place, corner);
    const cell = i32x4.trunc_sat_f64x2_s_zero(corner);
    const to = pixels + 4 * usize(i);
    const colour = i16x8.extend_low_i8x16_u(v128.load32_zero(to));
    const heights = heightsOf(colour, colour, lights);
    const columns = i32x4.splat(columnsAt(f64x2.extract_lane(fraction, 0)));
    const upper = i16x8.q15mulr_sat_s(
      columns,
      v128.shuffle<i32>(beyond(heights), beyond(heights), 0, 0, 0, 0),
    );
    const lower = i16x8.sub(columns, upper);
    const down = i16x8.splat(i16(f64x2.extract_lane(fraction, 1) * 32768));
    const at =
      cells +
      usize(i32x4.extract_lane(cell, 1)) * row +
      usize(i32x4.extract_lane(cell, 0)) * next +
      usize(i32x4.extract_lane(below(heights), 0));
    const left = toward(v128.load(at), v128.load(at + row), down);
    const right = toward(v128.load(at + next), v128.load(at + row + next), down);
    const change = mixed(left, right, lower, upper);
    const weights = weightsOf(i32x4.splat(i32(share)), strength);
    const halves = changedBy(colour, pairOf(change, change), weights);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(halves, halves), 0);
  }
}
