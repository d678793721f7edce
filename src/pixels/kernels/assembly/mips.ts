// The next level of a mip chain: each pixel the mean of four, colours weighted by alpha.

function texel(from: usize): v128 {
  const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
  return f32x4.convert_i32x4_u(wide);
}

function weighted(colour: v128): v128 {
  const alpha = f32x4.splat(f32x4.extract_lane(colour, 3));
  return f32x4.mul(colour, f32x4.replace_lane(alpha, 3, 1));
}

/** Four pixels, at two places of each of two rows, some of them translucent. */
function mean(upper: usize, lower: usize): u32 {
  const sum = f32x4.add(
    f32x4.add(weighted(texel(upper)), weighted(texel(upper + 4))),
    f32x4.add(weighted(texel(lower)), weighted(texel(lower + 4))),
  );
  const alpha = f32x4.extract_lane(sum, 3);
  if (alpha === 0) return 0;
  const scale = f32x4.replace_lane(f32x4.splat(1 / alpha), 3, 0.25);
  const rounded = i32x4.trunc_sat_f32x4_u(f32x4.add(f32x4.mul(sum, scale), f32x4.splat(0.5)));
  const narrow = i16x8.narrow_i32x4_u(rounded, rounded);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0);
}

/** Halves one pair of RGBA rows of 2·`count` pixels; two pixels at a time where all eight are opaque. */
export function halve(upper: usize, lower: usize, to: usize, count: i32): void {
  const opaque = i32x4.splat(0xff000000);
  const two = i16x8.splat(2);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    const p = v128.load(upper);
    const q = v128.load(lower);
    const solid = i32x4.eq(v128.and(v128.and(p, q), opaque), opaque);
    if (i32x4.all_true(solid)) {
      const one = i16x8.add(i16x8.extend_low_i8x16_u(p), i16x8.extend_low_i8x16_u(q));
      const other = i16x8.add(i16x8.extend_high_i8x16_u(p), i16x8.extend_high_i8x16_u(q));
      const left = v128.shuffle<i64>(one, other, 0, 2);
      const right = v128.shuffle<i64>(one, other, 1, 3);
      const sum = i16x8.shr_u(i16x8.add(i16x8.add(left, right), two), 2);
      v128.store64_lane(to, i8x16.narrow_i16x8_u(sum, sum), 0);
    } else if (!v128.any_true(v128.and(v128.or(p, q), opaque))) {
      store<u64>(to, 0);
    } else {
      store<u32>(to, mean(upper, lower));
      store<u32>(to + 4, mean(upper + 8, lower + 8));
    }
    upper += 16;
    lower += 16;
    to += 8;
  }
  if (i < count) store<u32>(to, mean(upper, lower));
}

/** The same of two rows of mask bytes. */
export function halveMask(upper: usize, lower: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const sum = <u32>load<u8>(upper) + load<u8>(upper + 1) + load<u8>(lower) + load<u8>(lower + 1);
    store<u8>(to, <u8>((sum + 2) >> 2));
    upper += 2;
    lower += 2;
    to += 1;
  }
}

/** Whether every pixel of `count` RGBA is opaque; `count` is a multiple of 4. */
export function isOpaque(from: usize, count: i32): bool {
  let all = i32x4.splat(-1);
  for (let i = 0; i < count; i += 4) {
    all = v128.and(all, v128.load(from));
    from += 16;
  }
  const alphas = i32x4.splat(0xff000000);
  return i32x4.all_true(i32x4.eq(v128.and(all, alphas), alphas));
}
