import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from './wire';

const encodeText = (text: string) => new TextEncoder().encode(text);
const decodeText = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const typed = fc.oneof(
  fc.float32Array({ noNaN: true, maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8ClampedArray({ maxLength: 40 }),
);
const message = fc.record({
  name: fc.string(),
  list: fc.array(fc.oneof(typed, fc.double({ noNaN: true, noDefaultInfinity: true }))),
  deep: fc.record({ pixels: typed }),
});

describe('messages of the loopback host', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const received = decodeMessage(encodeMessage(sent, encodeText), decodeText);
        // JSON has no −0.
        expect(JSON.parse(JSON.stringify(received))).toEqual(JSON.parse(JSON.stringify(sent)));
        expect((received as typeof sent).deep.pixels.constructor).toBe(sent.deep.pixels.constructor);
      }),
    );
  });

  it('do not depend on where in a buffer they lie', () => {
    const bytes = encodeMessage({ pixels: new Float32Array([1, 2, 3]) }, encodeText);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeMessage(shifted.subarray(3), decodeText)).toEqual({ pixels: new Float32Array([1, 2, 3]) });
    // A Node Buffer lies in the middle of a pool, and its slice() is no copy.
    expect(decodeMessage(Buffer.from(bytes), decodeText)).toEqual({ pixels: new Float32Array([1, 2, 3]) });
  });

  it('are refused when cut short or mangled, never read out of bounds', () => {
    const whole = encodeMessage({ pixels: new Float32Array(8), more: new Uint8Array(5) }, encodeText);
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      try {
        // A cut inside the padding at the end loses nothing.
        expect(decodeMessage(cut, decodeText)).toEqual({
          pixels: new Float32Array(8),
          more: new Uint8Array(5),
        });
        expect(whole.length - length).toBeLessThan(8);
      } catch (error) {
        expect(
          error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError,
        ).toBe(true);
      }
    }
    const claim = (reference: unknown) => encodeMessage({ pixels: { $bytes: reference } }, encodeText);
    for (const reference of [
      ['f32', 0, 9e9],
      ['f32', -8, 1],
      ['f32', 4, 0],
      ['f64', 0, 0],
      ['u8', 0.5, 1],
      'all',
      [],
      ['__proto__', 0, 0],
    ]) {
      expect(() => decodeMessage(claim(reference), decodeText)).toThrow(RangeError);
    }
  });
});
