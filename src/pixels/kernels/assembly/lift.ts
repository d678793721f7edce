// Lifting a low-resolution change to full-size pixels, in place: rows of straight RGBA bytes at `pixels`, one byte a
// pixel at `amount` (how much of the change it takes), `strength` = 0..1 / 255. `u`, `v` are the first pixel's place in
// cells (0 = the first cell's centre), `du`, `dv` its step from pixel to pixel.

/** Colours with `weight` of a change, rounded; what is not a number counts as black. */
function recoloured(colour: v128, change: v128, weight: v128): v128 {
  const full = f32x4.pmin(f32x4.splat(255), f32x4.pmax(f32x4.splat(0), f32x4.add(colour, change)));
  const mixed = f32x4.add(colour, f32x4.mul(weight, f32x4.sub(full, colour)));
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(mixed));
}

/** The amounts of four pixels as whole numbers. */
export function sharesAt(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** One channel of four pixels' bytes: red from bit 0, green from 8, blue from 16. */
export function channel(bytes: v128, shift: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(bytes, shift), i32x4.splat(0xff)));
}

/** Recolours the four pixels at `at`, whose bytes are given; their alphas stay. */
export function recolourFour(at: usize, bytes: v128, red: v128, green: v128, blue: v128, weight: v128): void {
  const r = recoloured(channel(bytes, 0), red, weight);
  const g = i32x4.shl(recoloured(channel(bytes, 8), green, weight), 8);
  const b = i32x4.shl(recoloured(channel(bytes, 16), blue, weight), 16);
  const alphas = v128.and(bytes, i32x4.splat(0xff000000));
  v128.store(at, v128.or(v128.or(r, g), v128.or(b, alphas)));
}

/** r, g, b, a of the pixel at `at`. */
export function colourAt(at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}

/** Recolours the pixel at `at`; its alpha stays. */
export function recolourPixel(at: usize, colour: v128, change: v128, weight: f32): void {
  const weights = f32x4.replace_lane(f32x4.splat(weight), 3, 0);
  const words = recoloured(colour, change, weights);
  const halves = i16x8.narrow_i32x4_s(words, words);
  v128.store32_lane(at, i8x16.narrow_i16x8_u(halves, halves), 0);
}

/** The place of the i-th pixel of a row in cells, clamped: (u, v). */
export function placeOf(i: i32, start: v128, step: v128, least: v128, most: v128): v128 {
  const place = f64x2.add(start, f64x2.mul(step, f64x2.splat(f64(i))));
  return f64x2.pmin(most, f64x2.pmax(least, place));
}

/** What lies `share` of the way from one to the other. */
export function between(from: v128, to: v128, share: v128): v128 {
  return f32x4.add(from, f32x4.mul(share, f32x4.sub(to, from)));
}

/** The mean of two rows of `cells` cells of four vectors: what lies at `share` of the way from one to the other. */
export function betweenRows(upper: usize, lower: usize, share: f32, cells: i32, out: usize): void {
  const weight = f32x4.splat(share);
  const end = upper + (usize(cells) << 6);
  while (upper < end) {
    v128.store(out, between(v128.load(upper), v128.load(lower), weight));
    upper += 16;
    lower += 16;
    out += 16;
  }
}

/** One vector of a cell at `share` of the way to the next cell's. */
function toNext(at: usize, share: v128): v128 {
  return between(v128.load(at), v128.load(at, 64), share);
}

/** What the affine function at `share` of the way from the cell at `at` to the next adds to a colour. */
function affineChange(at: usize, share: v128, colour: v128): v128 {
  const byRed = f32x4.mul(toNext(at, share), v128.shuffle<i32>(colour, colour, 0, 0, 0, 0));
  const byGreen = f32x4.mul(toNext(at + 16, share), v128.shuffle<i32>(colour, colour, 1, 1, 1, 1));
  const byBlue = f32x4.mul(toNext(at + 32, share), v128.shuffle<i32>(colour, colour, 2, 2, 2, 2));
  return f32x4.add(f32x4.add(byRed, byGreen), f32x4.add(byBlue, toNext(at + 48, share)));
}

/**
 * Adds an affine change of colours, interpolated bilinearly between cells: what guided and bilinear upsampling come
 * to. A cell is four vectors: what r, g, b and 1 add to r, g, b, –. One cell of border at the right and below.
 */
export function affine(
  cells: usize,
  row: usize,
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
    const across = v128.shuffle<i32>(fraction, fraction, 0, 0, 0, 0);
    const colour = colourAt(pixels + 4 * i);
    const at = cells + (usize(i32x4.extract_lane(cell, 0)) << 6) + usize(i32x4.extract_lane(cell, 1)) * row;
    const upper = affineChange(at, across, colour);
    const lower = affineChange(at + row, across, colour);
    const down = v128.shuffle<i32>(fraction, fraction, 1, 1, 1, 1);
    const change = between(upper, lower, down);
    recolourPixel(pixels + 4 * i, colour, change, f32(share) * strength);
  }
}

/** What the ten coefficients at `at` add for four colours: (k0 + k3 r + k6 g + k7 b) r + (k1 + k4 g + k8 b) g + (k2 + k5 b) b + k9. */
function changeBy(at: usize, r: v128, g: v128, b: v128): v128 {
  let byRed = f32x4.add(v128.load32_splat(at), f32x4.mul(v128.load32_splat(at, 12), r));
  byRed = f32x4.add(byRed, f32x4.mul(v128.load32_splat(at, 24), g));
  byRed = f32x4.add(byRed, f32x4.mul(v128.load32_splat(at, 28), b));
  let byGreen = f32x4.add(v128.load32_splat(at, 4), f32x4.mul(v128.load32_splat(at, 16), g));
  byGreen = f32x4.add(byGreen, f32x4.mul(v128.load32_splat(at, 32), b));
  const byBlue = f32x4.add(v128.load32_splat(at, 8), f32x4.mul(v128.load32_splat(at, 20), b));
  return f32x4.add(
    f32x4.add(f32x4.mul(byRed, r), f32x4.mul(byGreen, g)),
    f32x4.add(f32x4.mul(byBlue, b), v128.load32_splat(at, 36)),
  );
}

/** The change of one channel, `at` its ten coefficients: constant (+ t·slope (+ t²·bend)), thirty floats apart. */
function changeAlong(at: usize, r: v128, g: v128, b: v128, t: v128, order: i32): v128 {
  if (order === 0) return changeBy(at, r, g, b);
  let slope = changeBy(at + 120, r, g, b);
  if (order === 2) slope = f32x4.add(slope, f32x4.mul(t, changeBy(at + 240, r, g, b)));
  return f32x4.add(changeBy(at, r, g, b), f32x4.mul(t, slope));
}

/**
 * Applies a colour map along a run of pixels that lie between the same four cells: there each coefficient is a
 * polynomial of the pixel's number t, of `order` 0, 1 or 2. `coefficients`: thirty constants, thirty slopes, thirty bends,
 * as many as the order asks for; colours in levels of 255. Reads up to 12 bytes and 3 amounts beyond the run.
 */
export function colorMapRun(
  coefficients: usize,
  pixels: usize,
  amount: usize,
  count: i32,
  strength: f32,
  order: i32,
): void {
  const scale = f32x4.splat(strength);
  const lanes = i32x4(0, 1, 2, 3);
  for (let i = 0; i < count; i += 4) {
    const shares = sharesAt(amount + i);
    if (!v128.any_true(shares)) continue;
    const numbers = i32x4.add(i32x4.splat(i), lanes);
    const inside = i32x4.lt_s(numbers, i32x4.splat(count));
    const weight = f32x4.mul(f32x4.convert_i32x4_s(v128.and(shares, inside)), scale);
    const t = f32x4.convert_i32x4_s(numbers);
    const bytes = v128.load(pixels + 4 * i);
    const r = channel(bytes, 0);
    const g = channel(bytes, 8);
    const b = channel(bytes, 16);
    const red = changeAlong(coefficients, r, g, b, t, order);
    const green = changeAlong(coefficients + 40, r, g, b, t, order);
    const blue = changeAlong(coefficients + 80, r, g, b, t, order);
    recolourFour(pixels + 4 * i, bytes, red, green, blue, weight);
  }
}
