/** Colours as three numbers; the order is that of the space. */
export type Triple = [number, number, number];

/** The linear light, 0..1, of an sRGB value on 0..255 (IEC 61966-2-1). */
export function linear(value: number): number {
  const c = value / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** The sRGB value on 0..255 of linear light; what is outside 0..1 stays outside. */
export function encoded(light: number): number {
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
}

/** sRGB's primaries to XYZ, white D65 (IEC 61966-2-1); row by row. */
export const XYZ_OF_RGB = [
  0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192, 0.9503041,
] as const;
/** The inverse of {@link XYZ_OF_RGB}. */
export const RGB_OF_XYZ = [
  3.2404542, -1.5371385, -0.4985314, -0.969266, 1.8760108, 0.041556, 0.0556434, -0.2040259, 1.0572252,
] as const;
/** The white of {@link XYZ_OF_RGB}: r = g = b = 1. */
const WHITE = [0.95047, 1.0000001, 1.08883] as const;

type Matrix3 = typeof XYZ_OF_RGB | typeof RGB_OF_XYZ;

/** Writes the matrix times (x, y, z) into `out`. */
export function times(m: Matrix3, x: number, y: number, z: number, out: Triple): void {
  out[0] = m[0] * x + m[1] * y + m[2] * z;
  out[1] = m[3] * x + m[4] * y + m[5] * z;
  out[2] = m[6] * x + m[7] * y + m[8] * z;
}

const KNEE = 6 / 29;
const forward = (t: number) => (t > KNEE ** 3 ? Math.cbrt(t) : t / (3 * KNEE * KNEE) + 4 / 29);
const backward = (f: number) => (f > KNEE ? f ** 3 : 3 * KNEE * KNEE * (f - 4 / 29));

/** CIE L*a*b* (white D65) of sRGB values on 0..255: L 0..100. */
export function toLab(r: number, g: number, b: number, out: Triple): void {
  times(XYZ_OF_RGB, linear(r), linear(g), linear(b), out);
  const fx = forward(out[0] / WHITE[0]);
  const fy = forward(out[1] / WHITE[1]);
  const fz = forward(out[2] / WHITE[2]);
  out[0] = 116 * fy - 16;
  out[1] = 500 * (fx - fy);
  out[2] = 200 * (fy - fz);
}

/** sRGB values of a Lab colour, on 0..255 where the colour can be shown, outside where it cannot. */
export function fromLab(l: number, a: number, b: number, out: Triple): void {
  const fy = (l + 16) / 116;
  times(
    RGB_OF_XYZ,
    WHITE[0] * backward(fy + a / 500),
    WHITE[1] * backward(fy),
    WHITE[2] * backward(fy - b / 200),
    out,
  );
  out[0] = encoded(out[0]);
  out[1] = encoded(out[1]);
  out[2] = encoded(out[2]);
}
