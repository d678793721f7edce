// The bilateral grid (src/pixels/bilateral-grid.ts): cells of some pictures' cells a side, each with `levels` vectors by
// brightness: share·change r, g, b, and share² + floor. Rows of cells have one more at the right, which repeats the last.
import { between, channel, colourAt, placeOf, recolourFour, recolourPixel, sharesAt } from './lift';
import { placesOf } from './lift-rows';

/** Brightness of colours (luma, ITU-R BT.601), times `scale`: the level that they lie at. */
function heightOf(r: v128, g: v128, b: v128, scale: f32): v128 {
  const first = f32x4.add(f32x4.mul(r, f32x4.splat(0.299 * scale)), f32x4.mul(g, f32x4.splat(0.587 * scale)));
  return f32x4.add(first, f32x4.mul(b, f32x4.splat(0.114 * scale)));
}

/**
 * Adds a row of a picture's cells to a row of the grid: `count` of them, `reach` to a cell of the grid; `change`, `guide`:
 * three planes of floats, `plane` bytes apart; `mask`: shares 0..255.
 */
export function gridAdd(
  change: usize,
  guide: usize,
  mask: usize,
  plane: usize,
  count: i32,
  reach: i32,
  grid: usize,
  levels: i32,
  scale: f32,
  floor: f32,
): void {
  for (let i = 0; i < count; i++) {
    const at = usize(i) << 2;
    const share = load<f32>(mask + at) / 255;
    const height = heightOf(
      v128.load32_splat(guide + at),
      v128.load32_splat(guide + plane + at),
      v128.load32_splat(guide + 2 * plane + at),
      scale,
    );
    const level = min(max(i32(f32x4.extract_lane(height, 0)), 0), levels - 2);
    const beyond = f32x4.sub(height, f32x4.splat(f32(level)));
    let cell = f32x4.splat(share * load<f32>(change + at));
    cell = f32x4.replace_lane(cell, 1, share * load<f32>(change + plane + at));
    cell = f32x4.replace_lane(cell, 2, share * load<f32>(change + 2 * plane + at));
    cell = f32x4.replace_lane(cell, 3, share * share + floor);
    const upper = f32x4.mul(cell, beyond);
    const to = grid + (usize((i / reach) * levels + level) << 4);
    v128.store(to, f32x4.add(v128.load(to), f32x4.sub(cell, upper)));
    v128.store(to, f32x4.add(v128.load(to, 16), upper), 16);
  }
}

/** Vectors of which each gives `spread` to both neighbours; `before`, `after`: theirs. */
function spreadOut(before: usize, at: usize, after: usize, count: i32, spread: f32, out: usize): void {
  const own = f32x4.splat(1 - 2 * spread);
  const others = f32x4.splat(spread);
  for (let k = 0; k < count; k++) {
    const both = f32x4.add(v128.load(before), v128.load(after));
    v128.store(out, f32x4.add(f32x4.mul(v128.load(at), own), f32x4.mul(both, others)));
    before += 16;
    at += 16;
    after += 16;
    out += 16;
  }
}

/** Every cell of a row gives `spread` to the cells beside it. */
export function gridAlong(row: usize, width: i32, levels: i32, spread: f32, out: usize): void {
  const cell = usize(levels) << 4;
  for (let x = 0; x < width; x++) {
    const before = x > 0 ? row - cell : row;
    const after = x < width - 1 ? row + cell : row;
    spreadOut(before, row, after, levels, spread, out);
    row += cell;
    out += cell;
  }
}

/**
 * A row of the grid as it is read: every cell gives `spread` to the cells above and below, and every level of a cell takes
 * `rest` of all of its levels, for colours that no cell has. The cell behind the last repeats it.
 */
export function gridDown(
  above: usize,
  row: usize,
  below: usize,
  width: i32,
  levels: i32,
  spread: f32,
  rest: f32,
  out: usize,
): void {
  spreadOut(above, row, below, width * levels, spread, out);
  const cell = usize(levels) << 4;
  for (let x = 0; x < width; x++) {
    let sum = f32x4.splat(0);
    for (let at = out; at < out + cell; at += 16) sum = f32x4.add(sum, v128.load(at));
    sum = f32x4.mul(sum, f32x4.splat(rest));
    for (let at = out; at < out + cell; at += 16) v128.store(at, f32x4.add(v128.load(at), sum));
    out += cell;
  }
  memory.copy(out, out - cell, cell);
}

/** What lies `fz` between the two levels at `at`, and `fx` of the way to the next cell's. */
function cellAt(at: usize, next: usize, fx: v128, fz: v128): v128 {
  const left = between(v128.load(at), v128.load(at, 16), fz);
  return between(left, between(v128.load(at + next), v128.load(at + next, 16), fz), fx);
}

/** Lifts a row of pixels that lies along a row of cells (`cells`); du is not negative. Reads up to 12 bytes and 3 amounts beyond the row. */
export function gridRow(
  cells: usize,
  levels: i32,
  scale: f32,
  pixels: usize,
  amount: usize,
  count: i32,
  strength: f32,
  u: f64,
  du: f64,
  width: i32,
): void {
  const next = usize(levels) << 4;
  for (let i = 0; i < count; i += 4) {
    const numbers = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3));
    const shares = v128.and(sharesAt(amount + i), i32x4.lt_s(numbers, i32x4.splat(count)));
    if (!v128.any_true(shares)) continue;
    const places = placesOf(i, u, du, 0, f32(width - 1));
    const left = i32x4.trunc_sat_f32x4_s(places);
    const fx = f32x4.sub(places, f32x4.convert_i32x4_s(left));
    const bytes = v128.load(pixels + 4 * i);
    const height = heightOf(channel(bytes, 0), channel(bytes, 8), channel(bytes, 16), scale);
    const level = i32x4.min_s(i32x4.trunc_sat_f32x4_s(height), i32x4.splat(levels - 2));
    const fz = f32x4.sub(height, f32x4.convert_i32x4_s(level));
    const at = i32x4.shl(i32x4.add(i32x4.mul(left, i32x4.splat(levels)), level), 4);
    const a = cellAt(
      cells + usize(i32x4.extract_lane(at, 0)),
      next,
      v128.shuffle<i32>(fx, fx, 0, 0, 0, 0),
      v128.shuffle<i32>(fz, fz, 0, 0, 0, 0),
    );
    const b = cellAt(
      cells + usize(i32x4.extract_lane(at, 1)),
      next,
      v128.shuffle<i32>(fx, fx, 1, 1, 1, 1),
      v128.shuffle<i32>(fz, fz, 1, 1, 1, 1),
    );
    const c = cellAt(
      cells + usize(i32x4.extract_lane(at, 2)),
      next,
      v128.shuffle<i32>(fx, fx, 2, 2, 2, 2),
      v128.shuffle<i32>(fz, fz, 2, 2, 2, 2),
    );
    const d = cellAt(
      cells + usize(i32x4.extract_lane(at, 3)),
      next,
      v128.shuffle<i32>(fx, fx, 3, 3, 3, 3),
      v128.shuffle<i32>(fz, fz, 3, 3, 3, 3),
    );
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const abEnd = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cdEnd = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const each = f32x4.div(f32x4.splat(1), v128.shuffle<i32>(abEnd, cdEnd, 2, 3, 6, 7));
    recolourFour(
      pixels + 4 * i,
      bytes,
      f32x4.mul(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), each),
      f32x4.mul(v128.shuffle<i32>(ab, cd, 2, 3, 6, 7), each),
      f32x4.mul(v128.shuffle<i32>(abEnd, cdEnd, 0, 1, 4, 5), each),
      f32x4.mul(f32x4.convert_i32x4_s(shares), f32x4.splat(strength)),
    );
  }
}

/** Lifts a row of pixels that lies anyhow in the grid; `row`: bytes of a row of its cells. */
export function gridFreely(
  cells: usize,
  row: usize,
  levels: i32,
  scale: f32,
  pixels: usize,
  amount: usize,
  count: i32,
  strength: f32,
  u: f64,
  v: f64,
  du: f64,
  dv: f64,
  width: i32,
  height: i32,
): void {
  const next = usize(levels) << 4;
  const start = f64x2.replace_lane(f64x2.splat(u), 1, v);
  const step = f64x2.replace_lane(f64x2.splat(du), 1, dv);
  const last = f64x2.replace_lane(f64x2.splat(f64(width - 1)), 1, f64(height - 1));
  for (let i = 0; i < count; i++) {
    const share = load<u8>(amount + i);
    if (share === 0) continue;
    const place = placeOf(i, start, step, f64x2.splat(0), last);
    const corner = f64x2.floor(place);
    const fraction = f32x4.demote_f64x2_zero(f64x2.sub(place, corner));
    const cell = i32x4.trunc_sat_f64x2_s_zero(corner);
    const colour = colourAt(pixels + 4 * i);
    const bright = heightOf(
      v128.shuffle<i32>(colour, colour, 0, 0, 0, 0),
      v128.shuffle<i32>(colour, colour, 1, 1, 1, 1),
      v128.shuffle<i32>(colour, colour, 2, 2, 2, 2),
      scale,
    );
    const level = min(i32(f32x4.extract_lane(bright, 0)), levels - 2);
    const fz = f32x4.sub(bright, f32x4.splat(f32(level)));
    const fx = v128.shuffle<i32>(fraction, fraction, 0, 0, 0, 0);
    const at =
      cells +
      usize(i32x4.extract_lane(cell, 1)) * row +
      (usize(i32x4.extract_lane(cell, 0) * levels + level) << 4);
    const upper = cellAt(at, next, fx, fz);
    const lower = cellAt(at + row, next, fx, fz);
    const all = between(upper, lower, v128.shuffle<i32>(fraction, fraction, 1, 1, 1, 1));
    const change = f32x4.div(all, v128.shuffle<i32>(all, all, 3, 3, 3, 3));
    recolourPixel(pixels + 4 * i, colour, change, f32(share) * strength);
  }
}
