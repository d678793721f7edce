// Whole pictures of straight RGBA bytes, blended a little at a time, so that the blocks stay in the first cache.
import { blend } from './blend';
import { byte, pack, unpack } from './planes';

/** Pixels of one piece: two blocks of it are 16 KiB. */
const PIECE = 512;

/** Bytes of working space that `blendBytes` needs. */
export function blendSpace(): i32 {
  return 2 * 16 * PIECE;
}

/** Multiplies the four planes of a block by bytes of a mask. */
function weighByBytes(block: usize, stride: usize, mask: usize, count: i32): void {
  const scale = f32x4.splat(1.0 / 255.0);
  for (let i = 0; i < count; i += 4) {
    const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(mask)));
    const share = f32x4.mul(f32x4.convert_i32x4_u(wide), scale);
    v128.store(block, f32x4.mul(v128.load(block), share));
    v128.store(block + stride, f32x4.mul(v128.load(block + stride), share));
    v128.store(block + 2 * stride, f32x4.mul(v128.load(block + 2 * stride), share));
    v128.store(block + 3 * stride, f32x4.mul(v128.load(block + 3 * stride), share));
    block += 16;
    mask += 4;
  }
}

function channel(bytes: v128, shift: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(bytes, shift), i32x4.splat(0xff)));
}

/** Normal mode without a mask, all in registers: colours in 0..255, alphas in 0..1. */
function normal(under: usize, over: usize, to: usize, count: i32, weight: f32, open: f32): void {
  const one = f32x4.splat(1);
  const share = f32x4.splat(weight / 255);
  const scale = f32x4.splat(1.0 / 255.0);
  const opening = f32x4.splat(open);
  const full = f32x4.splat(255);
  const faintest = f32x4.splat(0.5 / 255.0);
  const opaque = i32x4.splat(0xff000000);
  for (let i = 0; i < count; i += 4) {
    const below = v128.load(under);
    const above = v128.load(over);
    const alpha = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(above, 24)), share);
    const rest = f32x4.sub(one, alpha);
    let kept = rest;
    let fresh = alpha;
    let inverse = one;
    let result = opaque;
    if (!i32x4.all_true(i32x4.eq(v128.and(below, opaque), opaque))) {
      const backdrop = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(below, 24)), scale);
      const bare = f32x4.mul(f32x4.sub(one, backdrop), opening);
      kept = f32x4.mul(backdrop, rest);
      fresh = f32x4.mul(alpha, f32x4.add(backdrop, bare));
      const sum = f32x4.add(backdrop, f32x4.mul(alpha, bare));
      inverse = v128.and(f32x4.div(one, sum), f32x4.ge(sum, faintest));
      result = i32x4.shl(byte(sum, full), 24);
    }
    kept = f32x4.mul(kept, inverse);
    fresh = f32x4.mul(fresh, inverse);
    const red = mixed(channel(below, 0), channel(above, 0), kept, fresh);
    const green = mixed(channel(below, 8), channel(above, 8), kept, fresh);
    const blue = mixed(channel(below, 16), channel(above, 16), kept, fresh);
    const low = v128.or(red, i32x4.shl(green, 8));
    v128.store(to, v128.or(v128.or(low, i32x4.shl(blue, 16)), result));
    under += 16;
    over += 16;
    to += 16;
  }
}

/** The sum of both, rounded; never above 255, as the shares sum to at most 1. */
function mixed(below: v128, above: v128, kept: v128, fresh: v128): v128 {
  const sum = f32x4.add(f32x4.mul(below, kept), f32x4.mul(above, fresh));
  return i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.add(sum, f32x4.splat(0.5)), f32x4.splat(255)));
}

/** Blends `over` onto `under` into `to`, `count` pixels (a multiple of 4) by any mode but dissolve; `mask` is bytes, or 0 for none. */
export function blendBytes(
  mode: i32,
  under: usize,
  over: usize,
  mask: usize,
  to: usize,
  count: i32,
  space: usize,
  opacity: f32,
  fill: f32,
  open: f32,
): void {
  if (mode === 0 && mask === 0) return normal(under, over, to, count, opacity * fill, open);
  const stride: usize = 4 * PIECE;
  const below = space;
  const above = space + 4 * stride;
  for (let done = 0; done < count; done += PIECE) {
    const piece = min(PIECE, count - done);
    unpack(under + 4 * done, below, stride, piece);
    unpack(over + 4 * done, above, stride, piece);
    if (mask !== 0) weighByBytes(above, stride, mask + done, piece);
    blend(mode, below, above, stride, piece, opacity, fill, open);
    pack(below, stride, to + 4 * done, piece);
  }
}
