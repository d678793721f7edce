import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { newDocument, pixelLayer } from '../../document/new-layer';
import { readProject, writeProject } from '../project';
import { TestShelf } from '../shelf-for-tests';
import { metadataOf } from './of-document';
import {
  NO_METADATA,
  packMetadata,
  saysAnything,
  unpackMetadata,
  type FileMetadata,
} from './picture-metadata';
import { readFileMetadata } from './read';
import { withMetadata } from './write';

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/></rdf:RDF></x:xmpmeta>';
const RIGHTS = { IFD0: { Copyright: 'Ada Lovelace', Artist: 'Ada' }, IFD3: { GPSLatitudeRef: 'N' } };

/** A photograph-like picture with half of it transparent, by sharp. */
function picture() {
  const data = Buffer.alloc(4 * 40 * 30);
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? (i % 160 < 80 ? 255 : 120) : (i * 7) % 251;
  return sharp(data, { raw: { width: 40, height: 30, channels: 4 } });
}
const told = (format: 'jpeg' | 'png' | 'webp') =>
  picture()
    .withExif(RIGHTS)
    .withXmp(XMP)
    .withMetadata({ density: 240, orientation: 6 })
    [format]({ quality: 90 })
    .toBuffer();

async function saying(): Promise<FileMetadata> {
  return readFileMetadata(await told('jpeg'));
}

describe('what a picture file says', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('is read from %s, upright', async (format) => {
    const found = readFileMetadata(await told(format));
    expect(Buffer.from(found.exif!).includes('Ada Lovelace')).toBe(true);
    expect(Buffer.from(found.xmp!).toString()).toContain('dc:format');
    expect(found.density).toBeCloseTo(240, 0);
    const again = await sharp(withMetadata(await picture().jpeg().toBuffer(), found)).metadata();
    expect(again.orientation).toBe(1);
  });

  it.each([
    ['jpeg', { quality: 90 }],
    ['png', {}],
    ['webp', { quality: 80 }],
    ['webp', { lossless: true }],
  ] as const)('is written into %s (%o), as sharp reads it, and no pixel changes', async (format, options) => {
    for (const alpha of [true, false]) {
      const source = alpha ? picture() : picture().removeAlpha();
      const plain = await source[format](options).toBuffer();
      const file = Buffer.from(withMetadata(plain, { ...(await saying()), density: 300 }));
      const metadata = await sharp(file).metadata();
      expect(metadata.exif?.includes('Ada Lovelace')).toBe(true);
      expect(metadata.xmp?.toString()).toContain('dc:format');
      if (format !== 'webp') expect(metadata.density).toBe(300);
      expect(readFileMetadata(file).density).toBe(300);
      const raw = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
      expect((await raw(file)).equals(await raw(plain))).toBe(true);
      expect(metadata.hasAlpha).toBe((await sharp(plain).metadata()).hasAlpha);
    }
  });

  it('leaves nothing but density and colours where nothing is said', async () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const plain = await picture()[format]().toBuffer();
      const metadata = await sharp(withMetadata(plain, { ...NO_METADATA, density: 150 })).metadata();
      expect([metadata.exif, metadata.xmp, metadata.iptc]).toEqual([undefined, undefined, undefined]);
    }
    expect(saysAnything(readFileMetadata(await picture().png().toBuffer()))).toBe(false);
  });

  it('is packed and unpacked, and nonsense is nothing', () => {
    const block = fc.option(fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(block, block, block, (exif, xmp, iptc) => {
        const metadata = { exif, xmp, iptc, density: null };
        expect(unpackMetadata(packMetadata(metadata))).toEqual(metadata);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(unpackMetadata(bytes)).toEqual(NO_METADATA);
      }),
    );
  });

  it('never throws for broken files', async () => {
    const files = await Promise.all((['jpeg', 'png', 'webp'] as const).map(told));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(255), fc.nat(), (file, at, value, cut) => {
        const spoilt = new Uint8Array(file);
        spoilt[at % Math.min(spoilt.length, 900)] = value;
        const found = readFileMetadata(spoilt.subarray(0, cut % (spoilt.length + 1)));
        expect(found.density === null || found.density > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('goes into a PSD and comes back out of it, or is left out', async () => {
    const shelf = new TestShelf();
    const said = await saying();
    const pixels = shelf.image({ width: 2, height: 2, data: new Uint8ClampedArray(16).fill(255) });
    const kept = { format: 'picture' as const, title: 'Picture', data: shelf.blob(packMetadata(said)) };
    const layer = pixelLayer({ id: 'a', name: 'a', pixels, width: 2, height: 2 });
    const document = newDocument({ width: 2, height: 2, resolution: 240, kept }, [layer]);
    for (const metadata of [true, false]) {
      const { bytes } = await writeProject(document, shelf, { format: 'psd', metadata });
      const opened = await readProject(bytes, 'a.psd', shelf);
      const found = metadataOf(opened.document, (id) => shelf.blob(id));
      expect(found.density).toBe(240);
      expect(found.exif && Buffer.from(found.exif).equals(Buffer.from(said.exif!))).toBe(metadata || null);
      expect(found.xmp !== null && Buffer.from(found.xmp).includes('dc:format')).toBe(metadata);
    }
  });
});
