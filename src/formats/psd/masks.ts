import type { Layer as AgLayer, LayerMaskData } from 'ag-psd';
import { renderDocument } from '../../compositor/render';
import { newDocument, pixelLayer } from '../../document/new-layer';
import type { Frame, LayerMask } from '../../document/records';
import { createImage, createMask, type Mask } from '../../pixels/image';
import { IDENTITY } from '../../pixels/matrix';
import type { ProjectShelf } from '../project-file';
import { decodeChannel } from './channels';
import { checkBox, type LayerRecord, type PsdContainer } from './container';

const boxOf = ({ left = 0, top = 0, right = 0, bottom = 0 }: LayerMaskData) => ({
  x: left,
  y: top,
  width: right - left,
  height: bottom - top,
});

/** How many pixels the layer's mask has. */
export function maskPixels(layer: AgLayer): number {
  if (!layer.mask) return 0;
  const { width, height } = boxOf(layer.mask);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * Reads a layer's mask; null when it has none. A mask without pixels of its own is one pixel of what it says beyond
 * them. `inverted`: the file has it turned, and it is turned back.
 */
export async function readMask(
  container: PsdContainer,
  record: LayerRecord,
  layer: AgLayer,
  inverted: boolean,
  bytes: Uint8Array,
  shelf: ProjectShelf,
  name: string,
): Promise<LayerMask | null> {
  const found = layer.mask;
  if (!found) return null;
  const box = boxOf(found);
  checkBox(box, container.large, name);
  const channel = record.channels.find(({ id }) => id === -2);
  const shows = (found.defaultColor === 255) !== inverted;
  const empty = box.width === 0 || box.height === 0 || !channel || channel.end - channel.start <= 2;
  const mask = empty ? createMask(1, 1) : createMask(box.width, box.height);
  if (empty) mask.data.fill(found.defaultColor ?? 0);
  else {
    const plane = { width: mask.width, height: mask.height, depth: container.depth, large: container.large };
    decodeChannel(
      bytes.subarray(channel.start, channel.end),
      plane,
      { data: mask.data, offset: 0, step: 1 },
      name,
    );
  }
  const density = found.userMaskDensity ?? (found.fromVectorData ? found.vectorMaskDensity : undefined) ?? 1;
  const feather = found.userMaskFeather ?? (found.fromVectorData ? found.vectorMaskFeather : undefined) ?? 0;
  return {
    pixels: await shelf.mask(inverted ? inverse(mask) : mask),
    width: mask.width,
    height: mask.height,
    transform: { a: 1, b: 0, c: 0, d: 1, e: box.x, f: box.y },
    outside: shows ? 'shows' : 'hides',
    enabled: !found.disabled,
    inverted,
    density: Math.min(1, Math.max(0, density)),
    feather: Number.isFinite(feather) ? Math.min(1000, Math.max(0, feather)) : 0,
    linked: !found.positionRelativeToLayer,
  };
}

/** The mask's bytes with white and black changed. */
export function inverse({ width, height, data }: Mask): Mask {
  const out = createMask(width, height);
  for (let i = 0; i < data.length; i++) out.data[i] = 255 - data[i]!;
  return out;
}

/** The mask as it lies in the document, at the document's size. */
export function bakeMask(mask: LayerMask, found: Mask, frame: Pick<Frame, 'width' | 'height'>): Mask {
  // As the alpha of a picture; where nothing lies there alpha is 0, so that a mask that shows beyond itself is turned.
  const turned = mask.outside === 'shows';
  const image = createImage(found.width, found.height);
  for (let i = 0; i < found.data.length; i++)
    image.data[4 * i + 3] = turned ? 255 - found.data[i]! : found.data[i]!;
  const { width, height } = found;
  const layer = pixelLayer({
    id: 'mask',
    name: 'mask',
    pixels: 'mask',
    width,
    height,
    transform: mask.transform,
  });
  const flat = renderDocument(
    newDocument(frame, [layer]),
    { get: () => image },
    {
      width: frame.width,
      height: frame.height,
      toView: IDENTITY,
    },
  );
  const out = createMask(frame.width, frame.height);
  for (let i = 0; i < out.data.length; i++) {
    const alpha = flat.data[4 * i + 3]!;
    out.data[i] = turned ? 255 - alpha : alpha;
  }
  return out;
}
