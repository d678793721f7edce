import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readIccProfile } from './icc-profile';
import { srgbProfile } from './srgb-profile';
import { conversionToSrgb, linearToSrgb, multiply3, SRGB_TO_XYZ, srgbToLinear } from './to-srgb';

/** Another profile in the shape of ours: other colorants, and one gamma for all curves. */
function profileOf(gamma: number, colorants: readonly number[]): Uint8Array {
  const bytes = srgbProfile();
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < view.getUint32(128); i++) {
    const at = 132 + 12 * i;
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
    const start = view.getUint32(at + 4);
    const column = ['rXYZ', 'gXYZ', 'bXYZ'].indexOf(tag);
    for (let row = 0; column >= 0 && row < 3; row++) {
      view.setInt32(start + 8 + 4 * row, Math.round(colorants[3 * row + column]! * 65536));
    }
    if (tag.endsWith('TRC')) {
      view.setUint32(start + 8, 1);
      view.setUint16(start + 12, Math.round(gamma * 256));
    }
  }
  return bytes;
}

/** Adobe RGB (1998) under D50. */
const ADOBE = [0.60974, 0.20528, 0.14919, 0.31111, 0.62567, 0.06322, 0.01947, 0.06087, 0.74457];

describe('colour profiles', () => {
  it('that are sRGB change nothing', () => {
    const profile = readIccProfile(srgbProfile());
    expect(profile?.kind).toBe('rgb');
    expect(conversionToSrgb(profile!)).toBeNull();
  });

  it('of ours are read by another program as sRGB', async () => {
    const pixels = Uint8Array.from({ length: 300 }, (_, i) => (i * 83) & 255);
    const plain = sharp(pixels, { raw: { width: 10, height: 10, channels: 3 } });
    const { icc } = await sharp(await plain.withMetadata().png().toBuffer()).metadata();
    expect(readIccProfile(new Uint8Array(icc!))?.kind).toBe('rgb');
  });

  it('of Adobe RGB come to sRGB', () => {
    const convert = conversionToSrgb(readIccProfile(profileOf(2.19921875, ADOBE))!)!;
    const data = Uint8ClampedArray.of(200, 100, 50, 77, 128, 128, 128, 255, 0, 255, 0, 255);
    convert(data);
    // Computed with Little CMS by Pillow 13 (relative colorimetric, 8 bits), which rounds on its way.
    const expected = [227, 100, 42, 77, 129, 129, 129, 255, 0, 255, 0, 255];
    expected.forEach((level, i) => expect(Math.abs(data[i]! - level)).toBeLessThanOrEqual(1));
  });

  it('that are broken or of another kind are told by null', () => {
    expect(readIccProfile(new Uint8Array(200))).toBeNull();
    for (let length = 0; length < 400; length += 7) {
      expect(readIccProfile(srgbProfile().subarray(0, length))).toBeNull();
    }
  });

  it('have exact inverses', () => {
    for (let i = 0; i <= 255; i++) expect(255 * linearToSrgb(srgbToLinear(i / 255))).toBeCloseTo(i, 6);
    expect(multiply3(SRGB_TO_XYZ, [1, 0, 0, 0, 1, 0, 0, 0, 1])).toEqual(SRGB_TO_XYZ);
  });
});
