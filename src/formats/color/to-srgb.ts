import type { IccProfile, Matrix3 } from './icc-profile';

/** Linear sRGB → XYZ under D50 (IEC 61966-2-1, adapted by Bradford as in the ICC's own sRGB profiles), row by row. */
export const SRGB_TO_XYZ: Matrix3 = [
  0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733,
];

/** IEC 61966-2-1: encoded 0..1 → linear 0..1. */
export function srgbToLinear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

/** IEC 61966-2-1: linear 0..1 → encoded 0..1. */
export function linearToSrgb(v: number): number {
  return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
}

/** Changes RGBA pixels, in place, from the profile's colours to sRGB; alpha stays. */
export type ToSrgb = (data: Uint8ClampedArray) => void;

const STEPS = 16384;
const encoded = Float32Array.from({ length: STEPS + 1 }, (_, i) => 255 * linearToSrgb(i / STEPS));

/** Linear light as a level of sRGB; what sRGB cannot show is clipped. */
function toLevel(linear: number): number {
  return encoded[linear <= 0 ? 0 : linear >= 1 ? STEPS : Math.round(linear * STEPS)]!;
}

/**
 * The conversion from a profile to sRGB (relative colorimetric, clipped), or null when it would change nothing: when
 * the profile is sRGB by any name, no pixel is touched.
 */
export function conversionToSrgb(profile: IccProfile): ToSrgb | null {
  const convert = profile.kind === 'grey' ? fromGrey(profile) : fromRgb(profile);
  return changesAnything(convert) ? convert : null;
}

function fromGrey({ curve }: Extract<IccProfile, { kind: 'grey' }>): ToSrgb {
  const levels = Uint8ClampedArray.from({ length: 256 }, (_, i) => toLevel(curve(i / 255)));
  return (data) => {
    for (let i = 0; i < data.length; i += 4) data[i] = data[i + 1] = data[i + 2] = levels[data[i]!]!;
  };
}

function fromRgb({ curves, toXyz }: Extract<IccProfile, { kind: 'rgb' }>): ToSrgb {
  const [red, green, blue] = curves.map((curve) =>
    Float64Array.from({ length: 256 }, (_, i) => curve(i / 255)),
  );
  const [a, b, c, d, e, f, g, h, i9] = multiply3(inverse3(SRGB_TO_XYZ), toXyz);
  return (data) => {
    for (let i = 0; i < data.length; i += 4) {
      const r = red![data[i]!]!;
      const gr = green![data[i + 1]!]!;
      const bl = blue![data[i + 2]!]!;
      data[i] = toLevel(a! * r + b! * gr + c! * bl);
      data[i + 1] = toLevel(d! * r + e! * gr + f! * bl);
      data[i + 2] = toLevel(g! * r + h! * gr + i9! * bl);
    }
  };
}

/** Whether any of a grid of colours moves by more than one level. */
function changesAnything(convert: ToSrgb): boolean {
  for (let r = 0; r < 256; r += 51) {
    for (let g = 0; g < 256; g += 51) {
      for (let b = 0; b < 256; b += 51) {
        const color = Uint8ClampedArray.of(r, g, b, 255);
        convert(color);
        // A grey profile is asked about greys alone.
        const asked = [r, g, b];
        if (color[0] === color[1] && color[1] === color[2] && !(r === g && g === b)) continue;
        if (asked.some((level, k) => Math.abs(color[k]! - level) > 1)) return true;
      }
    }
  }
  return false;
}

/** The product of two matrices of 3×3. */
export function multiply3(m: Matrix3, n: Matrix3): Matrix3 {
  return [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => [0, 1, 2].reduce((sum, k) => sum + m[3 * row + k]! * n[3 * k + column]!, 0)),
  );
}

/** The inverse of a matrix of 3×3. */
export function inverse3(m: Matrix3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const cofactors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const determinant = a * cofactors[0]! + b * cofactors[3]! + c * cofactors[6]!;
  return cofactors.map((v) => v / determinant);
}
