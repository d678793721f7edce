import { fractal, lattice, noise } from './noise';

/** Linear-light RGB, 1 = white before the tone curve. */
export type Colour = readonly [number, number, number];

/** The light that an object stands in. */
export interface Light {
  /** Unit vector towards the sun: right, up, towards the viewer. */
  readonly direction: Colour;
  readonly sun: Colour;
  /** What comes from above, from the horizon and from below. */
  readonly above: Colour;
  readonly around: Colour;
  readonly below: Colour;
}

/** Evening over a lake: low orange sun from the left. */
export const EVENING: Light = {
  direction: [-0.86, 0.22, 0.46],
  sun: [1.55, 0.72, 0.3],
  above: [0.2, 0.2, 0.33],
  around: [0.34, 0.21, 0.17],
  below: [0.08, 0.07, 0.08],
};

/** Noon somewhere else: a high white sun from the right under a blue sky. */
export const NOON: Light = {
  direction: [0.5, 0.66, 0.56],
  sun: [1.75, 1.75, 1.72],
  above: [0.5, 0.62, 0.85],
  around: [0.5, 0.56, 0.66],
  below: [0.3, 0.32, 0.3],
};

const HORIZON = -0.2;
const SUN_X = -1.25;

export const mix = (a: Colour, b: Colour, t: number): Colour => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const ramp = (from: number, to: number, x: number) => {
  const t = Math.min(Math.max((x - from) / (to - from), 0), 1);
  return t * t * (3 - 2 * t);
};

/** The evening sky at a height above the horizon, with lit clouds. */
function sky(x: number, y: number): Colour {
  const height = y - HORIZON;
  const low: Colour = mix([1.05, 0.52, 0.2], [0.62, 0.36, 0.3], ramp(-1.2, 1.4, x));
  const middle: Colour = mix([0.62, 0.4, 0.34], [0.32, 0.29, 0.4], ramp(-1.4, 1.2, x));
  const high: Colour = [0.1, 0.14, 0.28];
  let colour = mix(mix(low, middle, ramp(0, 0.45, height)), high, ramp(0.25, 1.25, height));
  const glow = Math.exp(-((x - SUN_X) ** 2 + (3 * (height - 0.06)) ** 2) / 0.35);
  colour = mix(colour, [1.6, 0.95, 0.45], 0.75 * glow);
  const bank = fractal(x * 1.1 + 7, height * 4.2 + 0.15 * x, 6, 11);
  const cover = ramp(0.5, 0.72, bank) * ramp(0.05, 0.22, height) * (1 - 0.5 * ramp(0.7, 1.2, height));
  const lit = fractal(x * 1.1 + 6.94, height * 4.2 + 0.15 * x + 0.12, 6, 11);
  const rim = ramp(-0.02, 0.09, bank - lit);
  const cloud = mix([0.26, 0.2, 0.26], mix([1.15, 0.6, 0.34], [0.78, 0.45, 0.4], ramp(-1, 1.4, x)), rim);
  return mix(colour, cloud, 0.85 * cover);
}

/** Height of a ridge above the horizon. */
function ridge(x: number, layer: number): number {
  const base = [0.34, 0.2, 0.09][layer]!;
  const rough = fractal(x * [1.4, 1.9, 3.1][layer]! + 10 * layer, 3.7 * layer, 7, 40 + layer);
  return base * (0.25 + 1.35 * rough) - 0.03;
}

/** Sky and three ridges, each hazier than the one before it. */
function distance(x: number, y: number): Colour {
  let colour = sky(x, y);
  for (let layer = 0; layer < 3; layer++) {
    const top = HORIZON + ridge(x, layer);
    if (y > top) continue;
    const slope = ridge(x + 0.02, layer) - ridge(x - 0.02, layer);
    const detail = fractal(x * 22 + layer, y * 30, 5, 60 + layer);
    const lit = ramp(-0.05, 0.06, slope + 0.06 * (detail - 0.5));
    const rock = mix([0.035, 0.04, 0.055], [0.34, 0.17, 0.09], 0.9 * lit * (0.5 + detail));
    const haze: Colour = mix([0.7, 0.38, 0.24], [0.33, 0.25, 0.3], ramp(-1.3, 1, x));
    const depth = [0.66, 0.42, 0.16][layer]!;
    colour = mix(rock, haze, Math.min(depth + 0.25 * ramp(0.1, 0, y - HORIZON), 0.9));
  }
  return colour;
}

/** The lake: the distance mirrored in ripples, darker towards the viewer. */
function lake(x: number, y: number): Colour {
  const near = HORIZON - y;
  const scale = 1 / (near + 0.03);
  const ripple = fractal(x * scale * 1.6, scale * 4.5, 5, 81) - 0.5;
  const swell = fractal(x * scale * 0.4 + 3, scale * 1.1, 3, 83) - 0.5;
  const mirrored = distance(
    x + 0.05 * ripple * (0.3 + near),
    HORIZON + near * 1.05 + 0.12 * (ripple + swell) * (0.15 + near),
  );
  const glitter = Math.exp(-((x - SUN_X) ** 2) / (0.04 + 0.4 * near)) * ramp(0.12, 0.3, ripple);
  return mix(
    mix(mirrored, [0.03, 0.05, 0.07], 0.28 + 0.35 * ramp(0, 0.8, near)),
    [1.6, 0.9, 0.4],
    0.7 * glitter,
  );
}

/** The near shore: grass against the light, ragged at its top. */
function shore(x: number, y: number): Colour | null {
  const edge = -0.83 + 0.12 * (fractal(x * 1.3 + 20, 0.5, 4, 90) - 0.5) + 0.07 * ramp(0.2, 1.5, x);
  const blades = 0.09 * noise(x * 95, y * 6, 91) ** 2 + 0.05 * noise(x * 210 + y * 40, y * 9, 92) ** 2;
  if (y > edge + blades) return null;
  const depth = ramp(0, 0.25, edge + blades - y);
  const tuft = fractal(x * 40 + 12 * y, y * 16, 5, 93);
  const lit = ramp(0.52, 0.75, fractal(x * 75 + 30 * y, y * 20, 4, 95));
  const green: Colour = [0.045 + 0.03 * tuft, 0.048 + 0.035 * tuft, 0.022];
  return mix(mix(green, [0.4, 0.21, 0.07], lit * (0.55 - 0.3 * depth)), [0.012, 0.014, 0.014], 0.5 * depth);
}

/** The background at a point of the frame: x right (about ±1.5), y up (±1). */
export function background(x: number, y: number): Colour {
  return shore(x, y) ?? (y > HORIZON ? distance(x, y) : lake(x, y));
}

/** Diffuse light on a surface, with a soft terminator as cloth has. */
function shade(albedo: Colour, normal: Colour, light: Light): Colour {
  const facing =
    normal[0] * light.direction[0] + normal[1] * light.direction[1] + normal[2] * light.direction[2];
  const sun = Math.max(0, (facing + 0.12) / 1.12);
  const up = normal[1];
  const ambient = up > 0 ? mix(light.around, light.above, up) : mix(light.around, light.below, -up);
  return [
    albedo[0] * (light.sun[0] * sun + ambient[0]),
    albedo[1] * (light.sun[1] * sun + ambient[1]),
    albedo[2] * (light.sun[2] * sun + ambient[2]),
  ];
}

const CENTRE = { x: 0.42, y: 0.3, radius: 0.44 };
const STRIPES: readonly Colour[] = [
  [0.62, 0.06, 0.05],
  [0.78, 0.72, 0.62],
  [0.08, 0.2, 0.46],
  [0.78, 0.72, 0.62],
  [0.8, 0.46, 0.05],
  [0.78, 0.72, 0.62],
];

/** Half the envelope's width at `t`: −1.35 at its mouth to 1 at its crown; a circle above, a smooth taper below. */
function girth(t: number): number {
  if (t >= 1 || t <= -1.35) return 0;
  if (t > -0.25) return Math.sqrt(1 - t * t);
  // A cubic from the circle's end (same height and slope) to the mouth.
  const s = (-0.25 - t) / 1.1;
  const [from, fromSlope, to, toSlope] = [0.9682, -0.284, 0.14, -0.75];
  return (
    (2 * s ** 3 - 3 * s ** 2 + 1) * from +
    (s ** 3 - 2 * s ** 2 + s) * fromSlope +
    (3 * s ** 2 - 2 * s ** 3) * to +
    (s ** 3 - s ** 2) * toSlope
  );
}

/** The hot-air balloon at a point of the frame, lit by `light`; null beside it. */
export function balloon(x: number, y: number, light: Light): Colour | null {
  const bx = (x - CENTRE.x) / CENTRE.radius;
  const by = (y - CENTRE.y) / CENTRE.radius;
  const half = girth(by);
  if (half > 0 && Math.abs(bx) < half) {
    const across = bx / half;
    const slope = (girth(by - 0.01) - girth(by + 0.01)) / 0.02;
    const angle = Math.asin(across);
    const gore = (angle / Math.PI + 0.53) * 12;
    const pleat = 0.3 * Math.cos((gore % 1) * 2 * Math.PI) * 0.5;
    let nx = Math.sin(angle + pleat * 0.35);
    let nz = Math.cos(angle + pleat * 0.35);
    let ny = slope;
    const length = Math.hypot(nx, ny, nz);
    nx /= length;
    ny /= length;
    nz /= length;
    const seam = Math.abs((gore % 1) - 0.5) > 0.47 ? 0.75 : 1;
    const band = Math.abs(by - 0.18) < 0.1;
    const stripe = STRIPES[(Math.floor(gore) + 12) % STRIPES.length]!;
    const cloth = band ? STRIPES[(Math.floor(gore) + 14) % STRIPES.length]! : stripe;
    const weave = 0.92 + 0.12 * fractal(gore * 5, by * 26, 3, 120);
    const wrinkle = 0.9 + 0.2 * fractal(gore * 1.2, by * 9, 3, 121);
    const lit = shade([cloth[0] * weave, cloth[1] * weave, cloth[2] * weave], [nx, ny, nz], light);
    const tone = seam * wrinkle;
    return [lit[0] * tone, lit[1] * tone, lit[2] * tone];
  }
  return basket(bx, by, light);
}

function basket(bx: number, by: number, light: Light): Colour | null {
  const top = -1.62;
  const bottom = -1.86;
  if (by < -1.35 && by > top) {
    const t = (by + 1.35) / (top + 1.35);
    for (const side of [-1, -0.4, 0.4, 1]) {
      if (Math.abs(bx - side * (0.135 - 0.02 * t)) < 0.006)
        return shade([0.12, 0.1, 0.08], [side * 0.6, 0, 0.8], light);
    }
    return null;
  }
  const half = 0.115 + 0.02 * ((by - bottom) / (top - bottom));
  if (by > top || by < bottom || Math.abs(bx) > half) return null;
  const across = bx / half;
  const weave =
    0.65 +
    0.5 * (Math.sin(by * 190) * Math.sin(bx * 260) > 0 ? 0.6 : 0.25) +
    0.1 * lattice(bx * 400, by * 400, 7);
  const rim = by > top - 0.03 ? 0.6 : 1;
  const albedo: Colour = [0.5 * weave * rim, 0.31 * weave * rim, 0.15 * weave * rim];
  return shade(albedo, [Math.sin(across * 1.2), 0.05, Math.cos(across * 1.2)], light);
}
