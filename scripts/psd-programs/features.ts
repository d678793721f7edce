import { NEUTRAL } from '../../src/document/adjustment';
import { BLEND_MODES } from '../../src/document/blend-mode';
import { adjustmentLayer, groupLayer, newDocument, pixelLayer } from '../../src/document/new-layer';
import type { Document, Layer, LayerMask, PixelLayer } from '../../src/document/records';
import type { TestShelf } from '../../src/formats/shelf-for-tests';
import { createImage, createMask, type Image } from '../../src/pixels/image';

const WIDTH = 64;
const HEIGHT = 48;

/** A document that shows one feature. */
export interface Feature {
  readonly name: string;
  readonly document: Document;
}

/** An opaque picture of many colours. */
export function backdrop(): Image {
  const image = createImage(WIDTH, HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = 4 * (y * WIDTH + x);
      image.data.set([(x * 255) / 63, (y * 255) / 47, 255 - ((x + y) * 255) / 110, 255], i);
    }
  }
  return image;
}

/** A disc of another ramp with a soft edge, smaller than the backdrop. */
export function disc(): Image {
  const image = createImage(40, 40);
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 40; x++) {
      const distance = Math.hypot(x - 19.5, y - 19.5);
      const alpha = Math.min(1, Math.max(0, (20 - distance) / 6));
      image.data.set([255 - x * 6, (x * y) / 7, y * 6, 255 * alpha], 4 * (y * 40 + x));
    }
  }
  return image;
}

/** One document for each thing that a PSD or OpenRaster file can say and Attune claims. */
export function features(shelf: TestShelf): Feature[] {
  const under = shelf.image(backdrop());
  const over = shelf.image(disc());
  const bottom = pixelLayer({ id: 'b', name: 'Backdrop', pixels: under, width: WIDTH, height: HEIGHT });
  const at = (e: number, f: number) => ({ a: 1, b: 0, c: 0, d: 1, e, f });
  const top = (more: Partial<PixelLayer> = {}): PixelLayer =>
    pixelLayer({ id: 't', name: 'Disc', pixels: over, width: 40, height: 40, transform: at(12, 4), ...more });
  const feature = (name: string, ...layers: Layer[]): Feature => {
    const inside = new Set(layers.flatMap((layer) => (layer.kind === 'group' ? layer.children : [])));
    const order = layers.map(({ id }) => id).filter((id) => !inside.has(id));
    return { name, document: newDocument({ width: WIDTH, height: HEIGHT }, layers, order) };
  };
  const ramp = createMask(30, 30);
  for (let i = 0; i < ramp.data.length; i++) ramp.data[i] = ((i % 30) * 255) / 29;
  const mask = (more: Partial<LayerMask> = {}): LayerMask => ({
    pixels: shelf.mask(ramp),
    width: 30,
    height: 30,
    transform: at(16, 8),
    outside: 'hides',
    enabled: true,
    inverted: false,
    density: 1,
    feather: 0,
    linked: true,
    ...more,
  });
  const group = (more: Partial<Parameters<typeof groupLayer>[0]> = {}) =>
    groupLayer({ id: 'g', name: 'Group', children: ['t'], ...more });
  return [
    feature('layers, transparency, offset', bottom, top()),
    feature('a layer beyond the edges', bottom, top({ transform: at(-15, 25) })),
    feature('a transparent document', top()),
    feature('hidden layer', bottom, top({ visible: false })),
    feature('opacity', bottom, top({ opacity: 153 / 255 })),
    feature('fill', bottom, top({ fill: 102 / 255 })),
    feature(
      'scaled and turned layer',
      bottom,
      top({ transform: { a: 0.8, b: 0.3, c: -0.3, d: 0.8, e: 20, f: 3 } }),
    ),
    feature('mask', bottom, top({ mask: mask() })),
    feature('mask, showing outside', bottom, top({ mask: mask({ outside: 'shows' }) })),
    feature('mask, disabled', bottom, top({ mask: mask({ enabled: false }) })),
    feature('mask, inverted', bottom, top({ mask: mask({ inverted: true }) })),
    feature('mask density', bottom, top({ mask: mask({ density: 128 / 255 }) })),
    feature('mask feather', bottom, top({ mask: mask({ feather: 2 }) })),
    feature(
      'clipping',
      bottom,
      top(),
      pixelLayer({ ...bottom, id: 'c', name: 'Clipped', clipped: true, opacity: 0.6 }),
    ),
    feature('group, pass through', bottom, top({ blend: 'multiply' }), group()),
    feature('group, isolated', bottom, top({ blend: 'multiply' }), group({ isolated: true })),
    feature('group opacity', bottom, top(), group({ isolated: true, opacity: 102 / 255 })),
    feature('group mode', bottom, top(), group({ isolated: true, blend: 'screen' })),
    feature('group mask', bottom, top(), group({ isolated: true, mask: mask() })),
    feature('harmonized layer', bottom, harmonized(shelf, top())),
    ...BLEND_MODES.map((blend) => feature(`mode ${blend}`, bottom, top({ blend }))),
    ...BLEND_MODES.filter((_, i) => i % 5 === 1).map((blend) =>
      feature(`mode ${blend}, opacity 60 %`, bottom, top({ blend, opacity: 153 / 255 })),
    ),
    ...adjusted().map(({ adjustment }) =>
      feature(`adjustment ${adjustment.kind}`, bottom, adjustmentLayer({ id: 'a', name: 'A', adjustment })),
    ),
  ];
}

function harmonized(shelf: TestShelf, layer: PixelLayer): PixelLayer {
  const result = disc();
  for (let i = 0; i < result.data.length; i += 4) {
    result.data[i] = result.data[i]! * 0.6;
    result.data[i + 2] = 255 - result.data[i + 2]!;
  }
  const ran = { method: 'colormap', network: 'colormap', version: '1', device: 'cpu', ms: 12 };
  return {
    ...layer,
    harmonization: { ...ran, strength: 0.75, enabled: true, pixels: shelf.image(result) },
  };
}

function adjusted() {
  const channel = { ...NEUTRAL.levels.rgb, black: 30, white: 220, gamma: 1.4 };
  const balance = { cyanRed: 30, magentaGreen: -20, yellowBlue: 10 };
  return [
    { adjustment: { ...NEUTRAL['brightness-contrast'], brightness: 40, contrast: 20 } },
    { adjustment: { ...NEUTRAL['brightness-contrast'], brightness: 40, contrast: 20, legacy: true } },
    { adjustment: { ...NEUTRAL.levels, rgb: channel } },
    {
      adjustment: {
        ...NEUTRAL.curves,
        rgb: [
          { input: 0, output: 10 },
          { input: 90, output: 130 },
          { input: 255, output: 240 },
        ],
      },
    },
    { adjustment: { ...NEUTRAL.exposure, exposure: 0.7, gamma: 1.1 } },
    { adjustment: { ...NEUTRAL['hue-saturation'], master: { hue: 40, saturation: 20, lightness: 5 } } },
    { adjustment: { ...NEUTRAL['color-balance'], midtones: balance } },
  ] as const;
}
