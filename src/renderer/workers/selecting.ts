import { renderCoverage, renderMask } from '../../compositor/render';
import { newDocument } from '../../document/new-layer';
import type { Document, LayerId, Selection } from '../../document/records';
import { pixelLayerOf } from '../../document/tree';
import type { NetworkInput, SceneInfo } from '../../harmonize/network';
import { sceneCoverage, sceneLift } from '../../harmonize/scene';
import { squashImage } from '../../pixels/area';
import { combine, common, type Coverage, inverted, solid, trimmed, within } from '../../pixels/coverage';
import { Fault } from '../../pixels/fault';
import type { Box, Image } from '../../pixels/image';
import { scaling } from '../../pixels/matrix';
import { bordered, feathered, grown, shrunk, smoothed } from '../../pixels/morphology';
import { ellipseCorners, polygon } from '../../pixels/polygon';
import { connected, wand } from '../../pixels/wand';
import { alphaOf, digest } from './decode';
import { flatten } from './flatten';
import { liftInPool } from './lift-pool';
import { allocatePixels, type PixelShelf } from './pixel-shelf';
import type { Area, Refinement, Selected } from './selection-protocol';

const frameOf = ({ width, height }: Document): Box => ({ x: 0, y: 0, width, height });

/** The selection's coverage, as it lies in the document. */
export function coverageOf(selection: Selection, shelf: PixelShelf): Coverage {
  const mask = shelf.mask(selection.pixels);
  if (!mask) throw new Fault('document', 'The pixels of the selection are missing.', 'Select again.');
  return { ...selection, data: mask.data };
}

/** What is selected of the document itself. */
export function presentOf(document: Document, shelf: PixelShelf): Coverage | null {
  const { selection } = document;
  if (!selection) return null;
  const coverage = coverageOf(selection, shelf);
  const inside = common(coverage, frameOf(document));
  if (!inside) return null;
  return inside.width === coverage.width && inside.height === coverage.height
    ? coverage
    : trimmed(within(coverage, inside));
}

/** Puts the coverage on the shelf under the hash of its content. */
async function keep(coverage: Coverage | null, shelf: PixelShelf): Promise<Selected> {
  if (!coverage) return { selection: null, noted: null };
  const { x, y, width, height } = coverage;
  const data = new Uint8ClampedArray(coverage.data);
  const id = `mask-${width}x${height}-${await digest(data)}`;
  const mask = { width, height, data };
  shelf.putMask(id, mask);
  const content = { x: 0, y: 0, width, height };
  return {
    selection: { pixels: id, x, y, width, height },
    noted: { pixels: id, content, bytes: data.length, alpha: alphaOf(mask) },
  };
}

/** The area put together with what is selected. */
export async function select(
  document: Document,
  area: Area,
  how: { combination: Parameters<typeof combine>[2]; smooth: boolean; feather: number },
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<Selected> {
  const found = await areaOf(document, area, how.smooth, shelf, signal);
  const soft = found && how.feather > 0 ? feathered(found, how.feather, frameOf(document)) : found;
  return keep(combine(presentOf(document, shelf), soft, how.combination), shelf);
}

async function areaOf(
  document: Document,
  area: Area,
  smooth: boolean,
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<Coverage | null> {
  const frame = frameOf(document);
  switch (area.kind) {
    case 'all':
      return solid(frame);
    case 'rectangle': {
      const inside = common(area.box, frame);
      return inside && solid(inside);
    }
    case 'ellipse':
      return polygon(ellipseCorners(area.box), frame, smooth);
    case 'outline':
      return polygon(area.corners, frame, smooth);
    case 'mask':
      return trimmed({ ...frame, data: renderMask(document, area.layer, shelf).data });
    case 'alpha':
      return trimmed({ ...frame, data: renderCoverage(alone(document, area.layer), area.layer, shelf).data });
    case 'content': {
      const source = await sampled(document, null, shelf, signal);
      return contentOf(source, area, smooth, signal);
    }
    case 'alike': {
      const image = await sampled(document, area.layer, shelf, signal);
      const { tolerance, contiguous } = area;
      return wand(image, area.x, area.y, { tolerance, contiguous, smooth });
    }
  }
}

/** What a scene network sees of all that is to be seen. */
export async function sceneInput(
  document: Document,
  { name: network, inputWidth: width, inputHeight: height }: SceneInfo,
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<NetworkInput> {
  const image = await sampled(document, null, shelf, signal);
  const mask = new Float32Array(width * height).fill(255);
  return { network, width, height, image: squashImage(image, width, height).data, mask };
}

/** Share of the longer side below which an area's ins and outs follow the picture's grain, not its things. */
const GRAIN = 1 / 400;

/** What the network calls by a label, at full size along the picture's edges. */
async function contentOf(
  source: Image,
  { label, input, result, at }: Extract<Area, { kind: 'content' }>,
  smooth: boolean,
  signal: AbortSignal,
): Promise<Coverage | null> {
  const { width, height } = source;
  const data = await liftInPool(
    {
      source,
      amount: null,
      strength: 1,
      toFrame: scaling(1 / width, 1 / height),
      ...sceneLift(input, result, label),
      method: 'guided',
    },
    signal,
    () => undefined,
  );
  const frame = { x: 0, y: 0, width, height };
  const rough = trimmed({ ...frame, data: sceneCoverage({ width, height, data }, smooth) });
  const whole = rough && smoothed(rough, GRAIN * Math.max(width, height), frame);
  return whole && trimmed(at ? connected(whole, Math.floor(at.x), Math.floor(at.y)) : whole);
}

/** The document with one layer of pixels by itself: its own pixels, whatever mask, opacity or group it has. */
export function alone(document: Document, id: LayerId): Document {
  const layer = pixelLayerOf(document, id);
  if (!layer) throw new Fault('document', 'This layer has no pixels.', 'Choose a layer of pixels.');
  const bare = { mask: null, opacity: 1, fill: 1, blend: 'normal', clipped: false, visible: true } as const;
  return newDocument(document, [{ ...layer, ...bare }]);
}

/** Pictures that the wand looked at are kept for so many milliseconds: one seldom clicks just once. */
const KEEP = 30_000;
let looked: { layers: Document['layers']; layer: LayerId | null; image: Image } | null = null;
let forget: ReturnType<typeof setTimeout> | undefined;

/** What the wand looks at: all that is to be seen, or the pixels of one layer. */
async function sampled(
  document: Document,
  layer: LayerId | null,
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<Image> {
  clearTimeout(forget);
  forget = setTimeout(() => (looked = null), KEEP);
  const { layers, width, height } = document;
  const same = looked?.layer === layer && JSON.stringify(looked.layers) === JSON.stringify(layers);
  if (looked && same && looked.image.width === width && looked.image.height === height) return looked.image;
  const image = await flatten(layer === null ? document : alone(document, layer), shelf, signal);
  looked = { layers, layer, image };
  return image;
}

/** What is selected, changed. */
export async function refine(
  document: Document,
  { kind, by }: Refinement,
  shelf: PixelShelf,
): Promise<Selected> {
  const present = presentOf(document, shelf);
  const frame = frameOf(document);
  if (kind === 'invert') return keep(inverted(present, frame), shelf);
  if (!present) return keep(null, shelf);
  const refinements = { feather: feathered, grow: grown, shrink: shrunk, smooth: smoothed, border: bordered };
  return keep(refinements[kind](present, by, frame), shelf);
}

/** The selection as the pixels of a mask of the document's size: white where it is selected, or where it is not. */
export async function maskOfSelection(
  document: Document,
  hide: boolean,
  shelf: PixelShelf,
): Promise<{ pixels: string; bytes: number }> {
  const { width, height } = document;
  const whole = presentOf(document, shelf);
  const data = allocatePixels(width * height);
  if (whole) data.set(within(whole, frameOf(document)).data);
  if (hide) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  const pixels = `mask-${width}x${height}-${await digest(new Uint8Array(data))}`;
  shelf.putMask(pixels, { width, height, data });
  return { pixels, bytes: data.length };
}
