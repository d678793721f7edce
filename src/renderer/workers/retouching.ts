import { renderMaskIn } from '../../compositor/render';
import type { Document, LayerId, PixelLayer } from '../../document/records';
import { pixelLayerOf } from '../../document/tree';
import { around, common, type Coverage, solid, within } from '../../pixels/coverage';
import { Fault } from '../../pixels/fault';
import type { Box, Image } from '../../pixels/image';
import { invert, multiply, translation } from '../../pixels/matrix';
import { erased, filled, lifted } from '../../pixels/retouch';
import { boundsOf } from '../state/place';
import { noted } from './decode';
import { flatten } from './flatten';
import { allocatePixels, toImageData, type PixelShelf } from './pixel-shelf';
import type { Retouched, Retouching } from './retouch-protocol';
import { alone, presentOf } from './selecting';

/**
 * New pixels of a layer, of its own and of its harmonized ones alike: what is selected (with nothing selected: all) erased,
 * filled with a colour, or by itself. Null when nothing of the layer is selected.
 */
export async function retouch(
  document: Document,
  id: LayerId,
  how: Retouching,
  shelf: PixelShelf,
): Promise<Retouched | null> {
  const layer = pixelLayerOf(document, id);
  if (!layer) throw new Fault('document', 'This layer has no pixels.', 'Choose a layer of pixels.');
  const area = presentOf(document, shelf) ?? solid({ x: 0, y: 0, ...sizeOf(document) });
  const own: Box = { x: 0, y: 0, width: layer.width, height: layer.height };
  const bounds = boxOf(boundsOf(invert(layer.transform), area));
  const grows = how.kind === 'fill' && !keepsAlpha(layer, how);
  const part = grows ? bounds : common(bounds, own);
  if (!part) return null;
  const coverage = coverageIn(layer, area, part);
  const frame = grows ? around(own, bounds) : own;
  const made = (pixels: string) => apply(how, layer, shelf.need(pixels, layer.name), coverage, frame);
  const image = made(layer.pixels);
  const harmonized = layer.harmonization && made(layer.harmonization.pixels);
  if (!image || (layer.harmonization && !harmonized)) return null;
  const [x, y] = how.kind === 'lift' ? [part.x, part.y] : [frame.x, frame.y];
  const kin = harmonized && put(harmonized, shelf);
  return { ...put(image, shelf), width: image.width, height: image.height, x, y, harmonized: kin };
}

const sizeOf = ({ width, height }: Document) => ({ width, height });
const keepsAlpha = (layer: PixelLayer, how: Extract<Retouching, { kind: 'fill' }>) =>
  how.keepAlpha || layer.locks.transparency;

function put(image: Image, shelf: PixelShelf) {
  const id = `${image.width}x${image.height}-${crypto.randomUUID()}`;
  shelf.put(id, image);
  return noted(id, image);
}

function apply(
  how: Retouching,
  layer: PixelLayer,
  image: Image,
  coverage: Coverage,
  frame: Box,
): Image | null {
  if (how.kind === 'erase') return erased(image, coverage, allocatePixels);
  if (how.kind === 'lift') return lifted(image, coverage, allocatePixels);
  const { colour, opacity } = how;
  return filled(
    image,
    coverage,
    { colour, opacity, keepAlpha: keepsAlpha(layer, how), frame },
    allocatePixels,
  );
}

/** Outwards to whole pixels; what is a hair beyond is not. */
function boxOf({ x, y, width, height }: Box): Box {
  const hair = 1e-6;
  const [left, top] = [Math.floor(x + hair), Math.floor(y + hair)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.ceil(x + width - hair) - left),
    height: Math.max(1, Math.ceil(y + height - hair) - top),
  };
}

/** How much of each of the layer's pixels in `part` lies in the document's `area`. */
function coverageIn(layer: PixelLayer, area: Coverage, part: Box): Coverage {
  const mask = {
    pixels: '',
    width: area.width,
    height: area.height,
    transform: translation(area.x, area.y),
    outside: 'hides',
    enabled: true,
    inverted: false,
    density: 1,
    feather: 0,
    linked: false,
  } as const;
  const source = { get: () => undefined, mask: () => area };
  const toView = multiply(translation(-part.x, -part.y), invert(layer.transform));
  const { width, height } = part;
  return { ...part, data: renderMaskIn(mask, layer.name, source, { width, height, toView }).data };
}

/**
 * What is selected as a PNG for the clipboard: of the layer by itself or, with null, of all that is to be seen. Null when
 * nothing is there.
 */
export async function copied(
  document: Document,
  id: LayerId | null,
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<Blob | null> {
  const frame = { x: 0, y: 0, ...sizeOf(document) };
  const area = presentOf(document, shelf) ?? solid(frame);
  const whole = await flatten(id === null ? document : alone(document, id), shelf, signal);
  const inside = common(area, frame);
  const cut = inside && lifted(whole, within(area, inside), (length) => new Uint8ClampedArray(length));
  if (!cut) return null;
  const canvas = new OffscreenCanvas(cut.width, cut.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Fault('too-large', 'There is not enough memory for a picture of this size.');
  context.putImageData(toImageData(cut), 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
