import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solid, type Coverage } from './coverage';
import type { Image } from './image';
import { type Colour, erased, filled, lifted } from './retouch';

const room = (length: number) => new Uint8ClampedArray(length);
const WIDTH = 9;
const HEIGHT = 7;

const byte = fc.nat(255);
const share = fc.oneof(fc.constant(0), fc.constant(255), byte);
const picture: fc.Arbitrary<Image> = fc
  .array(fc.oneof(fc.constant(0), fc.constant(255), byte), {
    minLength: 4 * WIDTH * HEIGHT,
    maxLength: 4 * WIDTH * HEIGHT,
  })
  .map((values) => ({ width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(values) }));
/** A coverage that lies inside the picture. */
const inside: fc.Arbitrary<Coverage> = fc
  .record({
    x: fc.nat(WIDTH - 1),
    y: fc.nat(HEIGHT - 1),
    values: fc.array(share, { minLength: 63, maxLength: 63 }),
  })
  .map(({ x, y, values }) => {
    const [width, height] = [WIDTH - x, HEIGHT - y];
    return { x, y, width, height, data: new Uint8ClampedArray(values.slice(0, width * height)) };
  });
const colour = fc.tuple(byte, byte, byte) as fc.Arbitrary<Colour>;
const frame = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

const sharesOf = (coverage: Coverage) => {
  const whole = new Uint8ClampedArray(WIDTH * HEIGHT);
  for (let i = 0; i < coverage.data.length; i++) {
    const [x, y] = [i % coverage.width, Math.floor(i / coverage.width)];
    whole[(coverage.y + y) * WIDTH + coverage.x + x] = coverage.data[i]!;
  }
  return whole;
};
const pixel = ({ data }: Image, i: number) => Array.from(data.subarray(4 * i, 4 * i + 4));

describe('retouching', () => {
  it('changes nothing where nothing is covered, and never the picture it is given', () => {
    fc.assert(
      fc.property(picture, inside, colour, fc.boolean(), (image, coverage, paint, keepAlpha) => {
        const before = image.data.slice();
        const how = { colour: paint, opacity: 0.7, keepAlpha, frame };
        const made = [erased(image, coverage, room), filled(image, coverage, how, room)];
        sharesOf(coverage).forEach((covered, i) => {
          if (covered === 0) for (const each of made) expect(pixel(each, i)).toEqual(pixel(image, i));
        });
        expect(filled(image, coverage, { ...how, opacity: 0 }, room).data).toEqual(before);
        expect(image.data).toEqual(before);
      }),
    );
  });

  it('erases and lifts shares that make up the whole', () => {
    fc.assert(
      fc.property(picture, inside, (image, coverage) => {
        const rest = erased(image, coverage, room);
        const part = lifted(image, coverage, room);
        sharesOf(coverage).forEach((covered, i) => {
          const alpha = image.data[4 * i + 3]!;
          expect(Math.abs(rest.data[4 * i + 3]! - (alpha * (255 - covered)) / 255)).toBeLessThanOrEqual(0.5);
          const [x, y] = [(i % WIDTH) - coverage.x, Math.floor(i / WIDTH) - coverage.y];
          if (x < 0 || y < 0) return;
          const own = part ? part.data[4 * (y * coverage.width + x) + 3]! : 0;
          expect(Math.abs(own + rest.data[4 * i + 3]! - alpha)).toBeLessThanOrEqual(1);
          if (covered === 255 && part && alpha > 0)
            expect(pixel(part, y * coverage.width + x)).toEqual(pixel(image, i));
        });
      }),
    );
  });

  it('lifts nothing where nothing is to be seen', () => {
    const clear = { width: WIDTH, height: HEIGHT, data: room(4 * WIDTH * HEIGHT) };
    expect(lifted(clear, solid(frame), room)).toBeNull();
  });

  it('fills wholly with the very colour, and over what there is in between', () => {
    fc.assert(
      fc.property(
        picture,
        inside,
        colour,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (image, area, paint, opacity) => {
          const whole = filled(image, area, { colour: paint, opacity: 1, keepAlpha: false, frame }, room);
          const part = filled(image, area, { colour: paint, opacity, keepAlpha: false, frame }, room);
          sharesOf(area).forEach((covered, i) => {
            if (covered === 255) expect(pixel(whole, i)).toEqual([...paint, 255]);
            const before = image.data[4 * i + 3]! / 255;
            const laid = (covered / 255) * opacity;
            const alpha = laid + before * (1 - laid);
            expect(Math.abs(part.data[4 * i + 3]! - 255 * alpha)).toBeLessThanOrEqual(0.51);
            if (alpha < 0.5) return;
            for (let c = 0; c < 3; c++) {
              const mixed = (paint[c]! * laid + image.data[4 * i + c]! * before * (1 - laid)) / alpha;
              expect(Math.abs(part.data[4 * i + c]! - mixed)).toBeLessThanOrEqual(0.51);
            }
          });
        },
      ),
    );
  });

  it('keeps what is transparent so where that is wanted', () => {
    fc.assert(
      fc.property(picture, inside, colour, (image, area, paint) => {
        const made = filled(image, area, { colour: paint, opacity: 1, keepAlpha: true, frame }, room);
        sharesOf(area).forEach((covered, i) => {
          const alpha = image.data[4 * i + 3]!;
          expect(made.data[4 * i + 3]).toBe(alpha);
          if (alpha === 0) expect(pixel(made, i)).toEqual(pixel(image, i));
          else if (covered === 255) expect(pixel(made, i)).toEqual([...paint, alpha]);
        });
      }),
    );
  });

  it('fills beyond the picture in a larger frame, with the picture at its place', () => {
    fc.assert(
      fc.property(picture, colour, fc.nat(4), fc.nat(4), (image, paint, left, top) => {
        const wide = { x: -left, y: -top, width: WIDTH + left + 2, height: HEIGHT + top + 3 };
        const area = solid({ x: -left, y: -top, width: left + 1, height: top + 1 });
        const how = { colour: paint, opacity: 1, keepAlpha: false, frame: wide };
        const made = filled(image, area, how, room);
        expect([made.width, made.height]).toEqual([wide.width, wide.height]);
        for (let y = 0; y < HEIGHT; y++) {
          for (let x = 0; x < WIDTH; x++) {
            const shown = pixel(made, (y + top) * wide.width + x + left);
            expect(shown).toEqual(x === 0 && y === 0 ? [...paint, 255] : pixel(image, y * WIDTH + x));
          }
        }
        expect(pixel(made, 0)).toEqual([...paint, 255]);
        expect(pixel(made, wide.width * wide.height - 1)).toEqual([0, 0, 0, 0]);
      }),
    );
  });
});
