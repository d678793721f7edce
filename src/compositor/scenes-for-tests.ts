import fc from 'fast-check';
import { type Adjustment, NEUTRAL } from '../document/adjustment';
import { adjustmentLayer, groupLayer, newDocument, pixelLayer } from '../document/new-layer';
import type { Document, Layer, LayerMask } from '../document/records';
import { BLENDINGS } from '../pixels/blend-modes';
import { noteContent } from '../pixels/content';
import type { Image, Mask } from '../pixels/image';
import { IDENTITY, type Matrix } from '../pixels/matrix';
import type { PixelSource } from './pixel-store';

/** A picture of any colours; every second stretch of 16 pixels has alphas of all kinds unless it is opaque. */
export function picture(width: number, height: number, seed: number, opaque = false): Image {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = Math.imul(i + seed, 2_654_435_761) >>> 24;
  for (let i = 3; i < data.length; i += 4) if (opaque || (i >> 6) % 2) data[i] = 255;
  return { width, height, data };
}

function maskPicture(width: number, height: number, seed: number): Mask {
  const data = new Uint8ClampedArray(width * height);
  for (let i = 0; i < data.length; i++) data[i] = Math.imul(i + seed, 40_503) >>> 6;
  return { width, height, data };
}

/** A cut-out on a sheet, of which it is known where that lies. */
function sheet(): Image {
  const image = picture(61, 47, 12);
  const box = { x: 21, y: 9, width: 17, height: 23 };
  for (let i = 0; i < 61 * 47; i++) {
    const [x, y] = [(i % 61) - box.x, Math.floor(i / 61) - box.y];
    if (x < 0 || y < 0 || x >= box.width || y >= box.height) image.data[4 * i + 3] = 0;
  }
  noteContent(image, box);
  return image;
}

const images: Record<string, Image> = {
  back: picture(40, 30, 5, true),
  veil: picture(40, 30, 9),
  cut: picture(13, 11, 77),
  large: picture(90, 70, 31, true),
  sheet: sheet(),
};
const masks: Record<string, Mask> = { whole: maskPicture(40, 30, 3), part: maskPicture(16, 20, 8) };

/** The pixels of all scenes. */
export const source: PixelSource = { get: (id) => images[id], mask: (id) => masks[id] };

const bare = Object.fromEntries(Object.entries(images).map(([id, image]) => [id, { ...image }]));
/** The same, of which nothing is known. */
export const unknownSource: PixelSource = { get: (id) => bare[id], mask: (id) => masks[id] };

// Whole numbers: fast-check likes the extremes of doubles, and a scene of opacities next to 0 shows nothing.
const between = (low: number, high: number) =>
  fc.integer({ min: 0, max: 997 }).map((step) => low + ((high - low) * step) / 997);

const share = fc.oneof(fc.constant(1), between(0.1, 1));

const transform: fc.Arbitrary<Matrix> = fc.oneof(
  fc.constant(IDENTITY),
  fc
    .record({ x: fc.integer({ min: -10, max: 30 }), y: fc.integer({ min: -10, max: 20 }) })
    .map(({ x, y }) => ({
      ...IDENTITY,
      e: x,
      f: y,
    })),
  fc
    .record({
      scale: between(0.15, 3),
      stretch: between(0.3, 2),
      turn: fc.oneof(fc.constant(0), between(0, 6.3)),
      x: between(-10, 30),
      y: between(-10, 20),
    })
    .map(({ scale, stretch, turn, x, y }) => ({
      a: scale * Math.cos(turn),
      b: scale * Math.sin(turn),
      c: -scale * stretch * Math.sin(turn),
      d: scale * stretch * Math.cos(turn),
      e: x,
      f: y,
    })),
);

const layerMask: fc.Arbitrary<LayerMask> = fc.record({
  pixels: fc.constantFrom('whole', 'part'),
  width: fc.constant(40),
  height: fc.constant(30),
  transform,
  outside: fc.constantFrom('shows', 'hides'),
  enabled: fc.boolean(),
  inverted: fc.boolean(),
  density: share,
  feather: fc.oneof(fc.constant(0), between(0, 12)),
  linked: fc.constant(true),
});

const look = fc.record({
  name: fc.constant('layer'),
  visible: fc.oneof(
    { weight: 5, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  opacity: share,
  fill: share,
  blend: fc.oneof(fc.constant('normal' as const), fc.constantFrom(...BLENDINGS)),
  clipped: fc.oneof(
    { weight: 2, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  mask: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: layerMask }),
});

const adjustment: fc.Arbitrary<Adjustment> = fc.oneof(
  fc.constantFrom(...Object.values(NEUTRAL)),
  fc
    .record({
      exposure: between(-3, 3),
      gamma: between(0.3, 3),
    })
    .map((settings): Adjustment => ({ kind: 'exposure', offset: 0.01, ...settings })),
  fc
    .record({ hue: fc.integer({ min: -180, max: 180 }), saturation: fc.integer({ min: -100, max: 100 }) })
    .map(({ hue, saturation }): Adjustment => ({
      ...NEUTRAL['hue-saturation'],
      master: { hue, saturation, lightness: 10 },
    })),
);

type Kind =
  | { kind: 'pixels'; pixels: string; transform: Matrix }
  | { kind: 'adjustment'; adjustment: Adjustment }
  | { kind: 'group'; isolated: boolean; leaves: number };

const kind: fc.Arbitrary<Kind> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pixels' as const),
      pixels: fc.constantFrom('back', 'veil', 'cut', 'large', 'sheet'),
      transform,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('adjustment' as const), adjustment }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('group' as const),
      isolated: fc.boolean(),
      leaves: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

/** Documents of 40×30 pixels with up to nine layers: all modes, groups in groups, clipping, masks, adjustments. */
export const scenes: fc.Arbitrary<Document> = fc
  .array(fc.tuple(look, kind), { minLength: 2, maxLength: 9, size: 'max' })
  .map((parts) => {
    const layers: Layer[] = [];
    // A group takes the last few layers before it that no group has taken.
    let free: string[] = [];
    parts.forEach(([common, own], i) => {
      const id = `l${i}`;
      if (own.kind === 'pixels') {
        const { width, height } = images[own.pixels]!;
        layers.push(pixelLayer({ ...common, ...own, id, width, height }));
      } else if (own.kind === 'adjustment') layers.push(adjustmentLayer({ ...common, ...own, id }));
      else {
        const at = Math.max(0, free.length - own.leaves);
        layers.push(groupLayer({ ...common, id, isolated: own.isolated, children: free.slice(at) }));
        free = free.slice(0, at);
      }
      free.push(id);
    });
    return newDocument({ width: 40, height: 30 }, layers, free);
  });
