import { seeded } from '../../pixels/random';

/** A signature: cluster centres (three numbers each) and how much of the whole each cluster holds. */
export interface Signature {
  readonly centres: Float64Array;
  /** Sum to 1. */
  readonly weights: Float64Array;
}

const ROUNDS = 20;

/**
 * k-means of points of three numbers each (Lloyd's rounds from the seeding of Arthur and Vassilvitskii, "k-means++",
 * SODA 2007; the seed is fixed, so the answer is too). At most `count` clusters, fewer when there are fewer different
 * points. Needs one point at least.
 */
export function cluster(points: Float32Array, count: number): Signature {
  const total = points.length / 3;
  const centres = seedCentres(points, count);
  const k = centres.length / 3;
  const belongs = new Int32Array(total).fill(-1);
  const sums = new Float64Array(4 * k);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    sums.fill(0);
    for (let i = 0; i < total; i++) {
      const nearest = nearestCentre(points, i, centres);
      if (nearest !== belongs[i]) moved++;
      belongs[i] = nearest;
      for (let c = 0; c < 3; c++) sums[4 * nearest + c]! += points[3 * i + c]!;
      sums[4 * nearest + 3]!++;
    }
    for (let j = 0; j < k; j++) {
      const members = sums[4 * j + 3]!;
      if (members === 0) continue;
      for (let c = 0; c < 3; c++) centres[3 * j + c] = sums[4 * j + c]! / members;
    }
    if (moved === 0) break;
  }
  const weights = Float64Array.from({ length: k }, (_, j) => sums[4 * j + 3]! / total);
  const held = Array.from(weights.keys()).filter((j) => weights[j]! > 0);
  return {
    centres: Float64Array.from(held.flatMap((j) => Array.from(centres.subarray(3 * j, 3 * j + 3)))),
    weights: Float64Array.from(held, (j) => weights[j]!),
  };
}

/** The first centres: each new one a point drawn with the chance of its squared distance from those there are. */
function seedCentres(points: Float32Array, count: number): Float64Array {
  const random = seeded(1);
  const total = points.length / 3;
  const distances = new Float64Array(total).fill(Infinity);
  const chosen: number[] = [];
  let next = Math.floor(random() * total);
  for (;;) {
    chosen.push(next);
    let sum = 0;
    for (let i = 0; i < total; i++) {
      const d = squaredDistance(points, 3 * i, points, 3 * next);
      if (d < distances[i]!) distances[i] = d;
      sum += distances[i]!;
    }
    if (chosen.length === Math.min(count, total) || sum === 0) break;
    let left = random() * sum;
    next = total - 1;
    for (let i = 0; i < total; i++) {
      left -= distances[i]!;
      if (left < 0) {
        next = i;
        break;
      }
    }
  }
  return Float64Array.from(chosen.flatMap((i) => Array.from(points.subarray(3 * i, 3 * i + 3))));
}

function nearestCentre(points: Float32Array, i: number, centres: Float64Array): number {
  let nearest = 0;
  let least = Infinity;
  for (let j = 0; j < centres.length; j += 3) {
    const d = squaredDistance(points, 3 * i, centres, j);
    if (d < least) {
      least = d;
      nearest = j / 3;
    }
  }
  return nearest;
}

/** Between the three numbers at `i` of one list and at `j` of another. */
export function squaredDistance(
  a: Float32Array | Float64Array,
  i: number,
  b: Float32Array | Float64Array,
  j: number,
): number {
  const x = a[i]! - b[j]!;
  const y = a[i + 1]! - b[j + 1]!;
  const z = a[i + 2]! - b[j + 2]!;
  return x * x + y * y + z * z;
}
