import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { seeded } from '../../pixels/random';
import { decodeImage } from './decode';
import { encodeImage } from './encode';
import { jpegRows, writeJpeg } from './jpeg';
import { bestTable, codesOf } from './jpeg-huffman';
import { type Chroma, NO_METADATA } from './metadata';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-jpeg-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Look = 'flat' | 'smooth' | 'noise' | 'mixed' | 'surprise';

/** `mixed` is a different look in every stretch; `surprise` is noise everywhere but where the tables are made from. */
function picture(width: number, height: number, look: Look, seed: number) {
  const random = seeded(seed);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    const noisy = look === 'noise' || (look === 'mixed' && (y >> 5) % 3 === 0);
    const surprising = look === 'surprise' && y % 256 >= 16;
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) {
        const smooth = look === 'flat' ? 90 : 128 + 100 * Math.sin((x + 2 * y + 40 * c) / 60);
        data[at + c] = noisy || surprising ? 256 * random() : look === 'surprise' ? 90 : smooth;
      }
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

async function both(
  { width, height, data }: ReturnType<typeof picture>,
  quality: number,
  chroma: Chroma,
  name: string,
) {
  const own = join(folder, `${name}-own.jpg`);
  const theirs = join(folder, `${name}-theirs.jpg`);
  await writeJpeg(own, { width, height, data }, { quality, chroma, metadata: NO_METADATA });
  await sharp(Buffer.from(data), { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality, chromaSubsampling: chroma })
    .toFile(theirs);
  const pixels = (path: string) => sharp(path, { ignoreIcc: true }).raw().toBuffer();
  const sizes = await Promise.all([own, theirs].map(async (path) => (await stat(path)).size));
  return { own, same: (await pixels(own)).equals(await pixels(theirs)), size: sizes[0]!, peer: sizes[1]! };
}

describe('writing JPEG in strips', () => {
  it('gives the pixels of a picture encoded in one go, in a file as small', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 200, max: 1300 })),
        fc.constantFrom<Look>('flat', 'smooth', 'noise', 'mixed', 'surprise'),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom<Chroma>('4:4:4', '4:2:0'),
        fc.nat(1000),
        async (width, height, look, quality, chroma, seed) => {
          const { same, size, peer } = await both(
            picture(width, height, look, seed),
            quality,
            chroma,
            `law-${number++}`,
          );
          expect(same).toBe(true);
          // The profile, tables for symbols that the sample did not have, restart markers.
          if (look !== 'surprise') expect(size).toBeLessThan(1.03 * peer + 3600);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps to what fits between restart markers in a wide picture', async () => {
    expect((await both(picture(20_000, 300, 'mixed', 4), 90, '4:4:4', 'wide')).same).toBe(true);
  });

  it('holds the colours that were given: its profile changes none', async () => {
    const { own } = await both(picture(60, 700, 'smooth', 2), 95, '4:4:4', 'profile');
    const { data } = (await decodeImage(own)).image;
    const plain = await sharp(own, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
    expect(Buffer.from(data).equals(plain)).toBe(true);
  });

  it('keeps colours as the JPEG that the picture came from did', async () => {
    for (const chroma of ['4:4:4', '4:2:0'] as const) {
      const { own } = await both(picture(64, 48, 'smooth', 2), 90, chroma, 'source');
      const { image, metadata } = await decodeImage(own);
      const again = join(folder, 'again.jpg');
      await encodeImage(again, image, { metadata });
      expect((await sharp(again).metadata()).chromaSubsampling).toBe(chroma);
    }
  });

  it('writes the same file of rows that become ready one after the other, asked for in the order it says', async () => {
    for (const [chroma, height] of [
      ['4:2:0', 1100],
      ['4:4:4', 777],
      ['4:4:4', 90],
    ] as const) {
      const image = picture(70, height, 'mixed', 5);
      const options = { quality: 90, chroma, metadata: NO_METADATA } as const;
      const [atOnce, bit] = [join(folder, 'at-once.jpg'), join(folder, 'bit-by-bit.jpg')];
      await writeJpeg(atOnce, image, options);
      const order = jpegRows(70, height, chroma);
      const missing = new Set(Array.from({ length: height }, (_, y) => y));
      const growing = { ...image, data: new Uint8ClampedArray(image.data.length) };
      // Rows appear in the order that was promised, and no sooner than all before them were asked for.
      let made = Promise.resolve();
      for (const { from, to } of order) {
        made = made.then(async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          growing.data.set(image.data.subarray(280 * from, 280 * to), 280 * from);
          for (let y = from; y < to; y++) expect(missing.delete(y)).toBe(true);
        });
      }
      const ready = async ({ from, to }: { from: number; to: number }) => {
        const there = () => ![...missing].some((y) => y >= from && y < to);
        while (!there()) await new Promise((resolve) => setImmediate(resolve));
      };
      await Promise.all([made, writeJpeg(bit, growing, { ...options, ready })]);
      expect(missing.size).toBe(0);
      expect((await readFile(bit)).equals(await readFile(atOnce))).toBe(true);
    }
  });

  it('leaves nothing behind when the rows never become ready', async () => {
    const path = join(folder, 'never.jpg');
    const ready = () => Promise.reject(new Fault('engine', 'The network is broken.'));
    await expect(encodeImage(path, picture(40, 600, 'smooth', 1), { ready })).rejects.toThrow('is broken');
    expect((await readdir(folder)).filter((name) => name.includes('never'))).toEqual([]);
  });

  it('fails when the file cannot be written', async () => {
    const image = picture(40, 600, 'smooth', 1);
    const options = { quality: 90, chroma: '4:4:4', metadata: NO_METADATA } as const;
    await expect(writeJpeg(join(folder, 'none', 'a.jpg'), image, options)).rejects.toThrow('ENOENT');
  });
});

describe('Huffman tables', () => {
  const counts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 31 })), {
    minLength: 1,
    maxLength: 256,
  });

  it('give every symbol a code of 16 bits at most, none the start of another, none of ones alone', () => {
    fc.assert(
      fc.property(counts, fc.boolean(), (list, all) => {
        if (!all && list.every((count) => count === 0)) return;
        const codes = codesOf(bestTable(Uint32Array.from(list), false, all));
        const texts = Array.from(codes, (entry, symbol) => ({ entry, symbol }))
          .filter(({ entry }) => entry > 0)
          .map(({ entry, symbol }) => {
            return { symbol, text: (entry >> 8).toString(2).padStart(entry & 255, '0') };
          });
        const named = new Set(texts.map(({ symbol }) => symbol));
        list.forEach((count, symbol) => expect(count === 0 || named.has(symbol)).toBe(true));
        if (all) expect(named.has(0xf0) && named.has(0xfa)).toBe(true);
        const sorted = texts.map(({ text }) => text).sort();
        sorted.forEach((text, i) => {
          expect(text.length).toBeLessThanOrEqual(16);
          expect(text).toContain('0');
          if (i > 0) expect(text.startsWith(sorted[i - 1]!)).toBe(false);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('give rare symbols the longer codes, cut at 16 bits', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 40) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    const codes = codesOf(bestTable(Uint32Array.from(fibonacci), false, false));
    const lengths = Array.from(codes.slice(0, 40), (entry) => entry & 255);
    for (let i = 1; i < 40; i++) expect(lengths[i]).toBeLessThanOrEqual(lengths[i - 1]!);
    expect(Math.max(...lengths)).toBe(16);
    expect(lengths[39]).toBe(1);
  });
});
