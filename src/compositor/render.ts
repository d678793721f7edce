import type { Document, LayerId, LayerMask } from '../document/records';
import { pixelLayerOf } from '../document/tree';
import { Fault } from '../pixels/fault';
import { checkSize, createImage, createMask, type Image, type Mask } from '../pixels/image';
import { kernels } from '../pixels/kernels';
import { IDENTITY, type Matrix } from '../pixels/matrix';
import { drawAll, type Drawable, drawSource, placeSteps, type Scene } from './flatten-tile';
import { placeLayerMask } from './masks';
import type { PixelSource } from './pixel-store';
import { planOf } from './plan';
import type { Interpolation } from './sample';
import { clearBlock, intersects, type Tile, TILE, tilesOf, withBlock } from './tile';

/** What is to be seen: an image of `width`×`height` onto which `toView` maps document pixels. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly toView: Matrix;
}

/** Whether two views show the same: what was drawn for one serves the other. */
export function sameView(one: View, other: View): boolean {
  const a = one.toView;
  const b = other.toView;
  return (
    one.width === other.width &&
    one.height === other.height &&
    a.a === b.a &&
    a.b === b.b &&
    a.c === b.c &&
    a.d === b.d &&
    a.e === b.e &&
    a.f === b.f
  );
}

export interface RenderOptions {
  /** Only these layers, whatever their order here; otherwise all. Hidden layers are never drawn. */
  readonly layers?: readonly LayerId[];
  /** How pixels are enlarged; bilinear unless asked otherwise. */
  readonly interpolation?: Interpolation;
  /** The size of the tiles that the view is flattened in: changes no pixel. */
  readonly tile?: { readonly width: number; readonly height: number };
  /** Looked at between tiles: once it says so, no more is drawn, and a Fault `cancelled` thrown. */
  readonly signal?: StopSignal;
}

/** Says whether to stop, while no message can come in between: an AbortSignal, or a look at shared memory or a clock. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** Throws a Fault `cancelled` when the signal says so. */
export function checkWanted(signal: StopSignal | undefined): void {
  if (signal?.aborted) throw new Fault('cancelled', 'Cancelled.');
}

/** The whole document at its own size. */
export function documentView(document: Document): View {
  return { width: document.width, height: document.height, toView: IDENTITY };
}

/** Throws a Fault unless the view has a size and its map is finite and flattens nothing. */
export function checkView({ width, height, toView }: View): void {
  checkSize(width, height);
  const determinant = toView.a * toView.d - toView.b * toView.c;
  if (!Object.values(toView).every(Number.isFinite) || Math.abs(determinant) < 1e-12)
    throw new Fault('usage', 'The view’s transform is not finite or flattens the picture.');
}

/**
 * Flattens the document into straight-alpha RGBA: blend modes, groups, masks, clipping, adjustments and harmonizations,
 * from bottom to top in sRGB. Accumulates in floats and rounds once, so that a pixel under nothing but opaque or absent
 * layers is that layer's own, bit for bit. The same in every engine; any region is that region of the whole, whatever the
 * tiles. Throws a Fault when pixels are missing, the view is senseless, or the signal says to stop.
 */
export function renderDocument(
  document: Document,
  source: PixelSource,
  view: View,
  options: RenderOptions = {},
): Image {
  checkView(view);
  const out = createImage(view.width, view.height);
  const { toView } = view;
  const scene: Scene = { document, source, toView, interpolation: options.interpolation ?? 'bilinear' };
  const drawables = placeSteps(scene, planOf(document, options.layers));
  for (const tile of tilesOf(view, options.tile ?? TILE)) {
    checkWanted(options.signal);
    withBlock(tile, (block) => {
      clearBlock(tile, block);
      drawAll(scene, drawables, tile, block);
      writeTile(tile, block, out);
    });
  }
  return out;
}

/** A finished block as straight bytes into its place in the picture. */
export function writeTile(tile: Tile, block: number, out: Image): void {
  const { run, memory } = kernels();
  memory.borrow([4 * tile.count], (bytes) => {
    run.pack(block, tile.stride, bytes, tile.count);
    for (let y = 0; y < tile.height; y++) {
      const from = bytes + 4 * y * tile.pitch;
      const row = memory.bytes.subarray(from, from + 4 * tile.width);
      out.data.set(row, 4 * ((tile.y + y) * out.width + tile.x));
    }
  });
}

/** `scale` times a finished plane as bytes into its place in the mask. */
function writePlane(tile: Tile, plane: number, scale: number, out: Mask): void {
  const { run, memory } = kernels();
  memory.borrow([tile.count], (bytes) => {
    run.packPlane(plane, bytes, tile.count, scale);
    for (let y = 0; y < tile.height; y++) {
      const from = bytes + y * tile.pitch;
      out.data.set(memory.bytes.subarray(from, from + tile.width), (tile.y + y) * out.width + tile.x);
    }
  });
}

/** How much of each document pixel the layer covers, at the document's size: its alpha, mask, opacity and fill, and what it is clipped to. */
export function renderCoverage(document: Document, layerId: LayerId, source: PixelSource): Mask {
  const layer = pixelLayerOf(document, layerId);
  if (!layer) throw new Fault('document', `There is no layer ${layerId}.`);
  const { width, height } = document;
  const mask = createMask(width, height);
  const scene: Scene = { document, source, toView: IDENTITY, interpolation: 'bilinear' };
  const shape = placeSteps(scene, [
    { kind: 'pixels', layer: { ...layer, harmonization: null }, clipped: [] },
  ])[0]!;
  const base = baseOf(scene, layerId);
  const share = layer.opacity * layer.fill * 255;
  for (const tile of tilesOf(mask, TILE)) {
    if (shape.box && !intersects(shape.box, tile)) continue;
    withBlock(tile, (block) => {
      drawSource(scene, shape, tile, block, block);
      if (base) {
        withBlock(tile, (under) => {
          drawSource(scene, base, tile, under, under);
          kernels().run.weigh(block, tile.stride, under + 3 * tile.stride, tile.count);
        });
      }
      writePlane(tile, block + 3 * tile.stride, share, mask);
    });
  }
  return mask;
}

/** How much of each document pixel the layer's mask shows, at the document's size: whether it is switched on or not. */
export function renderMask(document: Document, layerId: LayerId, source: PixelSource): Mask {
  const layer = document.layers[layerId];
  if (!layer?.mask) throw new Fault('document', 'This layer has no mask.', 'Choose a layer that has one.');
  return renderMaskIn({ ...layer.mask, enabled: true }, layer.name, source, documentView(document));
}

/** The same of any mask in any view; `layer`: whose it is, for messages. */
export function renderMaskIn(mask: LayerMask, layer: string, source: PixelSource, view: View): Mask {
  checkView(view);
  const out = createMask(view.width, view.height);
  const placed = placeLayerMask(mask, layer, source, view.toView);
  if (!placed) return { ...out, data: out.data.fill(255) };
  for (const tile of tilesOf(out, TILE)) {
    placed.with(tile, (plane) => writePlane(tile, plane, 255, out));
  }
  return out;
}

/** What the layer is clipped to, without what else is clipped to that; null when it is not clipped. */
function baseOf(scene: Scene, id: LayerId): Drawable | null {
  const search = (drawables: readonly Drawable[]): Drawable | null => {
    for (const drawable of drawables) {
      if (drawable.clipped.some(({ step }) => step.layer.id === id)) return { ...drawable, clipped: [] };
      const within = search(drawable.children);
      if (within) return within;
    }
    return null;
  };
  return scene.document.layers[id]?.clipped ? search(placeSteps(scene, planOf(scene.document))) : null;
}
