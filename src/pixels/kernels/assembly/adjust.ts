// Adjustments of straight colours, in place.

/** Each value of a plane through a table over 0..1, interpolated linearly between its `entries`. */
export function tabulate(plane: usize, count: i32, table: usize, entries: i32): void {
  const last = entries - 1;
  const scale = <f32>last;
  for (let i = 0; i < count; i++) {
    const at = Mathf.min(Mathf.max(load<f32>(plane) * scale, 0), scale);
    const below = min(<i32>at, last - 1);
    const low = load<f32>(table + 4 * below);
    const high = load<f32>(table + 4 * below + 4);
    store<f32>(plane, low + (high - low) * (at - <f32>below));
    plane += 4;
  }
}

function clip(value: f32): f32 {
  return Mathf.min(Mathf.max(value, 0), 1);
}

/** An angle within one turn, degrees. */
function turn(angle: f32): f32 {
  return angle - 360 * Mathf.floor(angle / 360);
}

/** How far into a range of hues, 0..1: it fades in from `fadeIn` to `from` and out from `to` to `fadeOut`, around the circle. */
function within(hue: f32, fadeIn: f32, from: f32, to: f32, fadeOut: f32): f32 {
  const at = turn(hue - fadeIn);
  const full = turn(from - fadeIn);
  const fall = full + turn(to - from);
  const end = fall + turn(fadeOut - to);
  if (at < full) return at / full;
  if (at <= fall) return 1;
  if (at < end) return (end - at) / (end - fall);
  return 0;
}

/** One channel of a colour of HSL: hue in degrees, `chroma` (most − least) about `light`. */
function channel(hue: f32, turned: f32, light: f32, chroma: f32): f32 {
  const ramp = clip(Mathf.abs(turn(hue + turned) / 60 - 3) - 1);
  return light + chroma * (ramp - 0.5);
}

/**
 * Hue/Saturation in HSL. `table` holds `shifts` times seven numbers: fadeIn, from, to, fadeOut (degrees), hue (degrees),
 * saturation and lightness (−1..1); the first is the master and holds for every hue. Ranges add by how far a hue lies in
 * them. Saturation above 0 divides by what is left of it, below 0 multiplies; lightness moves towards white or black.
 */
export function shiftHues(
  block: usize,
  stride: usize,
  count: i32,
  table: usize,
  shifts: i32,
  colorize: bool,
): void {
  for (let i = 0; i < count; i++) {
    const r = load<f32>(block);
    const g = load<f32>(block + stride);
    const b = load<f32>(block + 2 * stride);
    const high = Mathf.max(r, Mathf.max(g, b));
    const low = Mathf.min(r, Mathf.min(g, b));
    const span = high - low;
    let light: f32 = (high + low) * 0.5;
    let hue: f32 = 0;
    if (span > 1e-6) {
      if (high === r) hue = 60 * ((g - b) / span);
      else if (high === g) hue = 60 * ((b - r) / span) + 120;
      else hue = 60 * ((r - g) / span) + 240;
      if (hue < 0) hue += 360;
    }
    const room: f32 = <f32>1 - Mathf.abs(light + light - 1);
    let saturation: f32 = room > 1e-6 ? Mathf.min(span / room, 1) : 0;
    if (colorize) {
      hue = load<f32>(table + 16);
      saturation = load<f32>(table + 20);
      light = 0.3 * r + 0.59 * g + 0.11 * b;
      light = lighten(light, load<f32>(table + 24));
    } else {
      let rotation = load<f32>(table + 16);
      let more = load<f32>(table + 20);
      let lift = load<f32>(table + 24);
      for (let k = 1; k < shifts; k++) {
        const range = table + 28 * k;
        const share: f32 =
          span > 1e-6
            ? within(hue, load<f32>(range), load<f32>(range + 4), load<f32>(range + 8), load<f32>(range + 12))
            : 0;
        rotation += share * load<f32>(range + 16);
        more += share * load<f32>(range + 20);
        lift += share * load<f32>(range + 24);
      }
      if (rotation !== 0 || more !== 0 || lift !== 0) {
        hue += rotation;
        more = Mathf.min(Mathf.max(more, -1), 1);
        saturation =
          more > 0 ? Mathf.min(saturation / Mathf.max(1 - more, 1e-3), 1) : saturation * (1 + more);
        light = lighten(light, lift);
      } else {
        block += 4;
        continue;
      }
    }
    const chroma: f32 = saturation * (<f32>1 - Mathf.abs(light + light - 1));
    store<f32>(block, clip(channel(hue, 0, light, chroma)));
    store<f32>(block + stride, clip(channel(hue, 240, light, chroma)));
    store<f32>(block + 2 * stride, clip(channel(hue, 120, light, chroma)));
    block += 4;
  }
}

function lighten(light: f32, lift: f32): f32 {
  return clip(lift >= 0 ? light + (1 - light) * lift : light * (1 + lift));
}

/**
 * Color Balance: `table` holds shadows, midtones and highlights, each red, green and blue, −1..1. A channel moves by each
 * times how much its colour's lightness belongs to that tone (the GNU Image Manipulation Program's transfer functions: ramps
 * about 1/3 and 2/3, a quarter wide). With `preserve` the colour keeps its luminosity.
 */
export function balance(block: usize, stride: usize, count: i32, table: usize, preserve: bool): void {
  for (let i = 0; i < count; i++) {
    const r = load<f32>(block);
    const g = load<f32>(block + stride);
    const b = load<f32>(block + 2 * stride);
    const light = (Mathf.max(r, Mathf.max(g, b)) + Mathf.min(r, Mathf.min(g, b))) * 0.5;
    const dark = clip((light - 0.333) / -0.25 + 0.5) * 0.7;
    const bright = clip((light - 0.667) / 0.25 + 0.5) * 0.7;
    const middle = clip((light - 0.333) / 0.25 + 0.5) * clip((light - 0.667) / -0.25 + 0.5) * 0.7;
    let nr = clip(
      r + dark * load<f32>(table) + middle * load<f32>(table + 12) + bright * load<f32>(table + 24),
    );
    let ng = clip(
      g + dark * load<f32>(table + 4) + middle * load<f32>(table + 16) + bright * load<f32>(table + 28),
    );
    let nb = clip(
      b + dark * load<f32>(table + 8) + middle * load<f32>(table + 20) + bright * load<f32>(table + 32),
    );
    if (preserve && (nr !== r || ng !== g || nb !== b)) {
      const shift: f32 = 0.3 * (r - nr) + 0.59 * (g - ng) + 0.11 * (b - nb);
      nr = clip(nr + shift);
      ng = clip(ng + shift);
      nb = clip(nb + shift);
    }
    store<f32>(block, nr);
    store<f32>(block + stride, ng);
    store<f32>(block + 2 * stride, nb);
    block += 4;
  }
}
