import { describe, expect, it } from 'vitest';
import { lift as liftHere, type LiftJob, type LiftMethod } from '../../harmonize/lift';
import { createImage, createMask } from '../../pixels/image';
import { scaling } from '../../pixels/matrix';
import { lift } from './index';

/** Needs out/main/lift-worker.js (`npm run build`, which `npm test` does first). */

const ran = { network: 'test', version: '1', device: 'cpu', fellBack: [], ms: 1 };
const same = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
  Buffer.compare(new Uint8Array(a), new Uint8Array(b)) === 0;
const noise = (i: number) => Math.imul(i ^ (i >>> 15), 0x2c1b3c6d) >>> 8;

/** A noisy picture with a soft disc as foreground, and a network's answer that brightens it. */
function job(
  width: number,
  height: number,
  kind: 'image' | 'colorMap',
  method: LiftMethod = 'bilateral',
): LiftJob {
  const source = createImage(width, height);
  for (let i = 0; i < source.data.length; i++) source.data[i] = noise(i) & 255;
  const amount = createMask(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const far = Math.hypot(x - width / 2, y - height / 2) / Math.min(width, height);
      amount.data[y * width + x] = 255 * Math.min(Math.max((0.45 - far) * 20, 0), 1);
    }
  }
  const low = kind === 'image' ? 16 : 4;
  const input = {
    network: 'test',
    width: 16,
    height: 16,
    image: Float32Array.from({ length: 3 * 256 }, (_, i) => noise(i) & 255),
    mask: new Float32Array(256).fill(255),
  };
  const data =
    kind === 'image'
      ? input.image.map((value, i) => value + (noise(i + 9) & 63) - 20)
      : Float32Array.from({ length: 30 * low * low }, (_, i) => ((noise(i) & 63) - 32) / 400);
  const result = { kind, ...ran, width: low, height: low, data };
  return { source, amount, strength: 0.8, toFrame: scaling(1 / width, 1 / height), input, result, method };
}

describe('lifting on threads', () => {
  it.each([
    ['colorMap', 'bilateral'],
    ['image', 'guided'],
    ['image', 'bilinear'],
    ['image', 'bilateral'],
  ] as const)('a %s (%s) gives the same pixels whatever the number of threads', async (kind, method) => {
    const work = job(1100, 800, kind, method);
    const here = liftHere(work);
    expect(same(here.data, work.source.data)).toBe(false);
    for (const threads of [1, 2, 3]) {
      const lifted = await lift(work, { threads });
      expect([lifted.width, lifted.height]).toEqual([1100, 800]);
      expect(same(lifted.data, here.data)).toBe(true);
    }
  });

  it('leaves the background bit-identical and the source untouched', async () => {
    const work = job(1100, 800, 'colorMap');
    const before = work.source.data.slice();
    const { data } = await lift(work);
    let changed = 0;
    for (let i = 0; i < work.amount!.data.length; i++) {
      for (let c = 0; c < 4; c++) {
        if (data[4 * i + c] === before[4 * i + c]) continue;
        changed++;
        if (work.amount!.data[i] === 0 || c === 3) throw new Error(`Pixel ${i} changed in channel ${c}.`);
      }
    }
    expect(changed).toBeGreaterThan(100_000);
    expect(same(work.source.data, before)).toBe(true);
  });

  it('does small pictures here, and nothing at all when nothing is to change', async () => {
    const small = job(90, 70, 'colorMap');
    expect(same((await lift(small)).data, liftHere(small).data)).toBe(true);
    const still = await lift({ ...small, strength: 0 });
    expect(same(still.data, small.source.data)).toBe(true);
    const empty = await lift({ ...small, amount: createMask(90, 70) });
    expect(same(empty.data, small.source.data)).toBe(true);
  });

  it('writes over the source when told to', async () => {
    for (const work of [job(1100, 800, 'image'), job(90, 70, 'image')]) {
      const expected = liftHere(work);
      const lifted = await lift(work, { inPlace: true });
      expect(lifted.data).toBe(work.source.data);
      expect(same(lifted.data, expected.data)).toBe(true);
    }
  });

  it('is cancelled at once, and lifts again afterwards', async () => {
    const work = job(3000, 2000, 'image');
    const stop = new AbortController();
    // The threads have their first strips when `lift` returns; however fast they are, they cannot have had them all.
    const outcome = lift(work, { signal: stop.signal }).then(
      () => 'finished',
      (error: unknown) => error,
    );
    stop.abort();
    const later = new Promise((resolve) => setImmediate(resolve, 'later'));
    expect(await Promise.race([outcome, later])).toMatchObject({ code: 'cancelled' });
    await expect(lift(work, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    const after = job(1100, 800, 'colorMap');
    expect(same((await lift(after)).data, liftHere(after).data)).toBe(true);
  });

  it('refuses a job whose parts do not fit', async () => {
    const work = job(90, 70, 'colorMap');
    await expect(lift({ ...work, amount: createMask(91, 70) })).rejects.toMatchObject({
      code: 'size-mismatch',
    });
  });
});
