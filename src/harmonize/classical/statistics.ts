import { encoded } from './lab';
import { blur, type Pixels } from './regions';
import { meanOfLeast, nth } from './select';
import { miredOf } from './temperature';

/** A statistic of every pixel of the window; NaN where it has none. */
export type StatisticMap = Float32Array;

/**
 * Foreground less background in zones: mean of the top 1/1024, of the bottom 1/1024, of all, and (of temperatures) of
 * the brightest 1/128.
 */
export interface Offsets {
  readonly high: number;
  readonly low: number;
  readonly mean: number;
  readonly highlight?: number;
}

/** log₂ of the least light that is told from black: sRGB's value 1 of 255. */
const FLOOR = -11.686;
const ZONE = 1024;
const HIGHLIGHT = 128;
/** Highlights, where a channel may be clipped, have no true colour; nor have deep shadows. */
const BRIGHTEST = 0.88;
const DARKEST = 60;
const CONTRAST_SIGMA = 1.5;
const LEAST_CONTRAST = 0.1;
/** Colour temperatures are clipped to 1500–20000 K. */
const COLDEST = 1e6 / 20_000;
const WARMEST = 1e6 / 1500;

/** log₂ of the luminance. */
export function luminances({ luminance }: Pixels): StatisticMap {
  return luminance.map((y) => Math.max(FLOOR, Math.log2(y)));
}

/** |Y − G∗Y| / G∗Y, G a Gaussian of 1.5 pixels; what is under 0.1 is left out. */
export function localContrast({ width, height }: Pixels, luminance: Float32Array): StatisticMap {
  const around = blur(luminance, width, height, CONTRAST_SIGMA);
  return luminance.map((y, i) => {
    const contrast = Math.abs(y - around[i]!) / Math.max(around[i]!, 1e-4);
    return contrast > LEAST_CONTRAST ? contrast : NaN;
  });
}

/** Reciprocal correlated colour temperatures, mired. */
export function temperatures(pixels: Pixels): StatisticMap {
  return coloured(pixels, (r, g, b) => {
    const mired = miredOf(r, g, b);
    return mired === null ? NaN : Math.min(Math.max(mired, COLDEST), WARMEST);
  });
}

/** log₂ of HSV's saturation of the linear colours. */
export function saturations(pixels: Pixels): StatisticMap {
  return coloured(pixels, (r, g, b) => {
    const value = Math.max(r, g, b);
    return Math.max(FLOOR, Math.log2((value - Math.min(r, g, b)) / value));
  });
}

function coloured(
  { red, green, blue, luminance }: Pixels,
  measure: (r: number, g: number, b: number) => number,
): StatisticMap {
  return luminance.map((y, i) =>
    y >= BRIGHTEST || encoded(y) < DARKEST ? NaN : measure(red[i]!, green[i]!, blue[i]!),
  );
}

/** Null when either region has no pixel with the statistic. `luminance`: asks for the zone of the highlights too. */
export function offsets(
  map: StatisticMap,
  inside: Int32Array,
  outside: Int32Array,
  luminance?: Float32Array,
): Offsets | null {
  const own = zones(map, inside, luminance);
  const other = zones(map, outside, luminance);
  if (!own || !other) return null;
  return {
    high: own.high - other.high,
    low: own.low - other.low,
    mean: own.mean - other.mean,
    ...(luminance ? { highlight: own.highlight! - other.highlight! } : {}),
  };
}

function zones(map: StatisticMap, region: Int32Array, luminance?: Float32Array): Offsets | null {
  const known = region.filter((i) => !Number.isNaN(map[i]!));
  if (known.length === 0) return null;
  const values = Float32Array.from(known, (i) => map[i]!);
  const count = Math.max(1, Math.round(values.length / ZONE));
  const mean = (list: Float32Array) => list.reduce((sum, v) => sum + v, 0) / list.length;
  const found = {
    high: -meanOfLeast(
      values.map((v) => -v),
      count,
    ),
    low: meanOfLeast(values, count),
    mean: mean(values),
  };
  if (!luminance) return found;
  const light = Float32Array.from(known, (i) => luminance[i]!);
  const threshold = nth(light, light.length - Math.max(1, Math.round(light.length / HIGHLIGHT)));
  const brightest = known.filter((i) => luminance[i]! >= threshold);
  return { ...found, highlight: mean(Float32Array.from(brightest, (i) => map[i]!)) };
}
