// Straight 8-bit RGBA ⇄ premultiplied float planes. A plane block is r, g, b, a in 0..1, one plane after the other,
// `stride` bytes apart; colours are multiplied by alpha. Counts are multiples of four.

/** Bytes of RGBA at `from` into the plane block at `to`. */
export function unpack(from: usize, to: usize, stride: usize, count: i32): void {
  const low = i32x4.splat(0xff);
  const scale = f32x4.splat(1.0 / 255.0);
  for (let i = 0; i < count; i += 4) {
    const bytes = v128.load(from);
    const alpha = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(bytes, 24)), scale);
    const share = f32x4.mul(alpha, scale);
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(v128.and(bytes, low)), share));
    v128.store(to + stride, f32x4.mul(f32x4.convert_i32x4_u(v128.and(i32x4.shr_u(bytes, 8), low)), share));
    v128.store(
      to + 2 * stride,
      f32x4.mul(f32x4.convert_i32x4_u(v128.and(i32x4.shr_u(bytes, 16), low)), share),
    );
    v128.store(to + 3 * stride, alpha);
    from += 16;
    to += 16;
  }
}

/** 0..255, rounded half up. */
export function byte(colour: v128, scale: v128): v128 {
  const value = f32x4.add(f32x4.mul(colour, scale), f32x4.splat(0.5));
  return i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(value, f32x4.splat(0)), f32x4.splat(255)));
}

/** The plane block at `from` as bytes of RGBA at `to`; what rounds to transparent becomes transparent black. */
export function pack(from: usize, stride: usize, to: usize, count: i32): void {
  const full = f32x4.splat(255);
  const faintest = f32x4.splat(0.5 / 255.0);
  for (let i = 0; i < count; i += 4) {
    const alpha = v128.load(from + 3 * stride);
    const visible = f32x4.ge(alpha, faintest);
    const scale = v128.and(f32x4.div(full, alpha), visible);
    const red = byte(v128.load(from), scale);
    const green = i32x4.shl(byte(v128.load(from + stride), scale), 8);
    const blue = i32x4.shl(byte(v128.load(from + 2 * stride), scale), 16);
    const opacity = i32x4.shl(byte(alpha, full), 24);
    v128.store(to, v128.or(v128.or(red, green), v128.or(blue, opacity)));
    from += 16;
    to += 16;
  }
}

/** `scale` times a plane as bytes at `to`: 0..255, rounded to the nearest, halves to the even one. */
export function packPlane(plane: usize, to: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let i = 0; i < count; i += 4) {
    const value = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(plane), factor)));
    const short = i16x8.narrow_i32x4_s(value, value);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(short, short), 0);
    plane += 16;
    to += 4;
  }
}

/** Premultiplied colours of a block become straight ones; nothing stays 0. */
export function straighten(block: usize, stride: usize, count: i32): void {
  const faintest = f32x4.splat(1e-6);
  for (let i = 0; i < count; i += 4) {
    const alpha = v128.load(block + 3 * stride);
    const there = f32x4.gt(alpha, faintest);
    const scale = v128.and(f32x4.div(f32x4.splat(1), alpha), there);
    v128.store(block, f32x4.mul(v128.load(block), scale));
    v128.store(block + stride, f32x4.mul(v128.load(block + stride), scale));
    v128.store(block + 2 * stride, f32x4.mul(v128.load(block + 2 * stride), scale));
    block += 16;
  }
}

/** A rectangle of RGBA bytes, `fromPitch` pixels (a multiple of 4) a row, into a rectangle of a block of `pitch` a row. */
export function unpackRows(
  from: usize,
  fromPitch: i32,
  to: usize,
  stride: usize,
  pitch: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    unpack(from, to, stride, fromPitch);
    from += 4 * fromPitch;
    to += 4 * pitch;
  }
}
