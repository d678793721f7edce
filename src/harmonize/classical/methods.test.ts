import { describe, expect, it } from 'vitest';
import type { Image, Mask } from '../../pixels/image';
import { scaling } from '../../pixels/matrix';
import { seeded } from '../../pixels/random';
import { lift, liftRows, type LiftJob } from '../lift';
import type { NetworkInput, TransferResult } from '../network';
import { prepare } from '../prepare';
import { toLab, type Triple } from './lab';
import { classicalInfo, type ClassicalName, classicalMethods, isClassical, solveClassical } from './methods';
import { realismEnergy, type ScorePictures } from './realism';

const SIDE = 64;
type Paint = (x: number, y: number, inside: boolean) => readonly [number, number, number];

/** A picture, painted, whose foreground is the middle square, a ninth of it a side. */
function scene(paint: Paint, soft = 0): { image: Image; mask: Mask } {
  const image = { width: SIDE, height: SIDE, data: new Uint8ClampedArray(4 * SIDE * SIDE).fill(255) };
  const mask = { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE) };
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const away = Math.max(Math.abs(x - 31.5), Math.abs(y - 31.5));
    mask.data[i] = soft === 0 ? (away < 16 ? 255 : 0) : 255 * ((16 + soft / 2 - away) / soft);
    image.data.set(paint(x, y, away < 16), 4 * i);
  }
  return { image, mask };
}

async function harmonized(
  name: ClassicalName,
  { image, mask }: { image: Image; mask: Mask },
  score: ScorePictures | null = null,
): Promise<{ job: LiftJob; out: Image; result: TransferResult }> {
  const input = prepare(image, mask, classicalInfo(name, 128));
  const solved = await solveClassical(name, input, score);
  const result: TransferResult = {
    ...solved,
    network: name,
    version: '1',
    device: 'cpu',
    fellBack: [],
    ms: 0,
  };
  const toFrame = scaling(1 / SIDE);
  const job: LiftJob = {
    source: image,
    amount: mask,
    strength: 1,
    toFrame,
    input,
    result,
    method: 'bilateral',
  };
  return { job, out: lift(job), result };
}

/** Mean and deviation of L, a, b of a region. */
function labMoments({ data }: Image, mask: Mask, inside: boolean) {
  const sums = [0, 0, 0, 0, 0, 0];
  let count = 0;
  const lab: Triple = [0, 0, 0];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i]! >= 128 !== inside) continue;
    toLab(data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!, lab);
    count++;
    lab.forEach((v, c) => {
      sums[c]! += v;
      sums[3 + c]! += v * v;
    });
  }
  const mean = sums.slice(0, 3).map((v) => v / count);
  return { mean, deviation: mean.map((m, c) => Math.sqrt(sums[3 + c]! / count - m * m)) };
}

/** Greyish noise around a colour. */
function noisy(seed: number, inside: Triple, outside: Triple, spreadIn = 20, spreadOut = 20): Paint {
  const random = seeded(seed);
  return (_x, _y, isInside) => {
    const grain = (random() - 0.5) * 2 * (isInside ? spreadIn : spreadOut);
    const [r, g, b] = isInside ? inside : outside;
    return [r + grain, g + grain, b + grain];
  };
}

describe('Reinhard’s method', () => {
  it('gives the foreground the background’s means and deviations', async () => {
    const picture = scene(noisy(1, [180, 120, 90], [90, 110, 150], 40, 15));
    const { out } = await harmonized('reinhard', picture);
    const own = labMoments(out, picture.mask, true);
    const wanted = labMoments(picture.image, picture.mask, false);
    own.mean.forEach((v, c) => expect(Math.abs(v - wanted.mean[c]!)).toBeLessThan(1.5));
    expect(own.deviation[0]! / wanted.deviation[0]!).toBeCloseTo(1, 0);
    const before = labMoments(picture.image, picture.mask, true);
    expect(before.deviation[0]! / wanted.deviation[0]!).toBeGreaterThan(2);
  });
});

describe('Lalonde’s method', () => {
  it('draws one colour to the other by the damped shift', async () => {
    const picture = scene((_x, _y, inside) => (inside ? [150, 120, 120] : [120, 120, 150]));
    const { out } = await harmonized('lalonde', picture);
    const from = labMoments(picture.image, picture.mask, true).mean;
    const to = labMoments(picture.image, picture.mask, false).mean;
    const middle = 4 * (32 * SIDE + 32);
    const lab: Triple = [0, 0, 0];
    toLab(out.data[middle]!, out.data[middle + 1]!, out.data[middle + 2]!, lab);
    from.forEach((v, c) => {
      const shift = to[c]! - v;
      const wanted = v + shift * Math.exp(-(shift * shift) / 2500);
      // The edge of the squashed picture has colours in between.
      expect(Math.abs(lab[c]! - wanted)).toBeLessThan(3);
    });
  });

  it('leaves colours that are too far apart', async () => {
    const picture = scene((_x, _y, inside) => (inside ? [255, 255, 255] : [10, 10, 10]));
    const { out } = await harmonized('lalonde', picture);
    const middle = 4 * (32 * SIDE + 32);
    expect(out.data[middle]).toBeGreaterThan(235);
  });
});

describe('Xue’s method', () => {
  it('measures how much darker, warmer and duller the foreground is', async () => {
    // Half the light; the ratio of red to blue says warmer.
    const picture = scene(noisy(2, [130, 90, 60], [150, 150, 150], 8, 8));
    const { result, out } = await harmonized('xue', picture);
    const [alpha, , stops, mired] = result.data as unknown as number[];
    expect(alpha).toBeGreaterThanOrEqual(0.4);
    expect(stops).toBeGreaterThan(0.8);
    expect(mired).toBeLessThan(-50);
    const own = labMoments(out, picture.mask, true).mean;
    const wanted = labMoments(picture.image, picture.mask, false).mean;
    expect(Math.abs(own[0]! - wanted[0]!)).toBeLessThan(6);
  });

  it('raises the light by the stops it lacks', async () => {
    const picture = scene((x, y, inside) => {
      const texture = 100 + 60 * ((x * 5 + y * 3) % 2);
      const light = inside ? 0.25 : 1;
      const value = 255 * ((texture / 255) ** 2.2 * light) ** (1 / 2.2);
      return [value, value, value];
    });
    const { result } = await harmonized('xue', picture);
    expect(Math.abs(result.data[2]! - 1.8)).toBeLessThan(0.4);
    expect(result.data[3]).toBeCloseTo(0, 0);
  });

  it('leaves a foreground alone that is too small to measure', async () => {
    const picture = scene(noisy(4, [200, 50, 50], [60, 60, 60]));
    picture.mask.data.fill(0);
    picture.mask.data.fill(255, 100, 104);
    const { out } = await harmonized('xue', picture);
    expect(out.data).toEqual(picture.image.data);
  });
});

/** Thinks the more of a picture the nearer its foreground's mean colour is to a wanted one. */
function likes(wanted: Triple, how = 1): ScorePictures {
  return (images, mask) =>
    Promise.resolve(
      images.map((image) => {
        const size = mask.length;
        let far = 0;
        for (let c = 0; c < 3; c++) {
          let [sum, weight] = [0, 0];
          for (let i = 0; i < size; i++) {
            sum += (mask[i]! / 255) * image[c * size + i]!;
            weight += mask[i]! / 255;
          }
          far += ((sum / weight - wanted[c]!) / 255) ** 2;
        }
        return how * (4 - 400 * far);
      }),
    );
}

describe('Zhu’s method', () => {
  it('finds a change whose energy is below that of any other tried, and the score rises', async () => {
    const { image, mask } = scene(noisy(5, [180, 100, 80], [90, 100, 140], 25));
    const score = likes([120, 90, 60], 10);
    const { job, result } = await harmonized('realism', { image, mask }, score);
    const energy = realismEnergy(job.input, score);
    const found = Array.from(result.data, (v, i) => (i < 3 ? v : v / 255));
    const { value } = await energy(found);
    const random = seeded(9);
    for (let k = 0; k < 60; k++) {
      const far = 0.3 * random();
      const other = found.map((v, i) =>
        k % 2 === 0 ? v + far * (random() - 0.5) : i < 3 ? 0.4 + 1.6 * random() : random() - 0.5,
      );
      expect((await energy(other)).value).toBeGreaterThan(value - 0.02);
    }
    expect(value).toBeLessThan((await energy([1, 1, 1, 0, 0, 0])).value - 1);
  });

  it('leaves a picture that no change makes better', async () => {
    const picture = scene(noisy(6, [150, 140, 130], [150, 140, 130]));
    const { result } = await harmonized('realism', picture, (images) => Promise.resolve(images.map(() => 0)));
    result.data.forEach((v, i) => expect(Math.abs(v - (i < 3 ? 1 : 0))).toBeLessThan(i < 3 ? 0.05 : 6));
  });

  it('asks for thirteen scores at once, and its gradient is that of its value', async () => {
    const { image, mask } = scene(noisy(7, [180, 100, 80], [90, 100, 140], 25));
    const input: NetworkInput = prepare(image, mask, classicalInfo('realism', 32));
    const asked: number[] = [];
    const score = likes([120, 110, 115]);
    const energy = realismEnergy(input, (images, m) => {
      asked.push(images.length);
      return score(images, m);
    });
    const point = [0.9, 1.1, 1, 0.05, -0.05, 0.02];
    const { gradient } = await energy(point);
    expect(asked).toEqual([13]);
    for (const [i, slope] of gradient.entries()) {
      const ahead = await energy(point.map((v, j) => (i === j ? v + 1e-3 : v)));
      const behind = await energy(point.map((v, j) => (i === j ? v - 1e-3 : v)));
      expect(slope).toBeCloseTo((ahead.value - behind.value) / 2e-3, 1);
    }
  });
});

describe('every classical method', () => {
  const score = likes([120, 110, 115]);

  it.each(classicalMethods)(
    '%s leaves background and alpha bit-identical, however the rows are split',
    async (name) => {
      const picture = scene(noisy(8, [190, 120, 80], [80, 100, 130], 50, 40), 6);
      picture.image.data[4 * (32 * SIDE + 30) + 3] = 77;
      const { job, out } = await harmonized(name, picture, score);
      let changed = 0;
      for (let i = 0; i < SIDE * SIDE; i++) {
        expect(out.data[4 * i + 3]).toBe(picture.image.data[4 * i + 3]);
        for (let c = 0; c < 3; c++) {
          const difference = Math.abs(out.data[4 * i + c]! - picture.image.data[4 * i + c]!);
          if (picture.mask.data[i] === 0) expect(difference).toBe(0);
          changed += difference;
        }
      }
      expect(changed).toBeGreaterThan(SIDE * SIDE);
      const split = new Uint8ClampedArray(out.data.length);
      // A copy of the result knows no colour yet.
      const again = { ...job, result: { ...job.result } };
      liftRows(again, { from: 29, to: SIDE }, split);
      liftRows(again, { from: 0, to: 29 }, split);
      expect(split).toEqual(out.data);
      const still = lift({ ...job, strength: 0 });
      expect(still.data).toEqual(picture.image.data);
    },
  );

  it.each(classicalMethods)('%s bears black, white and one-coloured pictures', async (name) => {
    for (const colours of [
      [0, 255],
      [255, 0],
      [0, 0],
      [128, 128],
    ]) {
      const picture = scene((_x, _y, inside) => {
        const value = colours[inside ? 0 : 1]!;
        return [value, value, value];
      });
      const { result } = await harmonized(name, picture, score);
      expect(result.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('is known by its name, and no other is', () => {
    expect(classicalMethods).toEqual(['reinhard', 'lalonde', 'xue', 'realism']);
    for (const name of ['none', 'colormap', 'toString']) expect(isClassical(name)).toBe(false);
  });
});
