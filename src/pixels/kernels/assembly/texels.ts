// Resampling. Texels are what a picture's rectangle is made into first: four floats each, 16 bytes, interleaved. Of
// colours: premultiplied r, g, b, a, so that what is transparent weighs nothing. Of masks: value, 1, 0, 0, so that the
// second says how much of the answer lies inside the mask.

function storeTexel(to: usize, bytes: v128): void {
  const straight = f32x4.mul(f32x4.convert_i32x4_u(bytes), f32x4.splat(1.0 / 255.0));
  const alpha = v128.shuffle<f32>(straight, straight, 3, 3, 3, 3);
  v128.store(to, f32x4.mul(straight, f32x4.replace_lane(alpha, 3, 1)));
}

/** RGBA bytes into texels. */
export function texelsOfImage(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const bytes = v128.load(from);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    storeTexel(to, i32x4.extend_low_i16x8_u(low));
    storeTexel(to + 16, i32x4.extend_high_i16x8_u(low));
    storeTexel(to + 32, i32x4.extend_low_i16x8_u(high));
    storeTexel(to + 48, i32x4.extend_high_i16x8_u(high));
    from += 16;
    to += 64;
  }
  for (; i < count; i++) {
    storeTexel(to, i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from))));
    from += 4;
    to += 16;
  }
}

/** Mask bytes into texels. */
export function texelsOfMask(from: usize, to: usize, count: i32): void {
  const inside = f32x4.replace_lane(f32x4.splat(0), 1, 1);
  for (let i = 0; i < count; i++) {
    v128.store(to, f32x4.replace_lane(inside, 0, <f32>load<u8>(from) * (1.0 / 255.0)));
    from += 1;
    to += 16;
  }
}

// One axis of one sample: which texels it takes, and how much of each.
let first: i32 = 0;
let taken: i32 = 0;

/** Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = −1/2 (Catmull–Rom). */
function cubic(distance: f64): f64 {
  const t = Math.abs(distance);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

/**
 * Weights at `weights` for the texels around `u`, which is kept to 1/256 of a texel, so that a pixel takes the same
 * texels whatever region it is part of. A box `reach` (≥ 1) texels wide over texels that are squares of one colour: exact
 * areas when shrinking, and at reach 1 bilinear interpolation. Or, when `smooth`, the cubic through four texels. Only
 * texels `from` to `to` of the `whole` there are (a fraction at the end of a mip level) are taken.
 */
function taps(u: f64, reach: f64, smooth: bool, from: i32, to: i32, whole: f64, weights: usize): void {
  const centre = Math.floor(u * 256 + 0.5137) / 256;
  const half = smooth ? 2.0 : reach / 2;
  const low = centre - half;
  const high = centre + half;
  const start = smooth ? <i32>Math.floor(low + 0.5) : <i32>Math.floor(low);
  const end = smooth ? start + 4 : <i32>Math.ceil(high);
  first = max(start, from);
  taken = max(min(end, to) - first, 0);
  for (let k = 0; k < taken; k++) {
    const texel = <f64>(first + k);
    const weight = smooth
      ? cubic(texel + 0.5 - centre)
      : (Math.min(Math.min(texel + 1, whole), high) - Math.max(texel, low)) / reach;
    store<f32>(weights + 4 * k, <f32>(smooth ? weight : Math.max(weight, 0)));
  }
  first -= from;
}

const SOLID: f32 = 0.99999;

/** Four samples as one vector of each plane. */
function storePlanes(to: usize, stride: usize, p: v128, q: v128, r: v128, s: v128): void {
  const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5);
  const rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
  const pqHigh = v128.shuffle<f32>(p, q, 2, 6, 3, 7);
  const rsHigh = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(pq, rs, 0, 1, 4, 5));
  v128.store(to + stride, v128.shuffle<f32>(pq, rs, 2, 3, 6, 7));
  v128.store(to + 2 * stride, v128.shuffle<f32>(pqHigh, rsHigh, 0, 1, 4, 5));
  // Weights that sum to 1 give an alpha next to 1: opaque is opaque to the last bit.
  const alpha = v128.shuffle<f32>(pqHigh, rsHigh, 2, 3, 6, 7);
  const solid = f32x4.gt(alpha, f32x4.splat(SOLID));
  v128.store(to + 3 * stride, v128.bitselect(f32x4.splat(1), alpha, solid));
}

/** The cubic overshoots: back to an alpha of at most 1, and colours between nothing and their alpha. */
function bounded(sample: v128): v128 {
  const sum = f32x4.extract_lane(sample, 3);
  if (sum > 1) sample = f32x4.mul(sample, f32x4.splat(1 / sum));
  const alpha = Mathf.min(Mathf.max(sum, 0), 1);
  return f32x4.replace_lane(f32x4.min(f32x4.max(sample, f32x4.splat(0)), f32x4.splat(alpha)), 3, alpha);
}

/** Rows of texels kept at a time: the four of the cubic, and the last of an area, which the next area begins with. */
const KEPT = 4;

/** Bytes of the working space that `sampleAligned` and `sampleFreely` need. */
export function sampleSpace(width: i32, columns: i32, reach: f64): i32 {
  return (KEPT + 1) * 16 * (columns + SPARE) + width * columnSize(reach) + 4 * mostTaps(reach) + 4 * KEPT;
}

/** Columns read beyond a row's end, with no weight. */
const SPARE = 4;

function mostTaps(reach: f64): i32 {
  return max(<i32>Math.ceil(reach) + 2, 4);
}

/** Of a column: first texel, number of texels, weights. */
function columnSize(reach: f64): i32 {
  return 8 + 4 * mostTaps(reach);
}

/** One row of bytes into texels, by the picture's channels. */
function convertRow(bytes: usize, to: usize, columns: i32, channels: i32): void {
  if (channels === 4) texelsOfImage(bytes, to, columns);
  else texelsOfMask(bytes, to, columns);
}

/** `line = Σ_k weights[k]·rows[k]`, the rows found by their number among the kept. */
function addRows(kept: usize, rowBytes: i32, from: i32, weights: usize, count: i32, line: usize): void {
  const one = kept + (from & (KEPT - 1)) * rowBytes;
  const two = kept + ((from + 1) & (KEPT - 1)) * rowBytes;
  const three = kept + ((from + 2) & (KEPT - 1)) * rowBytes;
  const four = kept + ((from + 3) & (KEPT - 1)) * rowBytes;
  const a = v128.load32_splat(weights);
  const b = v128.load32_splat(weights + 4);
  const c = v128.load32_splat(weights + 8);
  const d = v128.load32_splat(weights + 12);
  // A loop for each number: engines do not take the question out of one.
  if (count === 1) {
    for (let x = 0; x < rowBytes; x += 16) v128.store(line + x, f32x4.mul(v128.load(one + x), a));
  } else if (count === 2) {
    for (let x = 0; x < rowBytes; x += 16) {
      const sum = f32x4.mul(v128.load(one + x), a);
      v128.store(line + x, f32x4.add(sum, f32x4.mul(v128.load(two + x), b)));
    }
  } else if (count === 3) {
    for (let x = 0; x < rowBytes; x += 16) {
      const sum = f32x4.add(f32x4.mul(v128.load(one + x), a), f32x4.mul(v128.load(two + x), b));
      v128.store(line + x, f32x4.add(sum, f32x4.mul(v128.load(three + x), c)));
    }
  } else {
    for (let x = 0; x < rowBytes; x += 16) {
      const sum = f32x4.add(f32x4.mul(v128.load(one + x), a), f32x4.mul(v128.load(two + x), b));
      const more = f32x4.add(sum, f32x4.mul(v128.load(three + x), c));
      v128.store(line + x, f32x4.add(more, f32x4.mul(v128.load(four + x), d)));
    }
  }
}

/**
 * Samples a rectangle of a picture's bytes (4 channels, or 1 of a mask), `columns`×`rows` from texel (left, top), into a
 * block of `width`×`height` pixels, `pitch` a row. Pixel (i, j) of the block takes its place at u = a·i + e, v = d·j + f.
 * Rows of texels are summed first, then columns.
 */
export function sampleAligned(
  bytes: usize,
  channels: i32,
  left: i32,
  top: i32,
  columns: i32,
  rows: i32,
  wholeWidth: f64,
  wholeHeight: f64,
  block: usize,
  stride: usize,
  pitch: i32,
  width: i32,
  height: i32,
  a: f64,
  d: f64,
  e: f64,
  f: f64,
  reachX: f64,
  reachY: f64,
  smoothX: bool,
  smoothY: bool,
  space: usize,
): void {
  const rowBytes = 16 * (columns + SPARE);
  const kept = space;
  const line = kept + KEPT * rowBytes;
  const tags = line + rowBytes;
  const table = tags + 4 * KEPT;
  const size = columnSize(reachX);
  const weights = table + width * size;
  const zero = f32x4.splat(0);
  for (let at = kept; at < tags; at += 16) v128.store(at, zero);
  for (let k = 0; k < KEPT; k++) store<i32>(tags + 4 * k, -1);
  const few = mostTaps(reachX) <= 4;
  for (let i = 0; i < width; i++) {
    const column = table + i * size;
    // Weights that are not taken are 0: four can then always be summed.
    v128.store(column + 8, zero);
    taps(a * i + e, reachX, smoothX, left, left + columns, wholeWidth, column + 8);
    store<i32>(column, taken > 0 ? first : 0);
    store<i32>(column + 4, taken);
  }
  const clip = smoothX || smoothY;
  const narrow = few && !smoothX;
  const linear = narrow && reachX === 1;
  for (let j = 0; j < height; j++) {
    taps(d * j + f, reachY, smoothY, top, top + rows, wholeHeight, weights);
    let to = block + 4 * j * pitch;
    const end = to + 4 * pitch;
    if (taken === 0) {
      for (; to < end; to += 16) storePlanes(to, stride, zero, zero, zero, zero);
      continue;
    }
    const count = taken;
    const start = first;
    if (count <= KEPT) {
      for (let k = start; k < start + count; k++) {
        const slot = k & (KEPT - 1);
        if (load<i32>(tags + 4 * slot) === k) continue;
        convertRow(bytes + k * columns * channels, kept + slot * rowBytes, columns, channels);
        store<i32>(tags + 4 * slot, k);
      }
      addRows(kept, rowBytes, start, weights, count, line);
    } else {
      for (let at = line; at < line + rowBytes; at += 16) v128.store(at, zero);
      for (let k = 0; k < count; k++) {
        convertRow(bytes + (start + k) * columns * channels, kept, columns, channels);
        const share = v128.load32_splat(weights + 4 * k);
        for (let x = 0; x < rowBytes; x += 16) {
          v128.store(line + x, f32x4.add(v128.load(line + x), f32x4.mul(v128.load(kept + x), share)));
        }
      }
      store<i32>(tags, -1);
    }
    for (let i = 0; i < width; i += 4) {
      const column = table + i * size;
      let p: v128;
      let q: v128;
      let r: v128;
      let s: v128;
      if (linear && i + 4 <= width) {
        p = two(line, column);
        q = two(line, column + size);
        r = two(line, column + 2 * size);
        s = two(line, column + 3 * size);
      } else if (narrow && i + 4 <= width) {
        p = three(line, column);
        q = three(line, column + size);
        r = three(line, column + 2 * size);
        s = three(line, column + 3 * size);
      } else {
        p = across(line, column, clip);
        q = i + 1 < width ? across(line, column + size, clip) : zero;
        r = i + 2 < width ? across(line, column + 2 * size, clip) : zero;
        s = i + 3 < width ? across(line, column + 3 * size, clip) : zero;
      }
      if (clip && narrow) {
        p = bounded(p);
        q = bounded(q);
        r = bounded(r);
        s = bounded(s);
      }
      storePlanes(to, stride, p, q, r, s);
      to += 16;
    }
  }
}

/** Two columns, one without weight adding nothing: bilinear. */
function two(line: usize, column: usize): v128 {
  const from = line + 16 * load<i32>(column);
  return f32x4.add(
    f32x4.mul(v128.load(from), v128.load32_splat(column + 8)),
    f32x4.mul(v128.load(from + 16), v128.load32_splat(column + 12)),
  );
}

/** Three columns, those without weight adding nothing: an area up to two texels wide, or bilinear. */
function three(line: usize, column: usize): v128 {
  const from = line + 16 * load<i32>(column);
  const sum = f32x4.add(
    f32x4.mul(v128.load(from), v128.load32_splat(column + 8)),
    f32x4.mul(v128.load(from + 16), v128.load32_splat(column + 12)),
  );
  return f32x4.add(sum, f32x4.mul(v128.load(from + 32), v128.load32_splat(column + 16)));
}

function across(line: usize, column: usize, clip: bool): v128 {
  const from = line + 16 * load<i32>(column);
  const count = load<i32>(column + 4);
  let sum = f32x4.splat(0);
  for (let k = 0; k < count; k++) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(from + 16 * k), v128.load32_splat(column + 8 + 4 * k)));
  }
  return clip ? bounded(sum) : sum;
}

/** As `sampleAligned` for any affine map: u = a·i + c·j + e, v = b·i + d·j + f. */
export function sampleFreely(
  texels: usize,
  left: i32,
  top: i32,
  columns: i32,
  rows: i32,
  wholeWidth: f64,
  wholeHeight: f64,
  block: usize,
  stride: usize,
  pitch: i32,
  width: i32,
  height: i32,
  a: f64,
  b: f64,
  c: f64,
  d: f64,
  e: f64,
  f: f64,
  reachX: f64,
  reachY: f64,
  smoothX: bool,
  smoothY: bool,
  space: usize,
): void {
  const ofColumns = space;
  const ofRows = space + 4 * mostTaps(reachX);
  const clip = smoothX || smoothY;
  for (let j = 0; j < height; j++) {
    let to = block + 4 * j * pitch;
    for (let i = 0; i < width; i++) {
      taps(b * i + d * j + f, reachY, smoothY, top, top + rows, wholeHeight, ofRows);
      const firstRow = first;
      const takenRows = taken;
      let sum = f32x4.splat(0);
      if (takenRows > 0) {
        taps(a * i + c * j + e, reachX, smoothX, left, left + columns, wholeWidth, ofColumns);
        for (let m = 0; m < takenRows; m++) {
          const from = texels + 16 * ((firstRow + m) * columns + first);
          const down = load<f32>(ofRows + 4 * m);
          for (let k = 0; k < taken; k++) {
            const weight = f32x4.splat(load<f32>(ofColumns + 4 * k) * down);
            sum = f32x4.add(sum, f32x4.mul(v128.load(from + 16 * k), weight));
          }
        }
        if (clip) sum = bounded(sum);
      }
      store<f32>(to, f32x4.extract_lane(sum, 0));
      store<f32>(to + stride, f32x4.extract_lane(sum, 1));
      store<f32>(to + 2 * stride, f32x4.extract_lane(sum, 2));
      const alpha = f32x4.extract_lane(sum, 3);
      store<f32>(to + 3 * stride, alpha > SOLID ? 1 : alpha);
      to += 4;
    }
  }
}
