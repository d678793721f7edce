import { noteContent } from '../../pixels/content';
import { createImage, type Image } from '../../pixels/image';
import { ascii, ByteReader } from './bytes';
import { decodeChannel, decodePlanes, type Plane, type Target } from './channels';
import { MODES, type LayerRecord, type PsdContainer } from './container';
import { arePackedRows, decodePackedRows, type PackedChannel } from './packed-rows';

/** The resource that names the alpha channels. */
const ALPHA_NAMES = 1006;
/** The resource that numbers them. */
const ALPHA_NUMBERS = 1053;
/** The resource that names the transparent colour of an indexed file. */
const TRANSPARENT_INDEX = 1047;

/** The bytes of a resource, or null. */
export function resourceOf(container: PsdContainer, bytes: Uint8Array, id: number): Uint8Array | null {
  const found = container.resources.find((resource) => resource.id === id);
  return found ? bytes.subarray(found.start, found.end) : null;
}

/**
 * Decodes the flattened picture that the file carries. Where it has transparency its colours are mixed with white, as
 * Photoshop writes them, and are taken out of it again.
 */
export function decodeComposite(container: PsdContainer, bytes: Uint8Array, name: string): Image {
  const { width, height, depth, mode, channels, large, composite } = container;
  const image = createImage(width, height);
  const { data } = image;
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  const reader = new ByteReader(bytes, name, composite.start, composite.end);
  const compression = reader.u16();
  const plane: Plane = { width, height, depth, large };
  const colors = mode === MODES.rgb ? 3 : 1;
  const withAlpha = hasAlpha(container, bytes);
  const targets = Array.from({ length: channels }, (_, channel): Target | null => {
    if (channel < colors) return { data, offset: channel, step: 4 };
    return channel === colors && withAlpha ? { data, offset: 3, step: 4 } : null;
  });
  decodePlanes(reader, compression, plane, targets, name);
  if (container.palette) {
    const index = resourceOf(container, bytes, TRANSPARENT_INDEX);
    lookUp(data, container.palette, index && index.length >= 2 ? index[0]! * 256 + index[1]! : -1);
  } else if (mode !== MODES.rgb) greyToRgb(data);
  if (withAlpha) takeOutWhite(data);
  return image;
}

/** Whether the channel after the colours is the picture's transparency rather than a saved selection. */
export function hasAlpha(container: PsdContainer, bytes: Uint8Array): boolean {
  const colors = container.mode === MODES.rgb ? 3 : 1;
  if (container.channels <= colors || container.palette) return false;
  if (container.mergedAlpha) return true;
  // Of the channels' numbers, 0 is that of the transparency.
  const numbers = resourceOf(container, bytes, ALPHA_NUMBERS);
  if (numbers && numbers.length >= 4 && numbers.subarray(0, 4).every((byte) => byte === 0)) return true;
  const names = resourceOf(container, bytes, ALPHA_NAMES);
  return names !== null && names.length > 12 && ascii(names.subarray(1, 13)) === 'Transparency';
}

function lookUp(data: Uint8ClampedArray, palette: Uint8Array, transparent: number): void {
  for (let i = 0; i < data.length; i += 4) {
    const index = data[i]!;
    data[i] = palette[index]!;
    data[i + 1] = palette[256 + index]!;
    data[i + 2] = palette[512 + index]!;
    if (index === transparent) data[i + 3] = 0;
  }
}

function greyToRgb(data: Uint8ClampedArray): void {
  for (let i = 0; i < data.length; i += 4) data[i + 1] = data[i + 2] = data[i]!;
}

/** c' = c·a + 255·(1 − a), solved for c. */
function takeOutWhite(data: Uint8ClampedArray): void {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let k = 0; k < 3; k++) data[i + k] = ((data[i + k]! - 255) * 255) / alpha + 255;
  }
}

/** What of a file's records unpacking one layer needs; plain, so that another thread can be told. */
export type PackedLayer = Pick<PsdContainer, 'depth' | 'large' | 'mode'> &
  Pick<LayerRecord, 'box' | 'channels'>;

/** {@link PackedLayer} of a layer. */
export function packedLayer(container: PsdContainer, record: LayerRecord): PackedLayer {
  const { depth, large, mode } = container;
  const { box, channels } = record;
  return { depth, large, mode, box, channels };
}

/**
 * Decodes a layer's pixels: RGBA of the layer's own size; without a transparency channel it is opaque. `room` makes
 * where they go, all zeros.
 */
export function decodeLayer(
  layer: PackedLayer,
  bytes: Uint8Array,
  name: string,
  room: (length: number) => Uint8ClampedArray = (length) => new Uint8ClampedArray(length),
): Image {
  const { width, height } = layer.box;
  const { depth, large, mode } = layer;
  const image = { width, height, data: room(4 * width * height) };
  const plane: Plane = { width, height, depth, large };
  const channels = layer.channels.flatMap(({ id, start, end }) => {
    const to = id === -1 ? 3 : id;
    if (to < 0 || to > 3 || (id >= 0 && id >= (mode === MODES.rgb ? 3 : 1))) return [];
    return [{ bytes: bytes.subarray(start, end), to: to as PackedChannel['to'] }];
  });
  const alpha = channels.some(({ to }) => to === 3);
  if (depth === 8 && arePackedRows(channels)) {
    noteContent(image, decodePackedRows(channels, plane, image.data, name));
    if (mode !== MODES.rgb) greyToRgb(image.data);
    return image;
  }
  for (const { bytes: channel, to } of channels) {
    decodeChannel(channel, plane, { data: image.data, offset: to, step: 4 }, name);
  }
  if (!alpha) for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  if (mode !== MODES.rgb) greyToRgb(image.data);
  return image;
}
