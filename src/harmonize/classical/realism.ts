import type { NetworkInput } from '../network';
import { descend, type Minimum, type Slope } from './bounded-descent';
import type { ColourFunction } from './transfer';

/**
 * Scores pictures of one mask: `images` as planar RGB, 0..255, of the size of the input. A score is a logit: the higher,
 * the more a picture looks like one photograph.
 */
export type ScorePictures = (
  images: readonly Float32Array[],
  mask: Float32Array,
) => Promise<readonly number[]>;

/** Gains 0.4..2, then offsets −0.5..0.5 of the range. */
const BOUNDS = { lower: [0.4, 0.4, 0.4, -0.5, -0.5, -0.5], upper: [2, 2, 2, 0.5, 0.5, 0.5] };
const STARTS = [0.6, 0.8, 1, 1.2, 1.4];
/** Reach of the differences that stand for the gradient: large enough for the network's single precision. */
const REACH = 0.01;
const EVALUATIONS = 16;
/** Scores of a point and of both sides of each of its six coordinates are asked at once. */
export const SCORES_AT_ONCE = 13;

/**
 * The colour change that a network of realism likes best (Zhu, Krähenbühl, Shechtman and Efros, "Learning a
 * discriminative model for the perception of realism in composite images", ICCV 2015): I' = g·I + 255·b a channel, in
 * the foreground only; minimises −log P(photograph) + ½w₁Σ‖ΔI‖² + ½w₂Σᵢ<ⱼ‖ΔIᵢ − ΔIⱼ‖² within bounds from five
 * starts and keeps the best. Answers the six numbers: gains of r, g, b, then offsets on 0..255.
 */
export async function realism(input: NetworkInput, score: ScorePictures): Promise<Float32Array> {
  const energy = realismEnergy(input, score);
  let best: Minimum | null = null;
  for (const gain of STARTS) {
    const found = await descend(energy, [gain, gain, gain, 0, 0, 0], BOUNDS, {
      evaluations: EVALUATIONS,
      gradient: 1e-3,
      gain: 1e-4,
    });
    if (!best || found.value < best.value) best = found;
  }
  return Float32Array.from(best!.point, (v, i) => (i < 3 ? v : 255 * v));
}

/** The energy of six parameters and its gradient by central differences, all scores in one call. */
export function realismEnergy(
  input: NetworkInput,
  score: ScorePictures,
): (point: readonly number[]) => Promise<Slope> {
  const cost = changeCost(input);
  return async (point) => {
    const points = [
      point,
      ...point.flatMap((_, i) => [-REACH, REACH].map((d) => point.map((v, j) => (i === j ? v + d : v)))),
    ];
    const logits = await score(
      points.map((one) => recoloured(input, one)),
      input.mask,
    );
    // −log of the logistic function, without overflow.
    const values = points.map((one, k) => {
      const logit = logits[k]!;
      return Math.max(0, -logit) + Math.log1p(Math.exp(-Math.abs(logit))) + cost(one);
    });
    return {
      value: values[0]!,
      gradient: point.map((_, i) => (values[2 + 2 * i]! - values[1 + 2 * i]!) / (2 * REACH)),
    };
  };
}

/** The foreground recoloured and clipped, mixed in by the mask. */
function recoloured({ image, mask }: NetworkInput, point: readonly number[]): Float32Array {
  const out = image.slice();
  const size = mask.length;
  for (let c = 0; c < 3; c++) {
    const [gain, offset] = [point[c]!, 255 * point[3 + c]!];
    for (let i = 0; i < size; i++) {
      if (mask[i] === 0) continue;
      const value = image[c * size + i]!;
      const changed = Math.min(Math.max(gain * value + offset, 0), 255);
      out[c * size + i] = value + (mask[i]! / 255) * (changed - value);
    }
  }
  return out;
}

/**
 * The two terms that keep the change small and alike in all channels. Both are quadratic in the parameters, so sums of
 * products of the colours are all that is needed of the picture. w₁ = 50/(255²·N), N values in the foreground;
 * w₂ = w₁·min(20, mean I² / mean squared difference of two channels).
 */
function changeCost({ image, mask }: NetworkInput): (point: readonly number[]) => number {
  const size = mask.length;
  const moments = new Float64Array(10);
  for (let i = 0; i < size; i++) {
    const share = mask[i]! / 255;
    if (share === 0) continue;
    const [r, g, b] = [image[i]!, image[size + i]!, image[2 * size + i]!];
    [r, g, b, r * r, g * g, b * b, r * g, r * b, g * b, 1].forEach((v, k) => (moments[k]! += share * v));
  }
  const [r, g, b, rr, gg, bb, rg, rb, gb, count] = moments as unknown as number[] & { length: 10 };
  const first = [r!, g!, b!];
  const second = [
    [rr!, rg!, rb!],
    [rg!, gg!, gb!],
    [rb!, gb!, bb!],
  ];
  const values = 3 * Math.max(count!, 1e-9);
  const power = (rr! + gg! + bb!) / values;
  const spread = (2 * (rr! + gg! + bb!) - 2 * (rg! + rb! + gb!)) / values;
  const small = 50 / (255 * 255 * values);
  const alike = small * Math.min(20, power / Math.max(spread, 1e-9));
  return (point) => {
    const gain = point.slice(0, 3).map((v) => v - 1);
    const offset = point.slice(3).map((v) => 255 * v);
    /** Σ ΔI_i·ΔI_j over the foreground. */
    const product = (i: number, j: number) =>
      gain[i]! * gain[j]! * second[i]![j]! +
      gain[i]! * offset[j]! * first[i]! +
      gain[j]! * offset[i]! * first[j]! +
      offset[i]! * offset[j]! * count!;
    const own = [0, 1, 2].map((i) => product(i, i));
    const total = own[0]! + own[1]! + own[2]!;
    const apart = 2 * total - 2 * (product(0, 1) + product(0, 2) + product(1, 2));
    return 0.5 * small * total + 0.5 * alike * apart;
  };
}

/** `value' = gain·value + offset` of the six numbers of {@link realism}. */
export function affineFunction(parameters: Float32Array): ColourFunction {
  return (r, g, b, out) => {
    out[0] = parameters[0]! * r + parameters[3]!;
    out[1] = parameters[1]! * g + parameters[4]!;
    out[2] = parameters[2]! * b + parameters[5]!;
  };
}
