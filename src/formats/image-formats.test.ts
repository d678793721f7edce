import { describe, expect, it } from 'vitest';
import { Fault } from '../pixels/fault';
import { checkFits, extensionOf, formatOf, imageFormats } from './image-formats';

describe('image formats', () => {
  it('finds a format by extension, in any case', () => {
    expect(formatOf('a.png').name).toBe('png');
    expect(formatOf('/x/y.z/A B.JPG').name).toBe('jpeg');
    expect(formatOf('C:\\x\\a.Tiff').name).toBe('tiff');
    expect(formatOf('a.tif').name).toBe('tiff');
  });

  it('takes the extension of the name only', () => {
    expect(extensionOf('/x.png/name')).toBe('');
    expect(extensionOf('.png')).toBe('');
    expect(extensionOf('a.b.WebP')).toBe('.webp');
    expect(extensionOf('a.')).toBe('');
  });

  it('names the known ones when it does not know the extension', () => {
    for (const path of ['a.bmp', 'a', 'a.psd']) {
      const asked = () => formatOf(path);
      expect(asked).toThrow(Fault);
      expect(asked).toThrow(path);
      try {
        asked();
      } catch (error) {
        expect((error as Fault).hint).toBe('Use one of .png, .jpg, .webp, .avif, .tif.');
      }
    }
  });

  it('has no extension twice', () => {
    const all = imageFormats.flatMap(({ extensions }) => extensions);
    expect(new Set(all).size).toBe(all.length);
  });

  it('refuses pictures that do not fit', () => {
    expect(() => checkFits(formatOf('a.webp'), 16383, 1)).not.toThrow();
    expect(() => checkFits(formatOf('a.webp'), 1, 16384)).toThrow('1×16384 pixels do not fit a WebP file');
    expect(() => checkFits(formatOf('a.jpg'), 65536, 1)).toThrow(Fault);
    expect(() => checkFits(formatOf('a.png'), 65536, 1)).not.toThrow();
  });
});
