// The blend functions that take the three channels of a colour together: ISO 32000-1 (PDF), 11.3.5.3. Each answers one
// channel of the result; Binaryen shares what the three have in common.

export const DARKER_COLOR = 6;
export const LIGHTER_COLOR = 11;
export const HUE = 23;
export const SATURATION = 24;
export const COLOR = 25;
export const LUMINOSITY = 26;

/** Colours whose luminosities differ by less are equally light. */
const ALIKE: f32 = 1e-5;

export function luminosity(r: v128, g: v128, b: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(r, f32x4.splat(0.3)), f32x4.mul(g, f32x4.splat(0.59))),
    f32x4.mul(b, f32x4.splat(0.11)),
  );
}

function least(r: v128, g: v128, b: v128): v128 {
  return f32x4.min(r, f32x4.min(g, b));
}

function most(r: v128, g: v128, b: v128): v128 {
  return f32x4.max(r, f32x4.max(g, b));
}

// The result of the last call of `blendTones`.
export let red: v128 = f32x4.splat(0);
export let green: v128 = f32x4.splat(0);
export let blue: v128 = f32x4.splat(0);

/** The colour with luminosity `light`; what then leaves 0..1 is drawn towards the grey of that luminosity (ClipColor). */
function setLuminosity(r: v128, g: v128, b: v128, light: v128): void {
  const shift = f32x4.sub(light, luminosity(r, g, b));
  r = f32x4.add(r, shift);
  g = f32x4.add(g, shift);
  b = f32x4.add(b, shift);
  const tiny = f32x4.splat(1e-6);
  const one = f32x4.splat(1);
  const low = least(r, g, b);
  const high = most(r, g, b);
  const up = f32x4.div(light, f32x4.max(f32x4.sub(light, low), tiny));
  const down = f32x4.div(f32x4.sub(one, light), f32x4.max(f32x4.sub(high, light), tiny));
  // Not both can bind: the span of the channels is at most 1.
  const scale = f32x4.min(
    v128.bitselect(up, one, f32x4.lt(low, f32x4.splat(0))),
    v128.bitselect(down, one, f32x4.gt(high, one)),
  );
  red = f32x4.add(light, f32x4.mul(f32x4.sub(r, light), scale));
  green = f32x4.add(light, f32x4.mul(f32x4.sub(g, light), scale));
  blue = f32x4.add(light, f32x4.mul(f32x4.sub(b, light), scale));
}

/** The colour's hue with the saturation (most − least channel) `span`, and then luminosity `light`. */
function setSaturation(r: v128, g: v128, b: v128, span: v128, light: v128): void {
  const low = least(r, g, b);
  const own = f32x4.sub(most(r, g, b), low);
  const grey = f32x4.le(own, f32x4.splat(1e-5));
  const scale = v128.andnot(f32x4.div(span, own), grey);
  setLuminosity(
    f32x4.mul(f32x4.sub(r, low), scale),
    f32x4.mul(f32x4.sub(g, low), scale),
    f32x4.mul(f32x4.sub(b, low), scale),
    light,
  );
}

/** B of a colour, left in `red`, `green` and `blue`: backdrop (br, bg, bb), source (sr, sg, sb). */
export function blendTones(mode: i32, br: v128, bg: v128, bb: v128, sr: v128, sg: v128, sb: v128): void {
  const under = luminosity(br, bg, bb);
  const over = luminosity(sr, sg, sb);
  if (mode === DARKER_COLOR || mode === LIGHTER_COLOR) {
    const gap = mode === DARKER_COLOR ? f32x4.sub(under, over) : f32x4.sub(over, under);
    const takes = f32x4.gt(gap, f32x4.splat(ALIKE));
    red = v128.bitselect(sr, br, takes);
    green = v128.bitselect(sg, bg, takes);
    blue = v128.bitselect(sb, bb, takes);
  } else if (mode === HUE) {
    setSaturation(sr, sg, sb, f32x4.sub(most(br, bg, bb), least(br, bg, bb)), under);
  } else if (mode === SATURATION) {
    setSaturation(br, bg, bb, f32x4.sub(most(sr, sg, sb), least(sr, sg, sb)), under);
  } else if (mode === COLOR) {
    setLuminosity(sr, sg, sb, under);
  } else {
    setLuminosity(br, bg, bb, over);
  }
}
