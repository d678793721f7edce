// Blurs: a symmetric row of weights over one axis of a plane. The plane is padded by its caller, `radius` values at both
// ends, so that the border is the caller's choice.

/** Along rows: `to[x] = Σ_k weights[k]·from[x + k]`, k from 0 to 2·radius. `from` has 2·radius (and up to 3 more) values a row more. */
export function convolveRows(
  from: usize,
  fromPitch: i32,
  to: usize,
  toPitch: i32,
  width: i32,
  height: i32,
  weights: usize,
  radius: i32,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += 4) {
      let source = from + 4 * (y * fromPitch + x);
      let sum = f32x4.splat(0);
      for (let k = 0; k <= 2 * radius; k++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(source), v128.load32_splat(weights + 4 * k)));
        source += 4;
      }
      v128.store(to + 4 * (y * toPitch + x), sum);
    }
  }
}

/** Along columns; `from` has 2·radius rows more. */
export function convolveColumns(
  from: usize,
  to: usize,
  pitch: i32,
  height: i32,
  weights: usize,
  radius: i32,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < pitch; x += 4) {
      let source = from + 4 * (y * pitch + x);
      let sum = f32x4.splat(0);
      for (let k = 0; k <= 2 * radius; k++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(source), v128.load32_splat(weights + 4 * k)));
        source += 4 * pitch;
      }
      v128.store(to + 4 * (y * pitch + x), sum);
    }
  }
}
