import { describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { readSignature } from './signature';

const text = (value: string) => Uint8Array.from(value, (c) => c.charCodeAt(0));
const join = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const u32 = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

function pngOf(width: number, height: number, end = true): Uint8Array {
  const header = join(u32(13), text('IHDR'), u32(width), u32(height), [8, 6, 0, 0, 0], u32(0));
  return join(text('\x89PNG\r\n\x1a\n'), header, end ? join(u32(0), text('IEND'), u32(0)) : []);
}
function jpegOf(width: number, height: number, end = true): Uint8Array {
  const frame = [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
  return join([0xff, 0xd8], frame, [0xff, 0xda, 0, 2, 1, 2, 3, 4, 5], end ? [0xff, 0xd9] : []);
}
function refusal(bytes: Uint8Array): Fault {
  try {
    readSignature(bytes, 'sofa.png');
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
  throw new Error('It was not refused.');
}

describe('the signature of a picture file', () => {
  it('knows PNG and JPEG with their sizes, whatever the name says', () => {
    expect(readSignature(pngOf(640, 480), 'a.jpg')).toEqual({
      type: 'image/png',
      size: { width: 640, height: 480 },
    });
    expect(readSignature(jpegOf(300, 200), 'a.png')).toEqual({
      type: 'image/jpeg',
      size: { width: 300, height: 200 },
    });
  });

  it('refuses files that are cut short', () => {
    expect(refusal(pngOf(640, 480, false)).message).toContain('cut short');
    expect(refusal(jpegOf(300, 200, false)).message).toContain('cut short');
    expect(refusal(jpegOf(300, 200).subarray(0, 9)).message).toContain('cut short');
    expect(refusal(join(text('RIFF'), [99, 0, 0, 0], text('WEBP'))).message).toContain('cut short');
  });

  it('refuses pictures beyond what fits, naming the size', () => {
    const fault = refusal(pngOf(65535, 65535));
    expect(fault.code).toBe('too-large');
    expect(fault.message).toContain('65535×65535');
    expect(fault.message).toContain('sofa.png');
  });

  it('says what other files are and what to do', () => {
    expect(refusal(text('8BPS\0\x01')).message).toContain('Photoshop');
    expect(refusal(text('%PDF-1.7')).message).toContain('PDF');
    expect(refusal(text('II*\0\x10\0\0\0CR\x02\0')).message).toContain('raw camera file');
    expect(refusal(text('hello')).code).toBe('unreadable');
    expect(refusal(new Uint8Array()).message).toContain('empty');
    expect(refusal(text('8BPS')).hint).toContain('PNG');
  });

  it('tells what only a host may read, and what it reads better', () => {
    expect(readSignature(text('II*\0....'), 'a.tif').foreign).toContain('TIFF');
    expect(readSignature(text('<?xml version="1.0"?><svg xmlns="">'), 'a.svg').foreign).toContain('SVG');
    expect(readSignature(text('....ftypheic'), 'a.heic').foreign).toContain('HEIC');
    const deep = pngOf(2, 2);
    deep[24] = 16;
    expect(readSignature(deep, 'a.png').deep).toBe(true);
    expect(readSignature(pngOf(2, 2), 'a.png').deep).toBeUndefined();
  });
});
