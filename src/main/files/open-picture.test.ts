import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodedFile } from '../../contract/pictures';
import { decodePicture } from './open-picture';

const raw = { width: 3, height: 2, channels: 4 } as const;
const pixels = Buffer.from(Array.from({ length: 24 }, (_, i) => (i * 11) % 256));

describe('a picture file that a window holds', () => {
  it('is decoded as TIFF, with what it says', async () => {
    const tiff = await sharp(pixels, { raw })
      .withMetadata({ density: 240 })
      .tiff({ compression: 'lzw', xres: 240 / 25.4, yres: 240 / 25.4 })
      .toBuffer();
    const file = decodedFile.parse(await decodePicture('scan.tif', tiff));
    expect([file.width, file.height, file.depth, file.pages]).toEqual([3, 2, 8, 1]);
    expect([...file.data]).toEqual([...pixels]);
    expect(file.metadata.density).toBeCloseTo(240, 0);
  });

  it('is decoded from 16 bits, rounded, and from SVG', async () => {
    const words = Uint16Array.from([257 * 9 + 128, 257 * 9 + 129, 65535]);
    const png = await sharp(words, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const deep = await decodePicture('deep.png', png);
    expect([deep.depth, ...deep.data]).toEqual([16, 9, 10, 255, 255]);
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><rect width="4" height="2" fill="#08f"/></svg>',
    );
    const drawn = await decodePicture('logo.svg', svg);
    expect([drawn.width, drawn.height, ...drawn.data.subarray(0, 4)]).toEqual([4, 2, 0, 136, 255, 255]);
  });

  it('is refused by its own name', async () => {
    const tiff = await sharp(pixels, { raw }).tiff().toBuffer();
    await expect(decodePicture('scan.tif', tiff.subarray(0, 40))).rejects.toMatchObject({
      message: expect.stringMatching(/^“scan\.tif” is (damaged|not a picture)/),
    });
    await expect(decodePicture('notes.txt', Buffer.from('Dear Sir'))).rejects.toMatchObject({
      code: 'unsupported',
    });
    const wide = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="16000" height="16000"/>');
    await expect(decodePicture('wide.svg', wide)).rejects.toMatchObject({ code: 'too-large' });
  });
});
