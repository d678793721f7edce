import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directoryBytes, readExifFields, saysNothing, type ExifFields, type Field } from './tiff-fields';

const reader = (bytes: Buffer) => async (offset: number, length: number) =>
  bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));

const ascii = (tag: number, text: string): Field => {
  const value = Buffer.from(`${text}\0`);
  return { tag, type: 2, count: value.length, value };
};
const rational = (tag: number, above: number, below: number): Field => {
  const value = Buffer.alloc(8);
  value.writeUInt32LE(above, 0);
  value.writeUInt32LE(below, 4);
  return { tag, type: 5, count: 1, value };
};

const fields: ExifFields = {
  picture: [ascii(0x010f, 'Cam'), ascii(0x013b, 'Ann Artist')],
  shot: [rational(0x829d, 28, 10), ascii(0x9003, '2020:01:02 03:04:05')],
  place: [ascii(0x0001, 'N')],
};
const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
const block = Buffer.concat([header, directoryBytes(fields, 8)]);

describe('EXIF fields', () => {
  it('are read as they were written', async () => {
    expect(await readExifFields(reader(block))).toEqual(fields);
  });

  it('are read from big-endian files', async () => {
    // MM, one directory: Artist behind it, and the shot's directory with an aperture.
    const bytes = Buffer.alloc(80);
    bytes.write('MM\0*\0\0\0\x08', 'latin1');
    bytes.writeUInt16BE(2, 8);
    const entry = (at: number, tag: number, type: number, count: number, value: number) => {
      bytes.writeUInt16BE(tag, at);
      bytes.writeUInt16BE(type, at + 2);
      bytes.writeUInt32BE(count, at + 4);
      bytes.writeUInt32BE(value, at + 8);
    };
    entry(10, 0x013b, 2, 11, 40);
    entry(22, 0x8769, 4, 1, 52);
    bytes.write('Ann Artist\0', 40, 'latin1');
    bytes.writeUInt16BE(1, 52);
    entry(54, 0x829d, 5, 1, 70);
    bytes.writeUInt32BE(28, 70);
    bytes.writeUInt32BE(10, 74);
    expect(await readExifFields(reader(bytes))).toEqual({
      picture: [ascii(0x013b, 'Ann Artist')],
      shot: [rational(0x829d, 28, 10)],
      place: [],
    });
  });

  it('stand in order beside the entries that are taken over', async () => {
    const width = Buffer.from([0x00, 0x01, 3, 0, 1, 0, 0, 0, 77, 0, 0, 0]);
    const make = Buffer.from([0x0f, 0x01, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    const bytes = directoryBytes(fields, 8, [make, width]);
    const tags = Array.from({ length: bytes.readUInt16LE(0) }, (_, i) => bytes.readUInt16LE(2 + 12 * i));
    expect(tags).toEqual([0x0100, 0x010f, 0x013b, 0x8769, 0x8825]);
    const read = await readExifFields(reader(Buffer.concat([header, bytes])));
    expect(read).toEqual(fields);
  });

  it('are null or fewer for damaged bytes, never an error', async () => {
    expect(await readExifFields(reader(Buffer.from('no TIFF at all')))).toBeNull();
    expect(saysNothing({ picture: [], shot: [], place: [] })).toBe(true);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(block.length - 1),
        fc.nat(255),
        fc.nat(block.length),
        async (at, value, length) => {
          const spoilt = Buffer.from(block);
          spoilt[at] = value;
          for (const bytes of [spoilt, spoilt.subarray(0, length)]) {
            const read = await readExifFields(reader(bytes));
            expect(read === null || read.picture.length <= 512).toBe(true);
          }
        },
      ),
    );
  });
});
