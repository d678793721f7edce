import type { NetworkInput } from '../network';
import { fromLab, toLab, type Triple } from './lab';
import type { ColourFunction } from './transfer';

/** Below this deviation a channel says nothing of a spread: it is only moved. */
const FLAT = 1e-3;

/**
 * Mean and deviation of the foreground's Lab channels are brought to those of the background (Reinhard, Ashikhmin,
 * Gooch and Shirley, "Color transfer between images", IEEE CG&A 21(5), 2001; Lab instead of their lαβ, as in
 * iHarmony4). Soft mask values count by their share. Answers six numbers: a gain for L, a, b, then an offset for each.
 */
export function reinhard({ image, mask }: NetworkInput): Float32Array {
  const size = mask.length;
  const sums = { inside: new Float64Array(7), outside: new Float64Array(7) };
  const lab: Triple = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    toLab(image[i]!, image[size + i]!, image[2 * size + i]!, lab);
    const share = mask[i]! / 255;
    for (const [sum, weight] of [
      [sums.inside, share],
      [sums.outside, 1 - share],
    ] as const) {
      sum[6]! += weight;
      for (let c = 0; c < 3; c++) {
        sum[c]! += weight * lab[c]!;
        sum[3 + c]! += weight * lab[c]! ** 2;
      }
    }
  }
  const moments = (sum: Float64Array, c: number) => {
    const mean = sum[c]! / sum[6]!;
    return { mean, deviation: Math.sqrt(Math.max(0, sum[3 + c]! / sum[6]! - mean * mean)) };
  };
  const parameters = new Float32Array(6);
  for (let c = 0; c < 3; c++) {
    const own = moments(sums.inside, c);
    const wanted = moments(sums.outside, c);
    const gain = own.deviation < FLAT ? 1 : wanted.deviation / own.deviation;
    parameters[c] = gain;
    parameters[3 + c] = wanted.mean - gain * own.mean;
  }
  return parameters;
}

/** `lab' = gain·lab + offset` of the six numbers of {@link reinhard}. */
export function labFunction(parameters: Float32Array): ColourFunction {
  const [gl, ga, gb, ol, oa, ob] = parameters as unknown as [number, number, number, number, number, number];
  return (r, g, b, out) => {
    toLab(r, g, b, out);
    fromLab(gl * out[0] + ol, ga * out[1] + oa, gb * out[2] + ob, out);
  };
}
