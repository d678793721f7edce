// What weighs a block: masks, and the dots of dissolve.

/** Multiplies the four planes of a block by a plane of 0..1. */
export function weigh(block: usize, stride: usize, mask: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const share = v128.load(mask);
    v128.store(block, f32x4.mul(v128.load(block), share));
    v128.store(block + stride, f32x4.mul(v128.load(block + stride), share));
    v128.store(block + 2 * stride, f32x4.mul(v128.load(block + 2 * stride), share));
    v128.store(block + 3 * stride, f32x4.mul(v128.load(block + 3 * stride), share));
    block += 16;
    mask += 16;
  }
}

/** `block += share·mask·(other − block)` on all four planes: from one picture towards another. */
export function mix(block: usize, other: usize, stride: usize, mask: usize, share: f32, count: i32): void {
  const part = f32x4.splat(share);
  for (let i = 0; i < count; i += 4) {
    const weight = f32x4.mul(v128.load(mask), part);
    for (let plane: usize = 0; plane < 4 * stride; plane += stride) {
      const own = v128.load(block + plane);
      const change = f32x4.sub(v128.load(other + plane), own);
      v128.store(block + plane, f32x4.add(own, f32x4.mul(change, weight)));
    }
    block += 16;
    other += 16;
    mask += 16;
  }
}

/** `count` floats from one place to another. */
export function copy(from: usize, to: usize, count: i32): void {
  memory.copy(to, from, 4 * count);
}

/** A plane of one value. */
export function fill(plane: usize, value: f32, count: i32): void {
  const all = f32x4.splat(value);
  for (let i = 0; i < count; i += 4) {
    v128.store(plane, all);
    plane += 16;
  }
}

/**
 * A sampled mask as it shows, in place of its values: beyond its pixels (`coverage` below 1) it is `outside`, it is turned
 * round when `inverted`, and hides no more than its density lets it: `1 − density·(1 − m)`.
 */
export function density(
  plane: usize,
  coverage: usize,
  outside: f32,
  share: f32,
  inverted: bool,
  count: i32,
): void {
  const one = f32x4.splat(1);
  const beyond = f32x4.splat(outside);
  const part = f32x4.splat(share);
  for (let i = 0; i < count; i += 4) {
    const bare = f32x4.sub(one, v128.load(coverage));
    const value = f32x4.add(v128.load(plane), f32x4.mul(bare, beyond));
    const hidden = inverted ? value : f32x4.sub(one, value);
    v128.store(plane, f32x4.sub(one, f32x4.mul(part, hidden)));
    plane += 16;
    coverage += 16;
  }
}

/** A number of 0..1 that belongs to the place alone: the finalizer of MurmurHash3 (Appleby) over its coordinates. */
function chance(x: i32, y: i32): f32 {
  let h = <u32>x * 0x9e3779b1 + <u32>y * 0x85ebca77;
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  h ^= h >>> 16;
  return (<f32>(h >>> 8) + 0.5) * (1.0 / 16777216.0);
}

/**
 * Dissolve: every pixel of the block, at `width` pixels a row of `pitch`, becomes opaque by the chance of its alpha times
 * `weight`, else nothing. The dots stand on document pixels: view pixel (x, y) lies at (a·x + c·y + e, b·x + d·y + f).
 */
export function dissolve(
  block: usize,
  stride: usize,
  pitch: i32,
  width: i32,
  height: i32,
  weight: f32,
  a: f64,
  b: f64,
  c: f64,
  d: f64,
  e: f64,
  f: f64,
): void {
  for (let j = 0; j < height; j++) {
    let at = block + 4 * j * pitch;
    for (let i = 0; i < width; i++) {
      const alpha = load<f32>(at + 3 * stride);
      const x = <i32>Math.floor(a * i + c * j + e + 1e-6);
      const y = <i32>Math.floor(b * i + d * j + f + 1e-6);
      const shows = alpha * weight > chance(x, y);
      const scale: f32 = shows ? 1 / alpha : 0;
      store<f32>(at, load<f32>(at) * scale);
      store<f32>(at + stride, load<f32>(at + stride) * scale);
      store<f32>(at + 2 * stride, load<f32>(at + 2 * stride) * scale);
      store<f32>(at + 3 * stride, shows ? 1 : 0);
      at += 4;
    }
  }
}

/** Dissolve on a row of straight RGBA bytes that begins at document pixel (x, y): alpha becomes 255 or 0. `mask` is bytes, or 0. */
export function dissolveBytes(row: usize, mask: usize, count: i32, weight: f32, x: i32, y: i32): void {
  for (let i = 0; i < count; i++) {
    let alpha = <f32>load<u8>(row + 3) * (1.0 / 255.0) * weight;
    if (mask !== 0) alpha *= <f32>load<u8>(mask + i) * (1.0 / 255.0);
    store<u8>(row + 3, alpha > chance(x + i, y) ? 255 : 0);
    row += 4;
  }
}
