import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { picture } from '../psd/documents-for-tests';
import { decodePng } from './decode';
import { encodePng } from './encode';

describe('PNG', () => {
  it.each([
    [1, 1],
    [33, 70],
    [200, 130],
  ])('gives back every byte of %i×%i pixels, colours under alpha 0 too', (width, height) => {
    const image = picture(width, height, width);
    expect(decodePng(encodePng(image), 'x.png')).toEqual(image);
  });

  it('of ours is what another decoder reads', async () => {
    const image = picture(61, 40, 5);
    const { data } = await sharp(encodePng(image)).raw().toBuffer({ resolveWithObject: true });
    expect(new Uint8ClampedArray(data)).toEqual(image.data);
  });

  it.each([
    ['palette', { palette: true, colours: 16 }],
    ['interlaced', { progressive: true }],
    ['plain', {}],
  ])('of another encoder is read (%s)', async (_, options) => {
    const { width, height, data } = picture(45, 37, 8);
    const made = await sharp(data, { raw: { width, height, channels: 4 } })
      .png(options)
      .toBuffer();
    const { data: expected } = await sharp(made).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(decodePng(made, 'x.png').data).toEqual(new Uint8ClampedArray(expected));
  });

  it('of grey and of 16 bits is read', async () => {
    const { width, height, data } = picture(20, 11, 2);
    const source = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
    const grey = await source.clone().toColourspace('b-w').png().toBuffer();
    const { data: greys } = await sharp(grey)
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(decodePng(grey, 'x.png').data.filter((_, i) => i % 4 === 1)).toEqual(new Uint8ClampedArray(greys));
    const deep = await source.clone().toColourspace('rgb16').png().toBuffer();
    const { data: samples } = await sharp(deep)
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const words = new Uint16Array(samples.buffer as ArrayBuffer, samples.byteOffset, samples.length / 2);
    const colors = decodePng(deep, 'x.png').data.filter((_, i) => i % 4 !== 3);
    expect([...colors]).toEqual(Array.from(words, (v) => Math.round(v / 257)));
  });

  it('that is broken is refused', () => {
    const made = encodePng(picture(9, 9, 1));
    expect(() => decodePng(made.subarray(0, made.length - 60), 'x.png')).toThrow('x.png');
    expect(() => decodePng(Uint8Array.of(1, 2, 3), 'x.png')).toThrow('x.png');
  });
});
