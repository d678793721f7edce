import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createImage } from '../pixels/image';
import { scaling } from '../pixels/matrix';
import { liftRows } from './lift';
import type { NetworkInput, SceneResult } from './network';
import { labelAt, leadOf, sceneCoverage, sceneLift, sceneShares } from './scene';

const LABELS = ['other', 'sky', 'sea'];

/** Scores of a picture whose label a function of the cell says. */
function scene(
  width: number,
  height: number,
  label: (x: number, y: number) => number,
  sure = 6,
): SceneResult {
  const size = width * height;
  const data = new Float32Array(LABELS.length * size);
  for (let i = 0; i < size; i++) data[label(i % width, Math.floor(i / width)) * size + i] = sure;
  const ran = { network: 'scene', version: '1', device: 'cpu', fellBack: [], ms: 1 };
  return { kind: 'scene', ...ran, labels: LABELS, width, height, data };
}

describe('the labels of a scene', () => {
  it('are listed by their shares, without what has no name and what is tiny', () => {
    const result = scene(20, 20, (x, y) => (y < 10 ? 1 : x < 18 ? 0 : y < 19 ? 2 : 1));
    expect(sceneShares(result)).toEqual([
      { label: 1, name: 'sky', share: 202 / 400 },
      { label: 2, name: 'sea', share: 18 / 400 },
    ]);
    expect(sceneShares(result, 0.1).map(({ name }) => name)).toEqual(['sky']);
  });

  it('are told at a place, unless that is beyond the picture or nothing with a name', () => {
    const result = scene(4, 2, (x, y) => (y === 0 ? 1 : x < 2 ? 2 : 0));
    expect(labelAt(result, 0.1, 0.2)).toBe(1);
    expect(labelAt(result, 0.3, 0.9)).toBe(2);
    expect(labelAt(result, 0.9, 0.9)).toBeNull();
    expect(labelAt(result, 1, 0.2)).toBeNull();
    expect(labelAt(result, -0.01, 0.2)).toBeNull();
    expect(labelAt(result, Number.NaN, 0.2)).toBeNull();
  });

  it('lead where they are the likeliest and nowhere else, however large the scores', () => {
    const scores = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(scores, (values) => {
        const result = { ...scene(2, 1, () => 0), data: Float32Array.from(values) };
        for (const cell of [0, 1]) {
          const scores = LABELS.map((_, label) => result.data[2 * label + cell]!);
          LABELS.forEach((_, label) => {
            const lead = leadOf(result, label)[cell]!;
            expect(lead).toBeGreaterThanOrEqual(0);
            expect(lead).toBeLessThanOrEqual(1);
            expect(lead >= 0.5).toBe(scores[label] === Math.max(...scores));
          });
        }
      }),
    );
  });
});

describe('a label at full size', () => {
  it('ends where the picture’s colours change, not where the network’s cells do', () => {
    // Blue above row 41 of 100, brown below; the cells of the network end at row 50.
    const [width, height, edge] = [120, 100, 41];
    const source = createImage(width, height);
    for (let i = 0; i < width * height; i++) {
      source.data.set(Math.floor(i / width) < edge ? [90, 130, 220, 255] : [120, 90, 60, 255], 4 * i);
    }
    const side = 32;
    const rowOf = (y: number) => (y + 0.5) / side < edge / height;
    const image = new Float32Array(3 * side * side);
    for (let y = 0; y < side; y++) {
      const colour = rowOf(y) ? [90, 130, 220] : [120, 90, 60];
      for (let x = 0; x < side; x++) colour.forEach((v, c) => (image[(c * side + y) * side + x] = v));
    }
    const mask = new Float32Array(side * side);
    const input: NetworkInput = { network: 'scene', width: side, height: side, image, mask };
    const result = scene(16, 16, (_, y) => (y < 7 ? 1 : 2), 3);
    const out = new Uint8ClampedArray(source.data.length);
    const job = { source, amount: null, strength: 1, toFrame: scaling(1 / width, 1 / height) };
    liftRows({ ...job, ...sceneLift(input, result, 1), method: 'guided' }, { from: 0, to: height }, out);
    const coverage = sceneCoverage({ width, height, data: out }, true);
    const column = Array.from({ length: height }, (_, y) => coverage[y * width + 60]!);
    expect(column.slice(0, edge - 1).every((v) => v > 200)).toBe(true);
    expect(column.slice(edge + 1).every((v) => v < 55)).toBe(true);
  });

  it('leaves what is wholly transparent out, and is yes or no where that is asked for', () => {
    const lifted = { width: 4, height: 1, data: new Uint8ClampedArray(16) };
    [255, 140, 120, 255].forEach((p, i) => lifted.data.set([p, p, p, i === 3 ? 0 : 255], 4 * i));
    expect([...sceneCoverage(lifted, false)]).toEqual([255, 255, 0, 0]);
    const soft = sceneCoverage(lifted, true);
    expect(soft[0]).toBe(255);
    expect(soft[1]).toBeGreaterThan(soft[2]!);
    expect(soft[2]).toBeGreaterThan(0);
    expect(soft[3]).toBe(0);
  });
});
