import type { Image } from '../pixels/image';
import type { ImageResult, NetworkInput, SceneResult } from './network';

/** Labels under this name stand for all that has no label of its own: nobody looks for it. */
export const OTHER = 'other';

/** A label of a scene, and the share of the picture that it is likeliest in. */
export interface SceneShare {
  /** Its plane. */
  readonly label: number;
  readonly name: string;
  /** 0..1. */
  readonly share: number;
}

/** The likeliest label of each cell, row by row. */
function likeliest({ width, height, labels, data }: SceneResult): Uint8Array {
  const size = width * height;
  const best = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    let most = data[i]!;
    for (let k = 1; k < labels.length; k++) {
      const score = data[k * size + i]!;
      if (score > most) [most, best[i]] = [score, k];
    }
  }
  return best;
}

/** What is to be seen of the labels, the largest first; without what takes less than `least` of the picture. */
export function sceneShares(result: SceneResult, least = 0.005): SceneShare[] {
  const counts = new Float64Array(result.labels.length);
  const best = likeliest(result);
  for (const label of best) counts[label]!++;
  return result.labels
    .map((name, label) => ({ label, name, share: counts[label]! / best.length }))
    .filter(({ name, share }) => share >= least && name !== OTHER)
    .toSorted((one, other) => other.share - one.share);
}

/** The likeliest label at a place of the picture, 0..1 each; null where that is nothing with a name. */
export function labelAt(result: SceneResult, u: number, v: number): number | null {
  const { width, height, labels, data } = result;
  if (!(u >= 0 && u < 1 && v >= 0 && v < 1)) return null;
  const cell = Math.floor(v * height) * width + Math.floor(u * width);
  const scores = labels.map((_, k) => data[k * width * height + cell]!);
  const label = scores.indexOf(Math.max(...scores));
  return labels[label] === OTHER ? null : label;
}

/**
 * How far a label leads, 0..1, cell by cell: its probability if there were but it and the likeliest of the others. From half
 * on it is the likeliest of all.
 */
export function leadOf({ width, height, labels, data }: SceneResult, label: number): Float32Array {
  const size = width * height;
  return Float32Array.from({ length: size }, (_, i) => {
    let rival = -Infinity;
    for (let k = 0; k < labels.length; k++) if (k !== label) rival = Math.max(rival, data[k * size + i]!);
    return 1 / (1 + Math.exp(rival - data[label * size + i]!));
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A plane at another size, bilinearly between the centres of its cells, clamped at the border. */
function enlarged(plane: Float32Array, from: Size, to: Size): Float32Array {
  const axis = (own: number, wanted: number) =>
    Array.from({ length: wanted }, (_, i) => {
      const at = Math.min(Math.max(((i + 0.5) * own) / wanted - 0.5, 0), own - 1);
      const low = Math.min(Math.floor(at), Math.max(own - 2, 0));
      return { low, high: Math.min(low + 1, own - 1), share: at - low };
    });
  const [across, down] = [axis(from.width, to.width), axis(from.height, to.height)];
  const out = new Float32Array(to.width * to.height);
  down.forEach((row, y) => {
    across.forEach((column, x) => {
      const value = (r: number, c: number) => plane[r * from.width + c]!;
      const upper =
        value(row.low, column.low) * (1 - column.share) + value(row.low, column.high) * column.share;
      const lower =
        value(row.high, column.low) * (1 - column.share) + value(row.high, column.high) * column.share;
      out[y * to.width + x] = upper * (1 - row.share) + lower * row.share;
    });
  });
  return out;
}

/** Levels of 255 about the middle between which an edge of a label's area goes from nothing to all. */
const EDGE = { from: 96, to: 160 };

/**
 * A label's lead in the shape of an image network's answer, 255 times as large and the same in every colour: guided
 * lifting (He, Sun, Tang 2013) then brings it to full size along the picture's own edges. `input`: what the scene network
 * saw of the picture.
 */
export function sceneLift(
  input: NetworkInput,
  result: SceneResult,
  label: number,
): { input: NetworkInput; result: ImageResult } {
  const { width, height } = input;
  const size = width * height;
  const data = enlarged(leadOf(result, label), result, input);
  const image = new Float32Array(3 * size);
  for (let i = 0; i < 3 * size; i++) image[i] = 255 * data[i % size]!;
  const { network, version, device, fellBack, ms } = result;
  return {
    input: { ...input, mask: new Float32Array(width * height).fill(255) },
    result: { kind: 'image', network, version, device, fellBack, ms, width, height, data: image },
  };
}

/**
 * How much each pixel belongs to the label, 0..255, from the lifted lead: from half on, with a soft edge or a hard
 * one. Pixels without any colour belong to nothing.
 */
export function sceneCoverage(lifted: Image, smooth: boolean): Uint8ClampedArray<ArrayBuffer> {
  const { data } = lifted;
  const out = new Uint8ClampedArray(data.length / 4);
  const { from, to } = EDGE;
  for (let i = 0; i < out.length; i++) {
    if (data[4 * i + 3] === 0) continue;
    const p = data[4 * i]!;
    out[i] = smooth ? (255 * (p - from)) / (to - from) : p >= (from + to) / 2 ? 255 : 0;
  }
  return out;
}
