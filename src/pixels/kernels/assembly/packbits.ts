// Rows of PackBits (Apple, Technical Note TN1023), and planes of bytes put together as pixels.

/**
 * Unpacks the row from `from` to `end` into `length` bytes at `to`; answers how many came of it. Reads and writes up to
 * 15 bytes beyond.
 */
export function unpackBits(from: usize, end: usize, to: usize, length: i32): i32 {
  const start = to;
  const last = to + <usize>length;
  while (to < last && from < end) {
    const head = <usize>load<u8>(from);
    from += 1;
    if (head < 128) {
      if (from + head >= end) break;
      const count = min<usize>(head + 1, last - to);
      for (let i: usize = 0; i < count; i += 16) v128.store(to + i, v128.load(from + i));
      to += count;
      from += head + 1;
    } else if (head > 128) {
      if (from >= end) break;
      const count = min<usize>(257 - head, last - to);
      const value = i8x16.splat(<i8>load<u8>(from));
      for (let i: usize = 0; i < count; i += 16) v128.store(to + i, value);
      to += count;
      from += 1;
    }
  }
  return <i32>(to - start);
}

/** Of `count` bytes the first that is not 0; `count` when all are. */
export function firstFilled(from: usize, count: i32): i32 {
  let i = 0;
  while (i + 16 <= count && !v128.any_true(v128.load(from + i))) i += 16;
  while (i < count && load<u8>(from + i) === 0) i++;
  return i;
}

/** The place after the last of `count` bytes that is not 0; 0 when all are. */
export function endOfFilled(from: usize, count: i32): i32 {
  let i = count;
  while (i >= 16 && !v128.any_true(v128.load(from + i - 16))) i -= 16;
  while (i > 0 && load<u8>(from + i - 1) === 0) i--;
  return i;
}

/** Four planes of bytes, `stride` apart, as RGBA; `count` is a multiple of 16. */
export function interleave(planes: usize, stride: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 16) {
    const red = v128.load(planes);
    const green = v128.load(planes + stride);
    const blue = v128.load(planes + 2 * stride);
    const alpha = v128.load(planes + 3 * stride);
    const first = v128.shuffle<u8>(red, green, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const second = v128.shuffle<u8>(blue, alpha, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const third = v128.shuffle<u8>(red, green, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const fourth = v128.shuffle<u8>(
      blue,
      alpha,
      8,
      24,
      9,
      25,
      10,
      26,
      11,
      27,
      12,
      28,
      13,
      29,
      14,
      30,
      15,
      31,
    );
    v128.store(to, v128.shuffle<u16>(first, second, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to + 16, v128.shuffle<u16>(first, second, 4, 12, 5, 13, 6, 14, 7, 15));
    v128.store(to + 32, v128.shuffle<u16>(third, fourth, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to + 48, v128.shuffle<u16>(third, fourth, 4, 12, 5, 13, 6, 14, 7, 15));
    planes += 16;
    to += 64;
  }
}
