import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { uprightExif } from './exif';

/** An EXIF block: Make, Orientation 6, and a next directory (a thumbnail) at offset 60. */
function block(little: boolean): Buffer {
  const tiff = Buffer.alloc(80, 0xaa);
  const word = (value: number, at: number) =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(little ? 'II' : 'MM', 'latin1');
  word(42, 2);
  long(8, 4);
  word(2, 8);
  word(0x010f, 10);
  word(2, 12);
  long(4, 14);
  tiff.write('Cam\0', 18, 'latin1');
  word(0x0112, 22);
  word(3, 24);
  long(1, 26);
  word(6, 30);
  long(60, 34);
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

describe('uprightExif', () => {
  it.each([true, false])(
    'sets the orientation to 1 and cuts the thumbnail off (little endian: %s)',
    (little) => {
      const exif = block(little);
      const upright = uprightExif(exif)!;
      const at = 6 + 30;
      expect(little ? upright.readUInt16LE(at) : upright.readUInt16BE(at)).toBe(1);
      expect(upright.readUInt32LE(6 + 34)).toBe(0);
      expect(upright.includes('Cam\0')).toBe(true);
      // Nothing else changed, and not the block that was given.
      const changed = [...upright.keys()].filter((i) => upright[i] !== exif[i]);
      expect(changed.every((i) => (i >= at && i < at + 2) || (i >= 40 && i < 44))).toBe(true);
      expect(exif.equals(block(little))).toBe(true);
    },
  );

  it('adds the prefix that PNG leaves out', () => {
    expect(uprightExif(block(true).subarray(6))!.equals(uprightExif(block(true))!)).toBe(true);
  });

  it('reads what sharp writes', async () => {
    const jpeg = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
      .withMetadata({ orientation: 3 })
      .jpeg()
      .toBuffer();
    const { exif, orientation } = await sharp(jpeg).metadata();
    expect(orientation).toBe(3);
    expect(uprightExif(exif!)).not.toBeNull();
  });

  it('answers null or a block for any bytes, and never throws', () => {
    expect(uprightExif(Buffer.from('Exif\0\0XX'))).toBeNull();
    expect(uprightExif(Buffer.alloc(0))).toBeNull();
    fc.assert(
      fc.property(fc.nat(79), fc.nat(255), fc.boolean(), (at, value, little) => {
        const spoilt = block(little);
        spoilt[6 + at] = value;
        const upright = uprightExif(spoilt);
        expect(upright === null || upright.length === spoilt.length).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.nat(86), fc.boolean(), (length, little) => {
        const upright = uprightExif(block(little).subarray(0, length));
        expect(upright === null || Buffer.isBuffer(upright)).toBe(true);
      }),
    );
  });
});
