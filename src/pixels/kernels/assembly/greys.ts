// Masks as bytes.

/**
 * Of RGB pixels (three bytes each) that are grey, one byte each: sixteen at a time, as long as all of them are grey.
 * `count`: a multiple of 16. Answers how many it took.
 */
export function takeGreys(pixels: usize, greys: usize, count: i32): i32 {
  for (let i = 0; i < count; i += 16) {
    const one = v128.load(pixels);
    const two = v128.load(pixels, 16);
    const three = v128.load(pixels, 32);
    const r = v128.shuffle<u8>(
      v128.shuffle<u8>(one, two, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0),
      three,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      17,
      20,
      23,
      26,
      29,
    );
    const g = v128.shuffle<u8>(
      v128.shuffle<u8>(one, two, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0),
      three,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      18,
      21,
      24,
      27,
      30,
    );
    const b = v128.shuffle<u8>(
      v128.shuffle<u8>(one, two, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0),
      three,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      16,
      19,
      22,
      25,
      28,
      31,
    );
    if (v128.any_true(v128.or(v128.xor(r, g), v128.xor(r, b)))) return i;
    v128.store(greys, r);
    pixels += 48;
    greys += 16;
  }
  return count;
}

/** The sum of bytes, `count` (a multiple of 16) of them, at the most 2²⁴. */
export function sumOf(bytes: usize, count: i32): u32 {
  let sums = i32x4.splat(0);
  for (let i = 0; i < count; i += 16) {
    const pairs = i16x8.extadd_pairwise_i8x16_u(v128.load(bytes));
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs));
    bytes += 16;
  }
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}
