import { RGB_OF_XYZ, times, type Triple, XYZ_OF_RGB } from './lab';

/**
 * Isotherms of the black body in CIE 1960 (u, v): reciprocal megakelvins (mired), u and v on the locus, slope of the
 * isotherm. A. R. Robertson, "Computation of correlated color temperature and distribution temperature", JOSA 58,
 * 1968, as tabled in Wyszecki and Stiles, "Color Science", 1982, with u at 325 mired corrected (0.24792).
 */
const ISOTHERMS = [
  [0, 0.18006, 0.26352, -0.24341],
  [10, 0.18066, 0.26589, -0.25479],
  [20, 0.18133, 0.26846, -0.26876],
  [30, 0.18208, 0.27119, -0.28539],
  [40, 0.18293, 0.27407, -0.3047],
  [50, 0.18388, 0.27709, -0.32675],
  [60, 0.18494, 0.28021, -0.35156],
  [70, 0.18611, 0.28342, -0.37915],
  [80, 0.1874, 0.28668, -0.40955],
  [90, 0.1888, 0.28997, -0.44278],
  [100, 0.19032, 0.29326, -0.47888],
  [125, 0.19462, 0.30141, -0.58204],
  [150, 0.19962, 0.30921, -0.70471],
  [175, 0.20525, 0.31647, -0.84901],
  [200, 0.21142, 0.32312, -1.0182],
  [225, 0.21807, 0.32909, -1.2168],
  [250, 0.22511, 0.33439, -1.4512],
  [275, 0.23247, 0.33904, -1.7298],
  [300, 0.2401, 0.34308, -2.0637],
  [325, 0.24792, 0.34655, -2.4681],
  [350, 0.25591, 0.34951, -2.9641],
  [375, 0.264, 0.352, -3.5814],
  [400, 0.27218, 0.35407, -4.3633],
  [425, 0.28039, 0.35577, -5.3762],
  [450, 0.28863, 0.35714, -6.7262],
  [475, 0.29685, 0.35823, -8.5955],
  [500, 0.30505, 0.35907, -11.324],
  [525, 0.3132, 0.35968, -15.628],
  [550, 0.32129, 0.36011, -23.325],
  [575, 0.32931, 0.36038, -40.77],
  [600, 0.33724, 0.36051, -116.45],
] as const;
const LAST = ISOTHERMS.length - 1;
/** The same as flat lists, for speed: mired, locus, unit vectors along the isotherms towards smaller v (magenta). */
const MIRED = Float64Array.from(ISOTHERMS, ([mired]) => mired);
const U = Float64Array.from(ISOTHERMS, ([, u]) => u);
const V = Float64Array.from(ISOTHERMS, ([, , v]) => v);
const DU = Float64Array.from(ISOTHERMS, ([, , , slope]) => 1 / Math.hypot(1, slope));
const DV = Float64Array.from(ISOTHERMS, ([, , , slope]) => slope / Math.hypot(1, slope));

/** A chromaticity by its black body. */
export interface WhitePoint {
  /** Reciprocal megakelvins, 0..600: 1e6 / correlated colour temperature. */
  mired: number;
  /** Distance from the locus along the isotherm, in (u, v): positive towards magenta. */
  tint: number;
}

/** Finds the isotherm of a CIE 1931 chromaticity (x, y), written into `out`; beyond the table its end. */
export function whitePoint(x: number, y: number, out: WhitePoint): void {
  const scale = 2 / (1.5 - x + 6 * y);
  const u = x * scale;
  const v = 1.5 * y * scale;
  // How far the point lies before the isotherm i; the one after the last that it lies before ends the search.
  let last = Math.max(0, (v - V[0]!) * DU[0]! - (u - U[0]!) * DV[0]!);
  for (let i = 1; i <= LAST; i++) {
    const before = (v - V[i]!) * DU[i]! - (u - U[i]!) * DV[i]!;
    if (before > 0 && i < LAST) {
      last = before;
      continue;
    }
    const past = -Math.min(before, 0);
    const share = i === 1 && last === 0 ? 1 : past / (last + past || 1);
    out.mired = between(MIRED, i, share);
    const eu = between(DU, i, share);
    const ev = between(DV, i, share);
    out.tint =
      ((u - between(U, i, share)) * eu + (v - between(V, i, share)) * ev) / Math.sqrt(eu * eu + ev * ev);
    return;
  }
}

/** `share` of the value before, the rest of the value at `i`. */
function between(values: Float64Array, i: number, share: number): number {
  return values[i]! + (values[i - 1]! - values[i]!) * share;
}

/** The chromaticity (x, y) of a white point; `mired` is clipped to 0..600. */
export function chromaticity({ mired, tint }: WhitePoint): [number, number] {
  const at = Math.min(Math.max(mired, 0), 600);
  let i = 1;
  while (i < LAST && MIRED[i]! < at) i++;
  const share = (MIRED[i]! - at) / (MIRED[i]! - MIRED[i - 1]!);
  const eu = between(DU, i, share);
  const ev = between(DV, i, share);
  const length = Math.sqrt(eu * eu + ev * ev);
  const u = between(U, i, share) + (tint * eu) / length;
  const v = between(V, i, share) + (tint * ev) / length;
  const scale = 1 / (u - 4 * v + 2);
  return [1.5 * u * scale, v * scale];
}

const point: WhitePoint = { mired: 0, tint: 0 };
const xyz: Triple = [0, 0, 0];

/** The mired of a colour in linear light; null for black. */
export function miredOf(r: number, g: number, b: number): number | null {
  times(XYZ_OF_RGB, r, g, b, xyz);
  const sum = xyz[0] + xyz[1] + xyz[2];
  if (!(sum > 1e-9)) return null;
  whitePoint(xyz[0] / sum, xyz[1] / sum, point);
  return point.mired;
}

/** Moves a colour in linear light by so many mired at constant tint and luminance; black, and what would leave the visible, stays. */
export function shiftMired(r: number, g: number, b: number, shift: number, out: Triple): void {
  out[0] = r;
  out[1] = g;
  out[2] = b;
  times(XYZ_OF_RGB, r, g, b, xyz);
  const luminance = xyz[1];
  const sum = xyz[0] + xyz[1] + xyz[2];
  if (!(sum > 1e-9) || !(luminance > 0)) return;
  whitePoint(xyz[0] / sum, xyz[1] / sum, point);
  point.mired += shift;
  const [x, y] = chromaticity(point);
  if (!(y > 1e-3) || !(x > 0) || x + y >= 1) return;
  times(RGB_OF_XYZ, (luminance * x) / y, luminance, (luminance * (1 - x - y)) / y, out);
}
