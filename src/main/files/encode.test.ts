import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Image } from '../../pixels/image';
import { decodeImage } from './decode';
import { encodeImage } from './encode';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-encode-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every channel of every pixel differs from its neighbours; alpha too when asked, 0 included. */
function noise(width: number, height: number, alpha: boolean): Image {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i++) {
    const value = (Math.imul(i + 1, 2654435761) >>> 13) & 255;
    data[i] = i % 4 !== 3 ? value : !alpha ? 255 : i % 5 === 0 ? 0 : value;
  }
  return { width, height, data };
}

const GPS = { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W' };

const same = (a: Image, b: Image) => Buffer.from(a.data).equals(Buffer.from(b.data));

/** A JPEG on its side (EXIF orientation 6) with every kind of metadata. */
async function photograph(path: string): Promise<void> {
  const { width, height, data } = noise(40, 24, false);
  const jpeg = await sharp(Buffer.from(data), { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .withMetadata({ density: 300, orientation: 6 })
    .withExifMerge({
      IFD0: { Artist: 'Ann ?1rtist', Copyright: '?2 Ann', Make: 'Camera & Co', Orientation: '6' },
      IFD2: { DateTimeOriginal: '2020:01:02 03:04:05', FNumber: '28/10' },
      IFD3: GPS,
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><caption>Otters</caption></x:xmpmeta>')
    .jpeg()
    .toBuffer();
  // sharp writes ASCII; cameras write UTF-8.
  const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  const text = jpeg.toString('latin1').replace('?1', latin1('Á')).replace('?2', latin1('©'));
  await writeFile(path, Buffer.from(text, 'latin1'));
}

describe('encodeImage', () => {
  const lossless = [
    ['a.png', {}],
    ['a.tif', {}],
    ['a.webp', { lossless: true }],
    ['a.avif', { lossless: true }],
  ] as const;

  it.each(lossless)('%s holds every pixel, colours under alpha 0 included', async (name, options) => {
    const path = join(folder, name);
    for (const alpha of [true, false]) {
      const image = noise(61, 37, alpha);
      await encodeImage(path, image, options);
      const again = await decodeImage(path);
      expect(again.hadAlpha).toBe(alpha);
      expect(again.image.width).toBe(61);
      expect(again.image.height).toBe(37);
      expect(same(again.image, image)).toBe(true);
    }
  });

  it('holds every pixel of a photograph-sized picture', async () => {
    const image = noise(2100, 1300, true);
    const path = join(folder, 'large.png');
    await encodeImage(path, image);
    expect(same((await decodeImage(path)).image, image)).toBe(true);
  });

  it.each(['m.png', 'm.jpg', 'm.webp', 'm.avif'])('keeps EXIF, XMP and density in %s', async (name) => {
    const input = join(folder, 'photograph.jpg');
    await photograph(input);
    const { image, metadata } = await decodeImage(input);
    expect([image.width, image.height]).toEqual([24, 40]);
    const path = join(folder, name);
    await encodeImage(path, image, { metadata });
    const kept = await sharp(path).metadata();
    expect([kept.width, kept.height]).toEqual([24, 40]);
    expect(kept.orientation ?? 1).toBe(1);
    expect(kept.icc?.toString('latin1').replaceAll('\0', '')).toContain('sRGB');
    expect(kept.xmp?.toString()).toContain('<caption>Otters</caption>');
    const exif = kept.exif!.toString('utf8');
    for (const word of ['Ann Ártist', '© Ann', 'Camera & Co', '2020:01:02 03:04:05']) {
      expect(exif).toContain(word);
    }
    expect(gpsLatitude(kept.exif!)).toEqual([51, 30, 32.3]);
    if (kept.density !== undefined) expect(kept.density).toBe(300);
  });

  it('keeps EXIF from JPEG to TIFF to PNG', async () => {
    const input = join(folder, 'photograph.jpg');
    await photograph(input);
    const first = await decodeImage(input);
    const tiff = join(folder, 'm.tif');
    await encodeImage(tiff, first.image, { metadata: first.metadata });
    const second = await decodeImage(tiff);
    expect(same(second.image, first.image)).toBe(true);
    expect(second.metadata.density).toBe(300);
    const png = join(folder, 'from-tiff.png');
    await encodeImage(png, second.image, { metadata: second.metadata });
    const kept = await sharp(png).metadata();
    for (const word of ['Ann Ártist', '© Ann', 'Camera & Co', '2020:01:02 03:04:05']) {
      expect(kept.exif!.toString('utf8')).toContain(word);
    }
    expect(gpsLatitude(kept.exif!)).toEqual([51, 30, 32.3]);
  });

  it('keeps density in PNG, JPEG and TIFF', async () => {
    for (const name of ['d.png', 'd.jpg', 'd.tif']) {
      const path = join(folder, name);
      await encodeImage(path, noise(8, 8, false), {
        metadata: { exif: null, xmp: null, iptc: null, density: 240 },
      });
      expect((await sharp(path).metadata()).density).toBe(240);
    }
  });

  it('writes no metadata but the profile when there is none', async () => {
    const path = join(folder, 'bare.png');
    await encodeImage(path, noise(8, 8, false));
    const { exif, xmp, icc } = await sharp(path).metadata();
    expect([exif, xmp]).toEqual([undefined, undefined]);
    expect(icc).toBeDefined();
  });

  it('writes JPEG at quality 95 without subsampling of colours, close to the pixels', async () => {
    const path = join(folder, 'smooth.jpg');
    const image = noise(64, 64, false);
    for (let i = 0; i < image.data.length; i++) {
      if (i % 4 !== 3) image.data[i] = 40 + (((i >> 2) % 64) + ((i & 3) === 0 ? 100 : 0));
    }
    await encodeImage(path, image);
    expect((await sharp(path).metadata()).chromaSubsampling).toBe('4:4:4');
    const { data } = (await decodeImage(path)).image;
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - image.data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(4);
  });

  it('lays transparent pictures on white for JPEG and says so', async () => {
    const path = join(folder, 'flat.jpg');
    const image: Image = { width: 16, height: 16, data: new Uint8ClampedArray(16 * 16 * 4) };
    expect(await encodeImage(path, image)).toEqual({ format: 'jpeg', flattened: true });
    expect((await decodeImage(path)).image.data.every((value) => value >= 254)).toBe(true);
    expect(await encodeImage(path, noise(16, 16, false))).toEqual({ format: 'jpeg', flattened: false });
  });

  it('refuses unknown extensions and sizes that do not fit, and leaves nothing behind', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'));
    const image = noise(4, 4, true);
    await expect(encodeImage(join(empty, 'a.bmp'), image)).rejects.toMatchObject({ code: 'unsupported' });
    const long: Image = { width: 16400, height: 1, data: new Uint8ClampedArray(16400 * 4) };
    await expect(encodeImage(join(empty, 'a.webp'), long)).rejects.toMatchObject({ code: 'too-large' });
    expect(await readdir(empty)).toEqual([]);
  });

  it('gives the same bytes for the same picture', async () => {
    const [a, b] = [join(folder, 'same-a.png'), join(folder, 'same-b.png')];
    await encodeImage(a, noise(20, 20, true));
    await encodeImage(b, noise(20, 20, true));
    expect((await readFile(a)).equals(await readFile(b))).toBe(true);
  });
});

/** Reads GPSLatitude out of an EXIF block: three rationals. */
function gpsLatitude(block: Buffer): number[] {
  const tiff = block.subarray(block.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const word = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const value = (directory: number, tag: number) => {
    for (let i = 0; i < word(directory); i++) {
      const entry = directory + 2 + 12 * i;
      if (word(entry) === tag) return long(entry + 8);
    }
    throw new Error(`No tag ${tag.toString(16)}.`);
  };
  const latitude = value(value(long(4), 0x8825), 2);
  return [0, 1, 2].map((i) => long(latitude + 8 * i) / long(latitude + 8 * i + 4));
}
