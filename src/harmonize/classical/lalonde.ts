import { seeded } from '../../pixels/random';
import type { NetworkInput } from '../network';
import { cluster, squaredDistance } from './clusters';
import { moveEarth } from './earth-mover';
import { fromLab, toLab, type Triple } from './lab';
import { nth } from './select';
import type { ColourFunction } from './transfer';

const CLUSTERS = 50;
/** Deviation of the weights and reach of a shift, in Lab. */
const SIGMA = 50;
/** The signatures are made of so many pixels of each region, drawn at random. */
const SAMPLE = 8192;
const FOREGROUND = 128;
/** Numbers a cluster: its centre and its shift. */
const STRIDE = 6;

/**
 * Recolouring by colour signatures, the local path (Lalonde and Efros, "Using color compatibility for assessing image
 * realism", ICCV 2007): the colours of foreground and background in 50 clusters each, matched by the earth mover's
 * distance; each foreground cluster is drawn to the background centres that its earth went to, damped by
 * s·exp(−s²/σ²) a channel and not at all from σ on. Answers a cluster's centre and shift, six numbers, after another.
 */
export function lalonde({ image, mask }: NetworkInput): Float32Array {
  const size = mask.length;
  const inside: number[] = [];
  const outside: number[] = [];
  for (let i = 0; i < size; i++) (mask[i]! >= FOREGROUND ? inside : outside).push(i);
  if (inside.length === 0 || outside.length === 0) return new Float32Array();
  const own = cluster(sampled(image, size, inside), CLUSTERS);
  const other = cluster(sampled(image, size, outside), CLUSTERS);
  const n = own.weights.length;
  const m = other.weights.length;
  const cost = Float64Array.from({ length: n * m }, (_, k) =>
    Math.sqrt(squaredDistance(own.centres, 3 * Math.floor(k / m), other.centres, 3 * (k % m))),
  );
  const { flow } = moveEarth(own.weights, other.weights, cost);
  const parameters = new Float32Array(STRIDE * n);
  for (let i = 0; i < n; i++) {
    const target = [0, 0, 0];
    let moved = 0;
    for (let j = 0; j < m; j++) {
      moved += flow[i * m + j]!;
      for (let c = 0; c < 3; c++) target[c]! += flow[i * m + j]! * other.centres[3 * j + c]!;
    }
    for (let c = 0; c < 3; c++) {
      const centre = own.centres[3 * i + c]!;
      parameters[STRIDE * i + c] = centre;
      parameters[STRIDE * i + 3 + c] = moved > 0 ? damped(target[c]! / moved - centre) : 0;
    }
  }
  return parameters;
}

/** s·exp(−s²/σ²), 0 from σ on. */
function damped(shift: number): number {
  return Math.abs(shift) >= SIGMA ? 0 : shift * Math.exp(-(shift * shift) / (SIGMA * SIGMA));
}

/** The Lab colours of at most {@link SAMPLE} of the pixels. */
function sampled(image: Float32Array, size: number, pixels: readonly number[]): Float32Array {
  const random = seeded(2);
  const all = pixels.length <= SAMPLE;
  const lab: Triple = [0, 0, 0];
  const points = new Float32Array(3 * Math.min(pixels.length, SAMPLE));
  for (let k = 0; k < points.length / 3; k++) {
    const i = pixels[all ? k : Math.floor(random() * pixels.length)]!;
    toLab(image[i]!, image[size + i]!, image[2 * size + i]!, lab);
    points.set(lab, 3 * k);
  }
  return points;
}

/**
 * A colour's shift is the mean of the shifts of the nearest half of the clusters, weighted by exp(−d²/σ²), d being the
 * distance to their centres.
 */
export function clusterFunction(parameters: Float32Array): ColourFunction {
  const n = parameters.length / STRIDE;
  const half = Math.ceil(n / 2);
  const distances = new Float64Array(n);
  const order = new Float64Array(n);
  return (r, g, b, out) => {
    toLab(r, g, b, out);
    for (let i = 0; i < n; i++) {
      const x = out[0] - parameters[STRIDE * i]!;
      const y = out[1] - parameters[STRIDE * i + 1]!;
      const z = out[2] - parameters[STRIDE * i + 2]!;
      distances[i] = x * x + y * y + z * z;
    }
    order.set(distances);
    const farthest = n === 0 ? 0 : nth(order, half - 1);
    const nearest = Math.min(...distances);
    let total = 0;
    const shift: Triple = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      if (distances[i]! > farthest) continue;
      // Less the nearest: the weights' ratios stay, and far colours do not lose them all to rounding.
      const weight = Math.exp((nearest - distances[i]!) / (SIGMA * SIGMA));
      total += weight;
      for (let c = 0; c < 3; c++) shift[c]! += weight * parameters[STRIDE * i + 3 + c]!;
    }
    if (total === 0) {
      out[0] = r;
      out[1] = g;
      out[2] = b;
      return;
    }
    fromLab(out[0] + shift[0] / total, out[1] + shift[1] / total, out[2] + shift[2] / total, out);
  };
}
