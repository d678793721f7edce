import fc from 'fast-check';
import { BLEND_MODES } from '../../document/blend-mode';
import { NEUTRAL, type Adjustment } from '../../document/adjustment';
import { adjustmentLayer, groupLayer, newDocument, pixelLayer } from '../../document/new-layer';
import {
  COLOR_TAGS,
  type Document,
  type Layer,
  type LayerMask,
  type Transform,
} from '../../document/records';
import { createImage, createMask, type Image } from '../../pixels/image';
import type { TestShelf } from '../shelf-for-tests';

/** A picture of runs and noise, opaque and not, from a seed. */
export function picture(width: number, height: number, seed: number): Image {
  const image = createImage(width, height);
  let state = seed * 2654435761 + 12345;
  for (let i = 0; i < image.data.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    // Half of the rows are flat, so that runs are packed too.
    const flat = Math.floor(i / (4 * width)) % 2 === 0;
    image.data[i] = flat ? (seed * 37 + (i % 4) * 50) & 255 : state >>> 24;
  }
  return image;
}

const byte = fc.integer({ min: 0, max: 255 }).map((v) => v / 255);
const whole = (min: number, max: number) => fc.integer({ min, max });

const shift: fc.Arbitrary<Transform> = fc
  .tuple(whole(-20, 40), whole(-20, 40))
  .map(([e, f]) => ({ a: 1, b: 0, c: 0, d: 1, e, f }));
const turned: fc.Arbitrary<Transform> = fc
  .tuple(fc.double({ min: 0.3, max: 2, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), shift)
  .map(([scale, angle, at]) => ({
    a: scale * Math.cos(angle),
    b: scale * Math.sin(angle),
    c: -scale * Math.sin(angle),
    d: scale * Math.cos(angle),
    e: at.e + 0.25,
    f: at.f,
  }));

const balance = fc.record({
  cyanRed: whole(-100, 100),
  magentaGreen: whole(-100, 100),
  yellowBlue: whole(-100, 100),
});
const channel = fc.record({
  black: whole(0, 253),
  white: whole(2, 255),
  gamma: whole(10, 999).map((v) => v / 100),
  outputBlack: whole(0, 255),
  outputWhite: whole(0, 255),
});
const curve = fc
  .uniqueArray(whole(0, 255), { minLength: 2, maxLength: 16 })
  .chain((inputs) =>
    fc
      .array(whole(0, 255), { minLength: inputs.length, maxLength: inputs.length })
      .map((outputs) => inputs.toSorted((a, b) => a - b).map((input, i) => ({ input, output: outputs[i]! }))),
  );
const hue = fc.record({ hue: whole(-180, 180), saturation: whole(-100, 100), lightness: whole(-100, 100) });
const range = fc.record({
  fadeIn: whole(0, 360),
  from: whole(0, 360),
  to: whole(0, 360),
  fadeOut: whole(0, 360),
});

export const adjustments: fc.Arbitrary<Adjustment> = fc.oneof(
  fc.constantFrom(...Object.values(NEUTRAL)),
  fc.record({
    kind: fc.constant('brightness-contrast' as const),
    brightness: whole(-150, 150),
    contrast: whole(-50, 100),
    legacy: fc.constant(false),
  }),
  fc.record({
    kind: fc.constant('brightness-contrast' as const),
    brightness: whole(-100, 100),
    contrast: whole(-100, 100),
    legacy: fc.constant(true),
  }),
  fc.record({
    kind: fc.constant('levels' as const),
    rgb: channel,
    red: channel,
    green: channel,
    blue: channel,
  }),
  fc.record({ kind: fc.constant('curves' as const), rgb: curve, red: curve, green: curve, blue: curve }),
  fc.record({
    kind: fc.constant('exposure' as const),
    exposure: fc.float({ min: -20, max: 20, noNaN: true }),
    offset: fc.float({ min: -0.5, max: 0.5, noNaN: true }),
    gamma: fc.float({ min: Math.fround(0.02), max: Math.fround(9.98), noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('color-balance' as const),
    shadows: balance,
    midtones: balance,
    highlights: balance,
    preserveLuminosity: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('hue-saturation' as const),
    colorize: fc.constant(false),
    master: hue,
    ranges: fc.array(
      fc.tuple(hue, range).map(([shifts, degrees]) => ({ ...shifts, ...degrees })),
      { minLength: 6, maxLength: 6 },
    ),
  }),
  fc.record({
    kind: fc.constant('hue-saturation' as const),
    colorize: fc.constant(true),
    master: fc.record({ hue: whole(0, 359), saturation: whole(0, 100), lightness: whole(-100, 100) }),
    ranges: fc.constant([]),
  }),
);

const common = fc.record({
  name: fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }).filter((name) => !name.includes('\0')),
  visible: fc.boolean(),
  locks: fc.record({ transparency: fc.boolean(), pixels: fc.boolean(), position: fc.boolean() }),
  opacity: byte,
  fill: byte,
  blend: fc.constantFrom(...BLEND_MODES),
  clipped: fc.boolean(),
  tag: fc.constantFrom(...COLOR_TAGS),
});
const size = fc.tuple(whole(1, 24), whole(1, 24));
const seed = whole(1, 1000);

const maskOf = (shelf: TestShelf): fc.Arbitrary<LayerMask> =>
  fc
    .record({
      size,
      seed,
      transform: shift,
      outside: fc.constantFrom('shows' as const, 'hides' as const),
      enabled: fc.boolean(),
      inverted: fc.boolean(),
      density: byte,
      feather: fc.double({ min: 0, max: 1000, noNaN: true }),
      linked: fc.boolean(),
    })
    .map(({ size: [width, height], seed: from, ...rest }) => {
      const mask = createMask(width, height);
      const { data } = picture(width, height, from);
      for (let i = 0; i < mask.data.length; i++) mask.data[i] = data[4 * i + 1]!;
      return { ...rest, pixels: shelf.mask(mask), width, height };
    });

const harmonization = (shelf: TestShelf, width: number, height: number) =>
  fc
    .record({
      seed,
      strength: fc.constantFrom(0, 0.25, 0.6, 1),
      enabled: fc.boolean(),
      ms: whole(0, 9999),
    })
    .map(({ seed: from, ...rest }) => ({
      ...rest,
      method: 'colormap',
      network: 'colormap',
      version: '2',
      device: 'CPU <&"\'>',
      pixels: shelf.image(picture(width, height, from + 1000)),
    }));

/** Layers without ids, in a tree. */
type Made = (id: () => string, all: Layer[]) => string;

function layers(shelf: TestShelf, depth: number): fc.Arbitrary<Made> {
  const mask = fc.option(maskOf(shelf), { nil: null, freq: 2 });
  const pixels: fc.Arbitrary<Made> = size.chain(([width, height]) =>
    fc
      .record({
        common,
        mask,
        seed,
        transform: fc.oneof({ weight: 3, arbitrary: shift }, { weight: 1, arbitrary: turned }),
        harmonization: fc.option(harmonization(shelf, width, height), { nil: null, freq: 2 }),
      })
      .map(({ common: shared, seed: from, ...rest }) => (id, all) => {
        const own = id();
        const held = shelf.image(picture(width, height, from));
        all.push(pixelLayer({ ...shared, ...rest, id: own, pixels: held, width, height }));
        return own;
      }),
  );
  const adjusting: fc.Arbitrary<Made> = fc
    .record({ common, mask, adjustment: adjustments })
    .map(({ common: shared, ...rest }) => (id, all) => {
      const own = id();
      all.push(adjustmentLayer({ ...shared, ...rest, id: own }));
      return own;
    });
  if (depth === 0) return fc.oneof({ weight: 3, arbitrary: pixels }, adjusting);
  const group: fc.Arbitrary<Made> = fc
    .record({
      common,
      mask,
      isolated: fc.boolean(),
      expanded: fc.boolean(),
      inside: fc.array(layers(shelf, depth - 1), { maxLength: 3 }),
    })
    .map(({ common: shared, inside, isolated, ...rest }) => (id, all) => {
      const children = inside.map((make) => make(id, all));
      const own = id();
      // A group that passes through has no mode of its own.
      const blend = isolated ? shared.blend : 'normal';
      all.push(groupLayer({ ...shared, ...rest, isolated, blend, id: own, children }));
      return own;
    });
  return fc.oneof({ weight: 3, arbitrary: pixels }, adjusting, group);
}

/** Any document that a PSD can hold, with its pixels on the shelf. */
export function documents(shelf: TestShelf): fc.Arbitrary<Document> {
  return fc
    .record({
      width: whole(1, 40),
      height: whole(1, 40),
      resolution: whole(1, 600),
      made: fc.array(layers(shelf, 2), { minLength: 1, maxLength: 5 }),
    })
    .map(({ width, height, resolution, made }) => {
      const all: Layer[] = [];
      let count = 0;
      const id = () => String(++count);
      const order = made.map((make) => make(id, all));
      return newDocument({ width, height, resolution }, all, order);
    });
}
