import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { decodeImage, type DecodedImage } from './decode';
import { decodeMask, toMask } from './decode-mask';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Samples = Uint8Array | Uint16Array;

const raw = (samples: Samples, width: number, channels: 1 | 2 | 3 | 4): Sharp =>
  sharp(samples, { raw: { width, height: samples.length / width / channels, channels } });

async function write(name: string, pipeline: Sharp): Promise<string> {
  const path = join(folder, name);
  await pipeline.toFile(path);
  return path;
}

const pixels = async (path: string) => [...(await decodeImage(path)).image.data];
const values = async (path: string) => [...(await decodeMask(path)).data];

describe('decodeImage', () => {
  it('gives RGBA with straight alpha, colours under alpha 0 kept', async () => {
    const path = await write('rgba.png', raw(Uint8Array.of(1, 2, 3, 0, 250, 128, 7, 9), 2, 4));
    const decoded = await decodeImage(path);
    expect([...decoded.image.data]).toEqual([1, 2, 3, 0, 250, 128, 7, 9]);
    expect(decoded).toMatchObject({ format: 'png', hadAlpha: true, pages: 1 });
    const opaque = await decodeImage(await write('rgb.png', raw(Uint8Array.of(1, 2, 3), 1, 3)));
    expect([...opaque.image.data]).toEqual([1, 2, 3, 255]);
    expect(opaque.hadAlpha).toBe(false);
  });

  it('reads grey, grey with alpha, palette and 1 bit', async () => {
    const grey = raw(Uint8Array.of(0, 200), 2, 1).toColourspace('b-w');
    expect(await pixels(await write('g.png', grey))).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
    const both = raw(Uint8Array.of(9, 0, 200, 77), 2, 2).toColourspace('b-w');
    expect(await pixels(await write('ga.png', both))).toEqual([9, 9, 9, 0, 200, 200, 200, 77]);
    const palette = raw(Uint8Array.of(255, 0, 0, 0, 0, 255), 2, 3).png({ palette: true });
    expect(await pixels(await write('p.png', palette))).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
    const bits = raw(Uint8Array.of(0, 255), 2, 1).toColourspace('b-w').tiff({ bitdepth: 1 });
    expect(await pixels(await write('b.tif', bits))).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  });

  it('rounds 16 bits to 8', async () => {
    const samples = Uint16Array.of(0, 128, 129, 257 * 100 + 128, 257 * 100 + 129, 65535);
    const path = await write('16.png', raw(samples, 2, 3).toColourspace('rgb16'));
    expect(await pixels(path)).toEqual([0, 0, 1, 255, 100, 101, 255, 255]);
    const exact = Uint16Array.from({ length: 256 }, (_, i) => 257 * i);
    const grey = await pixels(await write('g16.png', raw(exact, 256, 1).toColourspace('grey16')));
    expect(grey.filter((_, i) => i % 4 === 1)).toEqual([...Array(256).keys()]);
  });

  it('converts from an embedded profile', async () => {
    // sRGB red written as Display P3 is stored as about (234, 51, 35), and must come back as red.
    const eight = await write('p3.png', raw(Uint8Array.of(255, 0, 0), 1, 3).withIccProfile('p3'));
    expect((await sharp(eight, { ignoreIcc: true }).raw().toBuffer())[0]).toBeLessThan(240);
    const [red, green, blue] = await pixels(eight);
    expect(red).toBeGreaterThanOrEqual(253);
    expect(Math.max(green!, blue!)).toBeLessThanOrEqual(8);
  });

  it('shows 16-bit colours with an sRGB profile as they are', async () => {
    const colour = [200, 40, 90].map((value) => value * 257);
    const path = await write('plain16.png', raw(Uint16Array.from(colour), 1, 3).toColourspace('rgb16'));
    // Put the profile in by hand: sharp would convert the pixels.
    const { icc } = await sharp(
      await raw(Uint8Array.of(0, 0, 0), 1, 3)
        .withIccProfile('srgb')
        .jpeg()
        .toBuffer(),
    ).metadata();
    const png = await readFile(path);
    const chunk = pngChunk('iCCP', Buffer.concat([Buffer.from('sRGB\0\0', 'latin1'), deflateSync(icc!)]));
    await writeFile(path, Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));
    expect((await sharp(path).metadata()).hasProfile).toBe(true);
    const got = await pixels(path);
    for (const [k, want] of [200, 40, 90].entries()) expect(Math.abs(got[k]! - want)).toBeLessThanOrEqual(1);
  });

  it('reads CMYK JPEG', async () => {
    const path = await write(
      'cmyk.jpg',
      raw(new Uint8Array(192).fill(255), 8, 3).toColourspace('cmyk').jpeg(),
    );
    expect((await sharp(path).metadata()).space).toBe('cmyk');
    expect(Math.min(...(await pixels(path)))).toBeGreaterThan(245);
  });

  it('stands upright by the EXIF orientation', async () => {
    const path = await write(
      'turned.png',
      raw(Uint8Array.of(10, 20, 30), 3, 1).withMetadata({ orientation: 8 }),
    );
    const { image } = await decodeImage(path);
    expect([image.width, image.height]).toEqual([1, 3]);
    expect([0, 4, 8].map((i) => image.data[i])).toEqual([30, 20, 10]);
    const mask = await decodeMask(path);
    expect([mask.width, mask.height, ...mask.data]).toEqual([1, 3, 30, 20, 10]);
  });

  it('takes the first of several pages and says how many there are', async () => {
    const frames = [10, 200].map((value) => raw(new Uint8Array(12).fill(value), 2, 3).png().toBuffer());
    const path = await write('a.gif', sharp(await Promise.all(frames), { join: { animated: true } }));
    const { pages, image } = await decodeImage(path);
    expect([pages, image.width, image.height, image.data[0]]).toEqual([2, 2, 2, 10]);
  });

  it('draws SVG without what it refers to outside', async () => {
    await write('secret.png', raw(new Uint8Array(12).fill(255), 2, 3));
    const svg = (inside: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="4" height="4">${inside}</svg>`;
    const own = join(folder, 'own.svg');
    await writeFile(own, svg('<rect width="4" height="4" fill="#0a141e"/>'));
    expect((await pixels(own)).slice(0, 4)).toEqual([10, 20, 30, 255]);
    const outside = join(folder, 'outside.svg');
    await writeFile(outside, svg('<image xlink:href="secret.png" width="4" height="4"/>'));
    expect(await pixels(outside)).toEqual(new Array(64).fill(0));
  });
});

describe('decodeMask', () => {
  it('keeps grey as it is, 8 bits and 16, whatever profile it has', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const grey = raw(all, 16, 1).toColourspace('b-w');
    expect(await values(await write('m.png', grey))).toEqual([...all]);
    expect(await values(await write('m.tif', grey.clone().tiff({ compression: 'lzw' })))).toEqual([...all]);
    const wide = Uint16Array.of(0, 128, 129, 65535, 257 * 77 - 128, 257 * 77 + 128);
    expect(await values(await write('m16.png', raw(wide, 6, 1).toColourspace('grey16')))).toEqual([
      0, 0, 1, 255, 77, 77,
    ]);
    const tagged = await write('mp3.png', raw(Uint8Array.of(90, 90, 90), 1, 3).withIccProfile('p3'));
    const stored = await sharp(tagged, { ignoreIcc: true }).raw().toBuffer();
    expect(await values(tagged)).toEqual([stored[0]]);
  });

  it('reads 1 bit as 0 and 255', async () => {
    const bits = raw(Uint8Array.of(0, 255, 255, 0), 2, 1).toColourspace('b-w');
    expect(await values(await write('1.png', bits.clone().png({ palette: true, colours: 2 })))).toEqual([
      0, 255, 255, 0,
    ]);
    expect(await values(await write('1.tif', bits.clone().tiff({ bitdepth: 1 })))).toEqual([0, 255, 255, 0]);
  });

  it('reads colours and palettes by their luma', async () => {
    const colours = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77);
    const luma = [76, 150, 29, 77];
    expect(await values(await write('c.png', raw(colours, 4, 3)))).toEqual(luma);
    expect(await values(await write('cp.png', raw(colours, 4, 3).png({ palette: true })))).toEqual(luma);
    const wide = Uint16Array.from(colours, (value) => value * 257);
    expect(await values(await write('c16.png', raw(wide, 4, 3).toColourspace('rgb16')))).toEqual(luma);
  });

  it('takes the alpha of a silhouette, else the luma over black', async () => {
    const silhouette = Uint8Array.of(9, 9, 9, 0, 5, 6, 7, 255, 5, 6, 7, 100);
    expect(await values(await write('s.png', raw(silhouette, 3, 4)))).toEqual([0, 255, 100]);
    const drawn = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 100, 200, 200, 200, 0);
    expect(await values(await write('d.png', raw(drawn, 4, 4)))).toEqual([255, 0, 100, 0]);
    const opaque = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 255);
    expect(await values(await write('o.png', raw(opaque, 2, 4)))).toEqual([255, 0]);
    const greyAlpha = raw(Uint8Array.of(255, 255, 255, 30, 0, 255), 3, 2).toColourspace('b-w');
    expect(await values(await write('la.png', greyAlpha))).toEqual([255, 30, 0]);
    const plain = Uint8Array.of(255, 255, 255, 80, 255, 255, 255, 80);
    expect(await values(await write('faint.png', raw(plain, 2, 4)))).toEqual([80, 80]);
  });

  it('takes the luma of RGB masks pixel by pixel, however many of the first are grey', () => {
    const pixel = fc.oneof(
      fc.nat(255).map((grey) => [grey, grey, grey]),
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
    );
    fc.assert(
      fc.property(fc.array(pixel, { maxLength: 20 }), fc.nat(40), (pixels, greys) => {
        const all = [...Array.from({ length: greys }, (_, i) => [6 * i, 6 * i, 6 * i]), ...pixels];
        const luma = all.map(([r, g, b]) => (((299 * r! + 587 * g! + 114 * b!) / 1000) * 255) / 255);
        const mask = toMask(Uint8ClampedArray.from(all.flat()), 3);
        expect([...mask]).toEqual([...Uint8ClampedArray.from(luma)]);
      }),
      { numRuns: 500 },
    );
  });

  it('reads JPEG masks', async () => {
    const path = await write('m.jpg', raw(new Uint8Array(256).fill(255), 16, 1).toColourspace('b-w').jpeg());
    expect(new Set(await values(path))).toEqual(new Set([255]));
  });
});

describe('bad files', () => {
  const refusal = async (path: string): Promise<Fault> => {
    const fault = await decodeImage(path).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    const ofMask = await decodeMask(path).catch((error: unknown) => error);
    expect(ofMask).toEqual(fault);
    expect((fault as Fault).message).toContain(path);
    expect((fault as Fault).message).not.toContain('\n');
    return fault as Fault;
  };
  const put = async (name: string, bytes: Uint8Array | string) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };
  const noise = Uint8Array.from({ length: 90 * 60 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24);

  it('missing, empty, folder, text, device', async () => {
    expect((await refusal(join(folder, 'missing.png'))).code).toBe('not-found');
    expect((await refusal(await put('empty.png', ''))).message).toContain('is empty');
    await mkdir(join(folder, 'folder.png'));
    expect((await refusal(join(folder, 'folder.png'))).message).toContain('is a folder');
    for (const text of ['hello', '<html></html>', '<svg', '{"a": 1}', '\x1f\x8b\x08 no gzip']) {
      expect((await refusal(await put('text.png', text))).message).toMatch(/not a picture|damaged/);
    }
    if (process.platform !== 'win32') expect((await refusal('/dev/null')).code).toBe('unreadable');
  });

  it.each(['png', 'jpeg', 'webp', 'tiff', 'gif', 'avif'] as const)(
    '%s cut short anywhere',
    async (format) => {
      const whole = await raw(noise, 90, 3)[format]().toBuffer();
      for (const part of [0.02, 0.3, 0.7, 0.98]) {
        const path = await put(`cut.${format}`, whole.subarray(0, Math.floor(whole.length * part)));
        expect(['unreadable', 'unsupported']).toContain((await refusal(path)).code);
      }
    },
  );

  it('huge dimensions in a small file', async () => {
    const png = await raw(noise, 90, 3).png().toBuffer();
    const sized = (width: number, height: number) => {
      const bytes = Buffer.from(png);
      bytes.writeUInt32BE(width, 16);
      bytes.writeUInt32BE(height, 20);
      bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
      return bytes;
    };
    const fault = await refusal(await put('huge.png', sized(60000, 60000)));
    expect(fault.code).toBe('too-large');
    expect(fault.message).toContain('60000×60000');
    await refusal(await put('monstrous.png', sized(2 ** 31 - 1, 2 ** 31 - 1)));
    await refusal(await put('large.png', sized(16000, 16000)));
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="30000"/>';
    expect((await refusal(await put('huge.svg', svg))).code).toBe('too-large');
  });

  it('damaged anywhere: a picture of its size, or a Fault', async () => {
    const source = () => raw(noise, 90, 3).withMetadata({ orientation: 6, density: 300 });
    const files = await Promise.all([
      source().png().toBuffer(),
      source().jpeg().toBuffer(),
      source().webp().toBuffer(),
      source().tiff({ compression: 'lzw' }).toBuffer(),
      source().gif().toBuffer(),
    ]);
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, fc.boolean(), async (file, changes, inHead) => {
        const bytes = Buffer.from(file);
        const reach = inHead ? Math.min(200, bytes.length) : bytes.length;
        for (const [where, value] of changes) bytes[Math.floor(where * (reach - 1))] = value;
        const path = await put('damaged', bytes);
        const got = await decodeImage(path).catch((error: unknown) => error);
        if (got instanceof Error) expect(got).toBeInstanceOf(Fault);
        else {
          const { image } = got as DecodedImage;
          expect(image.data.length).toBe(4 * image.width * image.height);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('samples whose range is not known', async () => {
    const path = await put('float.tif', floatTiff());
    expect((await refusal(path)).code).toBe('unsupported');
  });
});

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(content.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A TIFF of one grey 32-bit float. */
function floatTiff(): Buffer {
  const entries: readonly (readonly [tag: number, value: number])[] = [
    [256, 1],
    [257, 1],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 200],
    [277, 1],
    [278, 1],
    [279, 4],
    [339, 3],
  ];
  const tiff = Buffer.alloc(204);
  tiff.write('II*\0', 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(entries.length, 8);
  for (const [i, [tag, value]] of entries.entries()) {
    const at = 10 + 12 * i;
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(4, at + 2);
    tiff.writeUInt32LE(1, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  }
  tiff.writeFloatLE(0.5, 200);
  return tiff;
}
