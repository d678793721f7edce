import * as s from './separable';
import * as t from './tones';

// A block `over` is blended onto a block `under`, in place. With straight colours Cb, Cs, alphas ab, as and the blend
// function B (PDF, 11.3.6): ar = ab + as − ab·as, ar·Cr = (1 − as)·ab·Cb + (1 − ab)·as·Cs + ab·as·B(Cb, Cs). Blocks are
// premultiplied, so normal mode divides nothing. `open` is 1; with 0 the source shows only where the backdrop is (atop),
// which clipping layers and adjustments need: the term (1 − ab)·as·Cs is left out and ar = ab.

/** 1/alpha, and 0 where nothing is. */
function inverse(alpha: v128): v128 {
  const there = f32x4.gt(alpha, f32x4.splat(1e-6));
  return v128.and(f32x4.div(f32x4.splat(1), alpha), there);
}

function fade(under: usize, over: usize, plane: usize, fresh: v128, rest: v128): void {
  const kept = f32x4.mul(v128.load(under + plane), rest);
  v128.store(under + plane, f32x4.add(f32x4.mul(v128.load(over + plane), fresh), kept));
}

/** Porter and Duff, "Compositing digital images", 1984: "over", and "atop". */
function normal(under: usize, over: usize, stride: usize, count: i32, weight: f32, open: f32): void {
  const share = f32x4.splat(weight);
  const one = f32x4.splat(1);
  const opening = f32x4.splat(open);
  for (let i = 0; i < count; i += 4) {
    const alpha = f32x4.mul(v128.load(over + 3 * stride), share);
    const rest = f32x4.sub(one, alpha);
    const backdrop = v128.load(under + 3 * stride);
    const bare = f32x4.mul(f32x4.sub(one, backdrop), opening);
    // Over: 1; atop: the backdrop's alpha.
    const fresh = f32x4.mul(share, open === 1 ? one : backdrop);
    fade(under, over, 0, fresh, rest);
    fade(under, over, stride, fresh, rest);
    fade(under, over, 2 * stride, fresh, rest);
    v128.store(under + 3 * stride, f32x4.add(backdrop, f32x4.mul(alpha, bare)));
    under += 16;
    over += 16;
  }
}

function channel(
  mode: i32,
  under: usize,
  over: usize,
  ofUnder: v128,
  ofOver: v128,
  bare: v128,
  rest: v128,
  both: v128,
  fill: f32,
): void {
  const backdrop = v128.load(under);
  const source = v128.load(over);
  const blended = s.separable(
    mode,
    f32x4.mul(backdrop, ofUnder),
    s.filled(mode, f32x4.mul(source, ofOver), fill),
    fill,
  );
  const apart = f32x4.add(f32x4.mul(backdrop, rest), f32x4.mul(source, bare));
  v128.store(under, f32x4.add(apart, f32x4.mul(blended, both)));
}

/** One loop for a mode that takes channels apart; put inline with `mode` a constant. */
function loop(
  mode: i32,
  under: usize,
  over: usize,
  stride: usize,
  count: i32,
  opacity: f32,
  fill: f32,
  open: f32,
): void {
  const one = f32x4.splat(1);
  const share = f32x4.splat(s.fillsApart(mode) ? opacity : opacity * fill);
  // Where there is no backdrop, fill is opacity in every mode.
  const opening = f32x4.splat(s.fillsApart(mode) ? open * fill : open);
  for (let i = 0; i < count; i += 4) {
    const shape = v128.load(over + 3 * stride);
    const alpha = f32x4.mul(shape, share);
    const backdrop = v128.load(under + 3 * stride);
    const free = f32x4.mul(f32x4.sub(one, backdrop), opening);
    const bare = f32x4.mul(free, share);
    const rest = f32x4.sub(one, alpha);
    const both = f32x4.mul(alpha, backdrop);
    const ofUnder = inverse(backdrop);
    const ofOver = inverse(shape);
    channel(mode, under, over, ofUnder, ofOver, bare, rest, both, fill);
    channel(mode, under + stride, over + stride, ofUnder, ofOver, bare, rest, both, fill);
    channel(mode, under + 2 * stride, over + 2 * stride, ofUnder, ofOver, bare, rest, both, fill);
    v128.store(under + 3 * stride, f32x4.add(backdrop, f32x4.mul(alpha, free)));
    under += 16;
    over += 16;
  }
}

/** One loop for a mode that takes a colour whole. */
function tones(
  mode: i32,
  under: usize,
  over: usize,
  stride: usize,
  count: i32,
  weight: f32,
  open: f32,
): void {
  const one = f32x4.splat(1);
  const share = f32x4.splat(weight);
  const opening = f32x4.splat(open);
  for (let i = 0; i < count; i += 4) {
    const shape = v128.load(over + 3 * stride);
    const alpha = f32x4.mul(shape, share);
    const backdrop = v128.load(under + 3 * stride);
    const free = f32x4.mul(f32x4.sub(one, backdrop), opening);
    const bare = f32x4.mul(free, share);
    const rest = f32x4.sub(one, alpha);
    const both = f32x4.mul(alpha, backdrop);
    const ofUnder = inverse(backdrop);
    const ofOver = inverse(shape);
    const br = v128.load(under);
    const bg = v128.load(under + stride);
    const bb = v128.load(under + 2 * stride);
    const sr = v128.load(over);
    const sg = v128.load(over + stride);
    const sb = v128.load(over + 2 * stride);
    t.blendTones(
      mode,
      f32x4.mul(br, ofUnder),
      f32x4.mul(bg, ofUnder),
      f32x4.mul(bb, ofUnder),
      f32x4.mul(sr, ofOver),
      f32x4.mul(sg, ofOver),
      f32x4.mul(sb, ofOver),
    );
    v128.store(under, f32x4.add(f32x4.add(f32x4.mul(br, rest), f32x4.mul(sr, bare)), f32x4.mul(t.red, both)));
    v128.store(
      under + stride,
      f32x4.add(f32x4.add(f32x4.mul(bg, rest), f32x4.mul(sg, bare)), f32x4.mul(t.green, both)),
    );
    v128.store(
      under + 2 * stride,
      f32x4.add(f32x4.add(f32x4.mul(bb, rest), f32x4.mul(sb, bare)), f32x4.mul(t.blue, both)),
    );
    v128.store(under + 3 * stride, f32x4.add(backdrop, f32x4.mul(alpha, free)));
    under += 16;
    over += 16;
  }
}

/** Blends by the mode's number, its place in BLEND_MODES (src/pixels/blend-modes.ts). Dissolve is made before: see `dissolve`. */
export function blend(
  mode: i32,
  under: usize,
  over: usize,
  stride: usize,
  count: i32,
  opacity: f32,
  fill: f32,
  open: f32,
): void {
  if (mode === s.MULTIPLY) loop(s.MULTIPLY, under, over, stride, count, opacity, fill, open);
  else if (mode === s.DARKEN) loop(s.DARKEN, under, over, stride, count, opacity, fill, open);
  else if (mode === s.COLOR_BURN) loop(s.COLOR_BURN, under, over, stride, count, opacity, fill, open);
  else if (mode === s.LINEAR_BURN) loop(s.LINEAR_BURN, under, over, stride, count, opacity, fill, open);
  else if (mode === s.LIGHTEN) loop(s.LIGHTEN, under, over, stride, count, opacity, fill, open);
  else if (mode === s.SCREEN) loop(s.SCREEN, under, over, stride, count, opacity, fill, open);
  else if (mode === s.COLOR_DODGE) loop(s.COLOR_DODGE, under, over, stride, count, opacity, fill, open);
  else if (mode === s.LINEAR_DODGE) loop(s.LINEAR_DODGE, under, over, stride, count, opacity, fill, open);
  else if (mode === s.OVERLAY) loop(s.OVERLAY, under, over, stride, count, opacity, fill, open);
  else if (mode === s.SOFT_LIGHT) loop(s.SOFT_LIGHT, under, over, stride, count, opacity, fill, open);
  else if (mode === s.HARD_LIGHT) loop(s.HARD_LIGHT, under, over, stride, count, opacity, fill, open);
  else if (mode === s.VIVID_LIGHT) loop(s.VIVID_LIGHT, under, over, stride, count, opacity, fill, open);
  else if (mode === s.LINEAR_LIGHT) loop(s.LINEAR_LIGHT, under, over, stride, count, opacity, fill, open);
  else if (mode === s.PIN_LIGHT) loop(s.PIN_LIGHT, under, over, stride, count, opacity, fill, open);
  else if (mode === s.HARD_MIX) loop(s.HARD_MIX, under, over, stride, count, opacity, fill, open);
  else if (mode === s.DIFFERENCE) loop(s.DIFFERENCE, under, over, stride, count, opacity, fill, open);
  else if (mode === s.EXCLUSION) loop(s.EXCLUSION, under, over, stride, count, opacity, fill, open);
  else if (mode === s.SUBTRACT) loop(s.SUBTRACT, under, over, stride, count, opacity, fill, open);
  else if (mode === s.DIVIDE) loop(s.DIVIDE, under, over, stride, count, opacity, fill, open);
  else if (mode === t.DARKER_COLOR) tones(t.DARKER_COLOR, under, over, stride, count, opacity * fill, open);
  else if (mode === t.LIGHTER_COLOR) tones(t.LIGHTER_COLOR, under, over, stride, count, opacity * fill, open);
  else if (mode === t.HUE) tones(t.HUE, under, over, stride, count, opacity * fill, open);
  else if (mode === t.SATURATION) tones(t.SATURATION, under, over, stride, count, opacity * fill, open);
  else if (mode === t.COLOR) tones(t.COLOR, under, over, stride, count, opacity * fill, open);
  else if (mode === t.LUMINOSITY) tones(t.LUMINOSITY, under, over, stride, count, opacity * fill, open);
  else normal(under, over, stride, count, opacity * fill, open);
}
