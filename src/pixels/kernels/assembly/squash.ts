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
