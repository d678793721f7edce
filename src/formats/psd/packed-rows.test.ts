import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { visibleBounds } from '../../pixels/image';
import { decodeChannel } from './channels';
import { packPlane } from './pack';
import { arePackedRows, decodePackedRows, type PackedChannel } from './packed-rows';

const side = fc.integer({ min: 1, max: 40 });
/** Runs and grain, as photographs and cut-outs have them. */
const value = fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255));

function packed(
  data: Uint8ClampedArray,
  width: number,
  height: number,
  to: PackedChannel['to'],
  large: boolean,
) {
  const plane = packPlane({ width, height, data, offset: to, step: 4 }, large);
  return { bytes: Uint8Array.of(0, 1, ...plane), to };
}

describe('channels in PackBits that are decoded together', () => {
  it('give what they give one after the other', () => {
    fc.assert(
      fc.property(
        side,
        fc.integer({ min: 1, max: 6 }),
        fc.array(value, { minLength: 4, maxLength: 60 }),
        fc.boolean(),
        fc.subarray([0, 1, 2, 3] as const),
        (width, height, values, large, places) => {
          const data = new Uint8ClampedArray(4 * width * height);
          for (let i = 0; i < data.length; i++) data[i] = values[(i * 7) % values.length]!;
          const channels = places.map((to) => packed(data, width, height, to, large));
          const out = new Uint8ClampedArray(data.length);
          expect(arePackedRows(channels)).toBe(true);
          const box = decodePackedRows(channels, { width, height, large }, out, 'a.psd');
          const apart = new Uint8ClampedArray(data.length);
          for (let i = 3; i < apart.length; i += 4) apart[i] = 255;
          for (const { bytes, to } of channels) {
            const plane = { width, height, depth: 8, large };
            decodeChannel(bytes, plane, { data: apart, offset: to, step: 4 }, 'a.psd');
          }
          expect(out).toEqual(apart);
          expect(box).toEqual(
            visibleBounds({ width, height, data: apart }) ?? { x: 0, y: 0, width: 0, height: 0 },
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are refused when a row is too short, and never read beyond what there is', () => {
    const data = new Uint8ClampedArray(4 * 20 * 3).map((_, i) => (i * 31) % 256);
    const whole = packed(data, 20, 3, 0, false);
    for (let length = 2; length < whole.bytes.length; length++) {
      const cut = [{ bytes: whole.bytes.slice(0, length), to: 0 as const }];
      const decode = () =>
        decodePackedRows(cut, { width: 20, height: 3, large: false }, new Uint8ClampedArray(240), 'a.psd');
      expect(decode).toThrow(Fault);
    }
  });

  it('are only those in PackBits, each once', () => {
    const zip = { bytes: Uint8Array.of(0, 2, 0), to: 0 as const };
    const rle = { bytes: Uint8Array.of(0, 1, 0), to: 1 as const };
    expect(arePackedRows([rle, zip])).toBe(false);
    expect(arePackedRows([rle, rle])).toBe(false);
    expect(arePackedRows([rle])).toBe(true);
  });
});
