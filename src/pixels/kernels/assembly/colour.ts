// Colour spaces, histograms.

/** Each pixel's three planes by three rows of four numbers: new = row · (r, g, b, 1). In place. */
export function recombine(block: usize, stride: usize, count: i32, rows: usize): void {
  for (let i = 0; i < count; i += 4) {
    const r = v128.load(block);
    const g = v128.load(block + stride);
    const b = v128.load(block + 2 * stride);
    v128.store(block, dot(rows, r, g, b));
    v128.store(block + stride, dot(rows + 16, r, g, b));
    v128.store(block + 2 * stride, dot(rows + 32, r, g, b));
    block += 16;
  }
}

function dot(row: usize, r: v128, g: v128, b: v128): v128 {
  const red = f32x4.mul(r, v128.load32_splat(row));
  const green = f32x4.mul(g, v128.load32_splat(row + 4));
  const blue = f32x4.mul(b, v128.load32_splat(row + 8));
  return f32x4.add(f32x4.add(red, green), f32x4.add(blue, v128.load32_splat(row + 12)));
}

/** The inverse of CIE L*a*b*'s f (CIE 15:2004): t³ above 6/29, a line below. In place on a plane. */
export function cube(plane: usize, count: i32): void {
  const knee = f32x4.splat(6.0 / 29.0);
  const slope = f32x4.splat(108.0 / 841.0);
  const shift = f32x4.splat(4.0 / 29.0);
  for (let i = 0; i < count; i += 4) {
    const t = v128.load(plane);
    const line = f32x4.mul(slope, f32x4.sub(t, shift));
    const cubed = f32x4.mul(f32x4.mul(t, t), t);
    v128.store(plane, v128.bitselect(cubed, line, f32x4.gt(t, knee)));
    plane += 16;
  }
}

/**
 * Counts RGBA bytes into four tables of 256 counters (32 bits): red, green, blue, luminosity (0.3, 0.59, 0.11). What is
 * less than half opaque does not count.
 */
export function countLevels(from: usize, count: i32, tables: usize): void {
  for (let i = 0; i < count; i++) {
    if (load<u8>(from + 3) >= 128) {
      const r = <u32>load<u8>(from);
      const g = <u32>load<u8>(from + 1);
      const b = <u32>load<u8>(from + 2);
      raise(tables + 4 * r);
      raise(tables + 1024 + 4 * g);
      raise(tables + 2048 + 4 * b);
      raise(tables + 3072 + 4 * ((30 * r + 59 * g + 11 * b + 50) / 100));
    }
    from += 4;
  }
}

function raise(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}
