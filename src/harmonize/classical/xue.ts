import type { NetworkInput } from '../network';
import { curve } from './contrast';
import { encoded, linear, type Triple } from './lab';
import { luminanceOf, type Pixels, regionsOf } from './regions';
import { localContrast, luminances, type Offsets, offsets, saturations, temperatures } from './statistics';
import { shiftMired } from './temperature';
import type { ColourFunction } from './transfer';

const ALPHAS = [0.4, 0.45, 0.5, 0.55, 0.6];
const NEUTRAL = [0.5, 0.5, 0, 0, 0] as const;

/**
 * Matching the statistics that matter, in order: contrast, luminance, colour temperature, saturation (Xue, Agarwala,
 * Dorsey and Rushmeier, "Understanding and improving the realism of image composites", SIGGRAPH 2012). Of each
 * statistic one zone (highlights, shadows, all) of the foreground is brought to that of the background. Their random
 * forests chose the zone; here it is the one with the smallest offset, which needs no training. Answers five numbers: alpha and pivot of the contrast
 * curve, the shift of luminance in stops, of temperature in mired, of saturation in stops.
 */
export function xue(input: NetworkInput): Float32Array {
  const parameters = Float32Array.from(NEUTRAL);
  const pixels = regionsOf(input);
  if (!pixels) return parameters;
  const { inside, outside } = pixels;

  const wanted = localContrast(pixels, pixels.luminance);
  const contrast = offsets(wanted, inside, outside);
  const pivot = mean(pixels.luminance, inside);
  if (contrast && pivot > 0 && pivot < 1) {
    parameters[1] = pivot;
    parameters[0] = chooseAlpha(pixels, pivot, contrast.high);
  }
  recolour(pixels, parameters);

  const light = offsets(luminances(pixels), inside, outside);
  parameters[2] = -smallest(light);
  recolour(pixels, [...NEUTRAL.slice(0, 2), parameters[2]!, 0, 0]);

  const warmth = offsets(temperatures(pixels), inside, outside, pixels.luminance);
  parameters[3] = -smallest(warmth);
  recolour(pixels, [...NEUTRAL.slice(0, 3), parameters[3]!, 0]);

  const colour = offsets(saturations(pixels), inside, outside);
  parameters[4] = -smallest(colour);
  return parameters;
}

/** The offset nearest to 0; 0 when there is none. */
function smallest(found: Offsets | null): number {
  const all = Object.values(found ?? {}) as number[];
  return all.reduce((least, one) => (Math.abs(one) < Math.abs(least) ? one : least), all[0] ?? 0);
}

/** The alpha whose change of the top contrast comes nearest to what is wanted: minus the offset. */
function chooseAlpha(pixels: Pixels, pivot: number, offset: number): number {
  const topOf = (alpha: number) => {
    const bent = pixels.luminance.slice();
    for (const i of pixels.whole) bent[i] = curve(bent[i]!, pivot, alpha);
    return offsets(localContrast(pixels, bent), pixels.inside, pixels.outside)?.high ?? offset;
  };
  let best = 0.5;
  let nearest = Math.abs(offset);
  for (const alpha of ALPHAS) {
    if (alpha === 0.5) continue;
    const missed = Math.abs(topOf(alpha));
    if (missed < nearest) {
      nearest = missed;
      best = alpha;
    }
  }
  return best;
}

function mean(values: Float32Array, indices: Int32Array): number {
  let sum = 0;
  for (const i of indices) sum += values[i]!;
  return sum / indices.length;
}

/** Applies some of the steps to the foreground's pixels, in place. */
function recolour(pixels: Pixels, parameters: ArrayLike<number>): void {
  const { red, green, blue, luminance } = pixels;
  const out: Triple = [0, 0, 0];
  for (const i of pixels.whole) {
    shifted(red[i]!, green[i]!, blue[i]!, parameters, out);
    [red[i], green[i], blue[i]] = out;
    luminance[i] = luminanceOf(...out);
  }
}

/** The four steps on one colour in linear light, clipped to what can be shown. */
function shifted(r: number, g: number, b: number, parameters: ArrayLike<number>, out: Triple): void {
  const y = luminanceOf(r, g, b);
  const bent = curve(y, parameters[1]!, parameters[0]!);
  // Luminance at constant chromaticity, as in xyY.
  const gain = (y > 0 ? bent / y : 1) * 2 ** parameters[2]!;
  out[0] = clipped(r * gain);
  out[1] = clipped(g * gain);
  out[2] = clipped(b * gain);
  if (parameters[3] !== 0) {
    shiftMired(out[0], out[1], out[2], parameters[3]!, out);
    for (let c = 0; c < 3; c++) out[c] = clipped(out[c]!);
  }
  saturate(2 ** parameters[4]!, out);
}

/** Multiplies the saturation of HSV, at most to 1; hue and value stay. */
function saturate(factor: number, out: Triple): void {
  const value = Math.max(...out);
  const least = Math.min(...out);
  if (value <= least) return;
  const most = value / (value - least);
  const by = Math.min(factor, most);
  for (let c = 0; c < 3; c++) out[c] = value - (value - out[c]!) * by;
}

const clipped = (v: number) => Math.min(Math.max(v, 0), 1);

/** The five numbers of {@link xue} as a change of colours. */
export function statisticsFunction(parameters: Float32Array): ColourFunction {
  return (r, g, b, out) => {
    shifted(linear(r), linear(g), linear(b), parameters, out);
    for (let c = 0; c < 3; c++) out[c] = encoded(out[c]!);
  };
}
