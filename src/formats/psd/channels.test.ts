import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeChannel } from './channels';
import { packPlane } from './pack';

const plane = { width: 7, height: 3, depth: 8, large: false };
const withHead = (compression: number, data: Uint8Array) => Uint8Array.of(0, compression, ...data);

function decoded(bytes: Uint8Array, of = plane): number[] {
  const data = new Uint8ClampedArray(of.width * of.height);
  decodeChannel(bytes, of, { data, offset: 0, step: 1 }, 'file.psd');
  return [...data];
}

describe('channels', () => {
  it('come back from PackBits as they went, in both sizes of the format', () => {
    const sample = fc.oneof(fc.constant(9), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.array(sample, { maxLength: 800 }),
        fc.boolean(),
        (width, samples, large) => {
          const height = Math.max(1, Math.ceil(samples.length / width));
          const data = new Uint8ClampedArray(width * height);
          data.set(samples);
          const packed = packPlane({ width, height, data, offset: 0, step: 1 }, large);
          expect(decoded(withHead(1, packed), { width, height, depth: 8, large })).toEqual([...data]);
        },
      ),
    );
  });

  it('are read raw, deflated and predicted', () => {
    const samples = Uint8Array.from({ length: 21 }, (_, i) => (i * 31) & 255);
    expect(decoded(withHead(0, samples))).toEqual([...samples]);
    expect(decoded(withHead(2, zlibSync(samples)))).toEqual([...samples]);
    const predicted = samples.map((v, i) => (i % 7 === 0 ? v : v - samples[i - 1]!));
    expect(decoded(withHead(3, zlibSync(predicted)))).toEqual([...samples]);
  });

  it('of 16 bits become 8, rounded, predicted ones too', () => {
    const deep = { ...plane, width: 3, height: 1, depth: 16 };
    expect(decoded(withHead(0, Uint8Array.of(0, 128, 0, 129, 255, 255)), deep)).toEqual([0, 1, 255]);
    const predicted = Uint8Array.of(0x80, 0x00, 0x7f, 0xff, 0x00, 0x01);
    expect(decoded(withHead(3, zlibSync(predicted)), deep)).toEqual([128, 255, 0]);
  });

  it('that end too early are refused', () => {
    expect(() => decoded(withHead(0, new Uint8Array(20)))).toThrow('cut short');
    expect(() =>
      decoded(withHead(1, Uint8Array.of(0, 2, 0, 2, 0, 2, 256 - 3, 1, 256 - 3, 1, 256 - 3, 1))),
    ).toThrow('too short');
    expect(() => decoded(withHead(2, zlibSync(new Uint8Array(20))))).toThrow('unpack');
    expect(() => decoded(withHead(9, new Uint8Array(40)))).toThrow('compression 9');
  });

  it('that unpack to more than they may stop there', () => {
    expect(decoded(withHead(2, zlibSync(new Uint8Array(50_000_000).fill(7))))).toEqual(Array(21).fill(7));
  });
});
