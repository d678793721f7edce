import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Image, Mask } from '../pixels/image';
import { decodeImage } from './files/decode';
import { decodeMask } from './files/decode-mask';
import { harmonizePicture } from './harmonizing';
import { openEngine, type Engine } from './inference/engine-client';
import { openRegistry, type Registry } from './inference/registry';

// What the networks in models/ do to a picture, through the program's own path. The sample has a truth: it is rendered.
const sample = (name: string) => join('resources', 'sample', name);

let registry: Registry;
let engine: Engine;
let composite: Image;
let real: Image;
let mask: Mask;

beforeAll(async () => {
  registry = await openRegistry();
  engine = openEngine({ registry, order: ['cpu'] });
  composite = (await decodeImage(sample('composite.jpg'))).image;
  real = (await decodeImage(sample('real.jpg'))).image;
  mask = await decodeMask(sample('mask.png'));
});
afterAll(() => engine.dispose());

async function harmonized(method: string, image = composite, foreground = mask): Promise<Image> {
  const options = { method, strength: 1, invert: false, lift: 'bilateral' } as const;
  return (await harmonizePicture({ registry, engine }, image, foreground, options)).image;
}

/** Mean of a value over the solid foreground: pixels well inside the mask, whatever was done to its edge. */
function overForeground(value: (at: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i]! < 255) continue;
    for (let c = 0; c < 3; c++) sum += value(4 * i + c);
    count += 3;
  }
  return sum / count;
}
const squaredError = (one: Image, other: Image) =>
  overForeground((at) => (one.data[at]! - other.data[at]!) ** 2);

/** Blurs a mask by a box of ±`radius` pixels and moves its edge: `shift` > 0 grows it, < 0 shrinks it. */
function edged(radius: number, shift: number): Mask {
  const { width, height } = mask;
  const average = (source: Float32Array, step: number, length: number, lines: number, lineStep: number) => {
    const out = new Float32Array(source.length);
    for (let line = 0; line < lines; line++) {
      let sum = 0;
      for (let i = -radius; i < length; i++) {
        if (i + radius < length) sum += source[line * lineStep + (i + radius) * step]!;
        if (i - radius - 1 >= 0) sum -= source[line * lineStep + (i - radius - 1) * step]!;
        if (i >= 0) out[line * lineStep + i * step] = sum / (2 * radius + 1);
      }
    }
    return out;
  };
  const across = average(Float32Array.from(mask.data), 1, width, height, width);
  const blurred = average(across, width, height, width, 1);
  const data = new Uint8ClampedArray(blurred.length);
  // Steepened about another threshold, a blurred edge is the edge moved; left alone, it is feathered.
  blurred.forEach((v, i) => (data[i] = shift === 0 ? v : (v - 127.5 + 100 * Math.sign(shift)) * 8 + 127.5));
  return { width, height, data };
}

describe.each(['colormap', 'joint', 'context'])('the shipped network %s', (method) => {
  it('brings the sample nearer to its truth', async () => {
    const result = await harmonized(method);
    expect(squaredError(result, real)).toBeLessThan(squaredError(composite, real));
  });

  // The goal (training.md, and the issue that trains in earnest) is 2 levels whatever the change; the first weights do not
  // reach it (the cards say by how much), so this holds them to a share of what they change.
  it('does not hang on the mask’s edge: feathered, grown or shrunk, it moves the result by a third of the change at most', async () => {
    const straight = await harmonized(method);
    const mean = (image: Image) => overForeground((at) => image.data[at]!);
    const change = overForeground((at) => Math.abs(straight.data[at]! - composite.data[at]!));
    // Two pixels of the colour map's 256² are ten of the sample's 1200.
    for (const variant of [edged(10, 0), edged(10, 1), edged(10, -1)]) {
      const other = await harmonized(method, composite, variant);
      expect(Math.abs(mean(other) - mean(straight))).toBeLessThanOrEqual(change / 3);
    }
  });

  it('leaves a picture that belongs together nearly as it is', async () => {
    const result = await harmonized(method, real);
    const moved = overForeground((at) => Math.abs(result.data[at]! - real.data[at]!));
    const changed = overForeground((at) => Math.abs(real.data[at]! - composite.data[at]!));
    expect(moved).toBeLessThan(changed / 2);
  });
});
