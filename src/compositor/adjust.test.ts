import { describe, expect, it } from 'vitest';
import { type Adjustment, NEUTRAL } from '../document/adjustment';
import { adjustmentLayer, newDocument, pixelLayer } from '../document/new-layer';
import type { Image } from '../pixels/image';
import { linearOf, srgbOf } from '../pixels/light';
import { documentView, renderDocument } from './render';
import { picture } from './scenes-for-tests';

/** The image under an adjustment layer. */
function adjusted(image: Image, adjustment: Adjustment, opacity = 1): Uint8ClampedArray {
  const { width, height } = image;
  const document = newDocument({ width, height }, [
    pixelLayer({ id: 'p', name: 'p', pixels: 'p', width, height }),
    adjustmentLayer({ id: 'a', name: 'a', adjustment, opacity }),
  ]);
  return renderDocument(document, { get: () => image }, documentView(document)).data;
}

const one = (r: number, g: number, b: number, alpha = 255): Image => ({
  width: 1,
  height: 1,
  data: Uint8ClampedArray.of(r, g, b, alpha),
});
const noise = picture(40, 30, 21);

describe('adjustments', () => {
  it.each(Object.values(NEUTRAL))('neutral $kind changes nothing, bit for bit', (neutral) => {
    const seen = noise.data.map((v, i) => (noise.data[i | 3] === 0 ? 0 : v));
    expect(adjusted(noise, neutral)).toEqual(seen);
  });

  it('exposure works on linear light, and alpha stays', () => {
    const data = adjusted(one(100, 50, 20, 77), { ...NEUTRAL.exposure, exposure: 1 });
    [100, 50, 20].forEach((level, c) => {
      const plain = 255 * srgbOf(Math.min(2 * linearOf(level / 255), 1));
      expect(Math.abs(data[c]! - plain)).toBeLessThanOrEqual(1);
    });
    expect(data[3]).toBe(77);
  });

  it('levels stretch, curves go through their points', () => {
    const rgb = { ...NEUTRAL.levels.rgb, black: 50, white: 200 };
    const stretched = adjusted(one(50, 125, 200), { ...NEUTRAL.levels, rgb });
    expect(Array.from(stretched)).toEqual([0, 128, 255, 255]);
    const curve = [
      { input: 0, output: 20 },
      { input: 100, output: 140 },
      { input: 255, output: 230 },
    ];
    const bent = adjusted(one(0, 100, 255), { ...NEUTRAL.curves, rgb: curve });
    expect(Array.from(bent)).toEqual([20, 140, 230, 255]);
  });

  it('a third of a turn of hue makes red green; no saturation makes grey', () => {
    const turned = { ...NEUTRAL['hue-saturation'], master: { hue: 120, saturation: 0, lightness: 0 } };
    expect(Array.from(adjusted(one(255, 0, 0), turned))).toEqual([0, 255, 0, 255]);
    const grey = { ...NEUTRAL['hue-saturation'], master: { hue: 0, saturation: -100, lightness: 0 } };
    const { data } = { data: adjusted(one(200, 40, 90), grey) };
    expect(Array.from(data)).toEqual([120, 120, 120, 255]);
  });

  it('color balance moves the tones it names', () => {
    const warm = { cyanRed: 50, magentaGreen: 0, yellowBlue: 0 };
    const balance = { ...NEUTRAL['color-balance'], midtones: warm, preserveLuminosity: false };
    const [r, g, b] = adjusted(one(128, 128, 128), balance);
    expect(r!).toBeGreaterThan(150);
    expect([g, b]).toEqual([128, 128]);
    expect(Array.from(adjusted(one(0, 0, 0), balance))).toEqual([0, 0, 0, 255]);
  });

  it('brightness keeps black and white; contrast keeps them and the middle', () => {
    const bright = { ...NEUTRAL['brightness-contrast'], brightness: 80 };
    const [black, middle, white] = adjusted(one(0, 128, 255), bright);
    expect([black, white]).toEqual([0, 255]);
    expect(middle!).toBeGreaterThan(140);
    const harder = { ...NEUTRAL['brightness-contrast'], contrast: 60 };
    const [low, , high] = adjusted(one(64, 128, 192), harder);
    expect(low!).toBeLessThan(60);
    expect(high!).toBeGreaterThan(196);
  });

  it('fades with its opacity', () => {
    const dark = { ...NEUTRAL.exposure, exposure: -20 };
    const [r] = adjusted(one(200, 200, 200), dark, 0.5);
    expect(Math.abs(r! - 100)).toBeLessThanOrEqual(1);
  });
});
