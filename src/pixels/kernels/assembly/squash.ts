// Sums of rows for the area squash (src/pixels/area.ts).

/** Adds `weight` times a row of straight RGBA bytes to `sums`: four floats a pixel, colours times alpha, and alpha in 0..1. */
export function addRow(pixels: usize, sums: usize, weight: f32, count: i32): void {
  const share = weight / 255;
  for (let i = 0; i < count; i++) {
    const bytes = v128.load32_zero(pixels);
    const colour = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
    const alpha = f32x4.mul(v128.shuffle<i32>(colour, colour, 3, 3, 3, 3), f32x4.splat(share));
    const weighted = f32x4.mul(f32x4.replace_lane(colour, 3, 1), alpha);
    v128.store(sums, f32x4.add(v128.load(sums), weighted));
    pixels += 4;
    sums += 16;
  }
}

/** Adds `weight` times a row of bytes to `sums`, one float a byte; `count` is a multiple of four. */
export function addMaskRow(bytes: usize, sums: usize, weight: f32, count: i32): void {
  const scale = f32x4.splat(weight);
  for (let i = 0; i < count; i += 4) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
    const weighted = f32x4.mul(f32x4.convert_i32x4_s(words), scale);
    v128.store(sums, f32x4.add(v128.load(sums), weighted));
    bytes += 4;
    sums += 16;
  }
}

/**
 * Adds bytes to sums of 16 bits, `count` (a multiple of 16) of them; no more than 257 rows fit. Whether every fourth is
 * 255: the row is of opaque pixels.
 */
export function sumBytes(bytes: usize, sums: usize, count: i32): bool {
  let all = i32x4.splat(-1);
  for (let i = 0; i < count; i += 16) {
    const row = v128.load(bytes);
    all = v128.and(all, row);
    v128.store(sums, i16x8.add(v128.load(sums), i16x8.extend_low_i8x16_u(row)));
    v128.store(sums, i16x8.add(v128.load(sums, 16), i16x8.extend_high_i8x16_u(row)), 16);
    bytes += 16;
    sums += 32;
  }
  return i32x4.all_true(i32x4.eq(i32x4.shr_u(all, 24), i32x4.splat(255)));
}

/** Adds sums of 16 bits to sums in floats, `count` (a multiple of 8) of them, every fourth times `last`, the others times `weight`. Clears them. */
export function takeSums(words: usize, sums: usize, weight: f32, last: f32, count: i32): void {
  const scale = f32x4.replace_lane(f32x4.splat(weight), 3, last);
  for (let i = 0; i < count; i += 8) {
    const eight = v128.load(words);
    const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(eight));
    const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(eight));
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(low, scale)));
    v128.store(sums, f32x4.add(v128.load(sums, 16), f32x4.mul(high, scale)), 16);
    v128.store(words, i32x4.splat(0));
    words += 16;
    sums += 32;
  }
}

/** For each of `count` cells the weighted sum of its pixels, four floats each; `taps`: first pixel and how many, `stride` weights a cell. */
export function takeColours(
  sums: usize,
  taps: usize,
  weights: usize,
  stride: i32,
  to: usize,
  count: i32,
): void {
  for (let x = 0; x < count; x++) {
    let from = sums + (usize(load<i32>(taps)) << 4);
    const pixels = load<i32>(taps, 4);
    let sum = f32x4.splat(0);
    for (let k = 0; k < pixels; k++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load32_splat(weights + (usize(k) << 2))));
      from += 16;
    }
    v128.store(to, sum);
    to += 16;
    taps += 8;
    weights += usize(stride) << 2;
  }
}

/** The same of single floats. */
export function takeShares(
  sums: usize,
  taps: usize,
  weights: usize,
  stride: i32,
  to: usize,
  count: i32,
): void {
  for (let x = 0; x < count; x++) {
    const from = sums + (usize(load<i32>(taps)) << 2);
    const pixels = load<i32>(taps, 4);
    let sum: f32 = 0;
    for (let k = 0; k < pixels; k++) {
      sum += load<f32>(from + (usize(k) << 2)) * load<f32>(weights + (usize(k) << 2));
    }
    store<f32>(to, sum);
    to += 4;
    taps += 8;
    weights += usize(stride) << 2;
  }
}
