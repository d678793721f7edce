// The blend functions B(backdrop, source) that take each colour channel by itself; four values of 0..1 at a time. Formulas:
// ISO 32000-1 (PDF), 11.3.5.2, and W3C Compositing and Blending 1, section 9, where they have the mode; linear burn,
// vivid, linear and pin light, hard mix, subtract, divide and soft light are Photoshop's own, as the PSD readers agree.

export const MULTIPLY = 3;
export const DARKEN = 2;
export const COLOR_BURN = 4;
export const LINEAR_BURN = 5;
export const LIGHTEN = 7;
export const SCREEN = 8;
export const COLOR_DODGE = 9;
export const LINEAR_DODGE = 10;
export const OVERLAY = 12;
export const SOFT_LIGHT = 13;
export const HARD_LIGHT = 14;
export const VIVID_LIGHT = 15;
export const LINEAR_LIGHT = 16;
export const PIN_LIGHT = 17;
export const HARD_MIX = 18;
export const DIFFERENCE = 19;
export const EXCLUSION = 20;
export const SUBTRACT = 21;
export const DIVIDE = 22;

/** A quarter of a level of 8 bits: what lies nearer to 0, 1 or a threshold counts as there, whatever floats made of it. */
const EPSILON: f32 = 0.25 / 255.0;

function one(): v128 {
  return f32x4.splat(1);
}

function clip(value: v128): v128 {
  return f32x4.min(f32x4.max(value, f32x4.splat(0)), one());
}

function select(yes: v128, no: v128, where: v128): v128 {
  return v128.bitselect(yes, no, where);
}

/** `1 − min(1, (1 − b)/s)`; white stays white. */
function burn(b: v128, s: v128): v128 {
  const dark = f32x4.sub(one(), b);
  const burnt = f32x4.sub(one(), f32x4.min(f32x4.div(dark, f32x4.max(s, f32x4.splat(1e-6))), one()));
  return select(one(), burnt, f32x4.le(dark, f32x4.splat(EPSILON)));
}

/** `min(1, b/(1 − s))`; black stays black. */
function dodge(b: v128, s: v128): v128 {
  const dodged = f32x4.min(f32x4.div(b, f32x4.max(f32x4.sub(one(), s), f32x4.splat(1e-6))), one());
  return v128.andnot(dodged, f32x4.le(b, f32x4.splat(EPSILON)));
}

function screen(b: v128, s: v128): v128 {
  return f32x4.sub(f32x4.add(b, s), f32x4.mul(b, s));
}

/** Multiply where the source is dark, screen where it is light. */
function hardLight(b: v128, s: v128): v128 {
  const twice = f32x4.add(s, s);
  return select(f32x4.mul(b, twice), screen(b, f32x4.sub(twice, one())), f32x4.le(s, f32x4.splat(0.5)));
}

/** Photoshop's: `2bs + b²(1 − 2s)` where the source is dark, `2b(1 − s) + √b(2s − 1)` where it is light. */
function softLight(b: v128, s: v128): v128 {
  const tilt = f32x4.sub(f32x4.add(s, s), one());
  const root = f32x4.sqrt(f32x4.max(b, f32x4.splat(0)));
  const end = select(f32x4.mul(b, b), root, f32x4.le(s, f32x4.splat(0.5)));
  // Both are b moved towards b² or √b by |2s − 1|.
  return f32x4.add(b, f32x4.mul(f32x4.abs(tilt), f32x4.sub(end, b)));
}

function vividLight(b: v128, s: v128): v128 {
  const twice = f32x4.add(s, s);
  return select(burn(b, twice), dodge(b, f32x4.sub(twice, one())), f32x4.le(s, f32x4.splat(0.5)));
}

/**
 * At full fill a threshold of b + s; below, the slope that Photoshop gives it: `(b + fs − f)/(1 − f)`. Here `s` is
 * already the source moved to the neutral grey by the fill: `fs + (1 − f)/2`.
 */
function hardMix(b: v128, s: v128, fill: f32): v128 {
  if (fill > 0.999) {
    const bright = f32x4.ge(f32x4.add(b, s), f32x4.splat(1 - EPSILON));
    return v128.and(one(), bright);
  }
  const slope = f32x4.splat(1 / (1 - fill));
  const middle = f32x4.splat((1 + fill) / 2);
  return clip(f32x4.mul(f32x4.sub(f32x4.add(b, s), middle), slope));
}

function divide(b: v128, s: v128): v128 {
  const ratio = f32x4.min(f32x4.div(b, f32x4.max(s, f32x4.splat(1e-6))), one());
  return v128.andnot(ratio, f32x4.le(b, f32x4.splat(EPSILON)));
}

/** B of one channel; `mode` is a constant wherever this is put inline. */
export function separable(mode: i32, b: v128, s: v128, fill: f32): v128 {
  if (mode === MULTIPLY) return f32x4.mul(b, s);
  if (mode === DARKEN) return f32x4.min(b, s);
  if (mode === COLOR_BURN) return burn(b, s);
  if (mode === LINEAR_BURN) return clip(f32x4.sub(f32x4.add(b, s), one()));
  if (mode === LIGHTEN) return f32x4.max(b, s);
  if (mode === SCREEN) return screen(b, s);
  if (mode === COLOR_DODGE) return dodge(b, s);
  if (mode === LINEAR_DODGE) return f32x4.min(f32x4.add(b, s), one());
  if (mode === OVERLAY) return hardLight(s, b);
  if (mode === SOFT_LIGHT) return softLight(b, s);
  if (mode === HARD_LIGHT) return hardLight(b, s);
  if (mode === VIVID_LIGHT) return vividLight(b, s);
  if (mode === LINEAR_LIGHT) return clip(f32x4.sub(f32x4.add(b, f32x4.add(s, s)), one()));
  if (mode === PIN_LIGHT) {
    const twice = f32x4.add(s, s);
    return f32x4.max(f32x4.min(b, twice), f32x4.sub(twice, one()));
  }
  if (mode === HARD_MIX) return hardMix(b, s, fill);
  if (mode === DIFFERENCE) return f32x4.abs(f32x4.sub(b, s));
  if (mode === EXCLUSION) {
    const product = f32x4.mul(b, s);
    return f32x4.sub(f32x4.add(b, s), f32x4.add(product, product));
  }
  if (mode === SUBTRACT) return f32x4.max(f32x4.sub(b, s), f32x4.splat(0));
  if (mode === DIVIDE) return divide(b, s);
  return s;
}

/** The source as the fill leaves it for the eight modes to which fill is not opacity: moved towards the colour that changes nothing. */
export function filled(mode: i32, s: v128, fill: f32): v128 {
  const kept = f32x4.mul(s, f32x4.splat(fill));
  if (mode === COLOR_BURN || mode === LINEAR_BURN) return f32x4.add(kept, f32x4.splat(1 - fill));
  if (mode === VIVID_LIGHT || mode === LINEAR_LIGHT || mode === HARD_MIX)
    return f32x4.add(kept, f32x4.splat((1 - fill) * 0.5));
  if (mode === COLOR_DODGE || mode === LINEAR_DODGE || mode === DIFFERENCE) return kept;
  return s;
}

/** Whether fill is not opacity for this mode. */
export function fillsApart(mode: i32): bool {
  return (
    mode === COLOR_BURN ||
    mode === LINEAR_BURN ||
    mode === COLOR_DODGE ||
    mode === LINEAR_DODGE ||
    mode === VIVID_LIGHT ||
    mode === LINEAR_LIGHT ||
    mode === HARD_MIX ||
    mode === DIFFERENCE
  );
}
