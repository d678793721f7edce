import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupLayer, newDocument, pixelLayer } from '../../document/new-layer';
import { Fault } from '../../pixels/fault';
import { createMask } from '../../pixels/image';
import { readProject, writeProject } from '../project';
import { TestShelf } from '../shelf-for-tests';
import { picture } from './documents-for-tests';

/** How many mutations of each file; the run of 2,000 that the page reports was made with ATTUNE_MUTATIONS=2000. */
const MUTATIONS = Number(process.env.ATTUNE_MUTATIONS ?? 60);
/** Far less than the 2 GB that a hostile file may cost. */
const BUDGET = 2 ** 28;

/** A repeatable sequence of whole numbers below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** One of the ways in which files break: bytes changed, a number made huge, a piece cut out or doubled, an end lost. */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const next = numbers(seed);
  const out = bytes.slice();
  // The heads of files hold the numbers that matter: half of the changes go there.
  const place = () => (next(2) === 0 ? next(Math.min(bytes.length, 3000)) : next(bytes.length));
  switch (next(6)) {
    case 0:
      for (let i = next(8); i >= 0; i--) out[place()] = next(256);
      return out;
    case 1:
      out.fill(255, place(), place() + 4);
      return out;
    case 2:
      out.fill(0, place(), place() + 8);
      return out;
    case 3:
      return bytes.slice(0, place());
    case 4: {
      const at = place();
      const kept = new Uint8Array(Math.max(0, bytes.length - 16));
      kept.set(bytes.subarray(0, Math.min(at, kept.length)));
      kept.set(bytes.subarray(Math.min(at, kept.length) + 16), Math.min(at, kept.length));
      return kept;
    }
    default:
      out[place()] ^= 1 << next(8);
      return out;
  }
}

async function files(): Promise<[string, Uint8Array][]> {
  const shelf = new TestShelf();
  const pixels = shelf.image(picture(40, 30, 3));
  const mask = createMask(9, 7);
  mask.data.fill(200);
  const transform = { a: 1, b: 0, c: 0, d: 1, e: 3, f: 2 };
  const rest = {
    outside: 'shows',
    enabled: true,
    inverted: true,
    density: 0.5,
    feather: 3,
    linked: true,
  } as const;
  const layers = [
    pixelLayer({ id: 'a', name: 'A', pixels, width: 40, height: 30 }),
    pixelLayer({
      id: 'b',
      name: 'B',
      pixels,
      width: 40,
      height: 30,
      clipped: true,
      transform: { ...transform, a: 0.5 },
      mask: { pixels: shelf.mask(mask), width: 9, height: 7, transform, ...rest },
    }),
    groupLayer({ id: 'g', name: 'G', children: ['a', 'b'] }),
  ];
  const document = newDocument({ width: 40, height: 30 }, layers, ['g']);
  const made = await Promise.all(
    (['psd', 'psb', 'ora'] as const).map(async (format) => {
      const { bytes } = await writeProject(document, shelf, { format });
      return [format, bytes] as [string, Uint8Array];
    }),
  );
  return made;
}

describe('a broken or hostile file', () => {
  it('opens or is refused by a Fault, whatever is wrong with it', async () => {
    for (const [format, bytes] of await files()) {
      let refused = 0;
      for (let seed = 1; seed <= MUTATIONS; seed++) {
        try {
          await readProject(mutate(bytes, seed), `hostile.${format}`, new TestShelf(), { budget: BUDGET });
        } catch (thrown) {
          expect(thrown, `seed ${seed} of ${format}`).toBeInstanceOf(Fault);
          expect((thrown as Fault).message).toContain(`hostile.${format}`);
          refused += 1;
        }
      }
      expect(refused).toBeGreaterThan(MUTATIONS / 10);
    }
  }, 600_000);

  it('of others opens or is refused too, in bounded memory', async (context) => {
    const folder = process.env.ATTUNE_PSD_SAMPLES;
    if (!folder) return context.skip('ATTUNE_PSD_SAMPLES names no folder of sample files');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(psd|psb|pdd|ora)$/.test(name))
      .sort();
    let [opened, slowest] = [0, 0];
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      const name = names[seed % names.length]!;
      const bytes = mutate(new Uint8Array(readFileSync(join(folder, name))), seed);
      const started = performance.now();
      try {
        await readProject(bytes, name, new TestShelf());
        opened += 1;
      } catch (thrown) {
        expect(thrown, `seed ${seed} of ${name}`).toBeInstanceOf(Fault);
      }
      slowest = Math.max(slowest, performance.now() - started);
    }
    const peak = process.resourceUsage().maxRSS / 1024;
    expect(peak).toBeLessThan(2048);
    process.stderr.write(
      `${MUTATIONS} mutations of ${names.length} files: ${opened} opened, the slowest took ${Math.round(slowest)} ms, peak memory ${Math.round(peak)} MB\n`,
    );
  }, 3_600_000);

  it('is refused by its head alone when it claims to be huge', async () => {
    const [[, psd]] = (await files()) as [[string, Uint8Array]];
    const huge = psd.slice();
    new DataView(huge.buffer).setUint32(14, 30_000);
    new DataView(huge.buffer).setUint32(18, 30_000);
    await expect(readProject(huge, 'huge.psd', new TestShelf())).rejects.toMatchObject({ code: 'too-large' });
  });

  it('is refused when its layers are too many for memory', async () => {
    const [[, psd]] = (await files()) as [[string, Uint8Array]];
    const reading = readProject(psd, 'many.psd', new TestShelf(), { budget: 1000 });
    await expect(reading).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('many.psd'),
    });
  });

  it.each([
    [4, 'CMYK'],
    [7, 'Multichannel'],
    [8, 'Duotone'],
    [9, 'Lab'],
  ])('in colour mode %i (%s) is refused with what to do', async (mode, title) => {
    const [[, psd]] = (await files()) as [[string, Uint8Array]];
    const other = psd.slice();
    other[25] = mode;
    await expect(readProject(other, 'print.psd', new TestShelf())).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(title),
      hint: expect.stringContaining('RGB'),
    });
  });
});
