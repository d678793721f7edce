import type { Document, LayerId, PixelLayer } from '../document/records';
import { isShown, layersBottomUp, pixelLayerOf } from '../document/tree';
import { Fault } from '../pixels/fault';
import { checkSize, createImage, createMask, type Image, type Mask, type Rows } from '../pixels/image';
import { IDENTITY, type Matrix, multiply } from '../pixels/matrix';
import type { PixelSource } from './pixel-store';
import { place, type Placed } from './sample';

/** What is to be seen: an image of `width`×`height` onto which `toView` maps document pixels. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly toView: Matrix;
}

export interface RenderOptions {
  /** Only these layers, whatever their order here; otherwise all. Hidden layers are never drawn. */
  readonly layers?: readonly LayerId[];
}

interface Drawn {
  readonly layer: PixelLayer;
  readonly original: Placed;
  /** The harmonized pixels and how much of them shows, or null. */
  readonly harmonized: Placed | null;
  readonly share: number;
}

/** The whole document at its own size. */
export function documentView(document: Document): View {
  return { width: document.width, height: document.height, toView: IDENTITY };
}

/**
 * Flattens the document into straight-alpha RGBA: normal blending from bottom to top in sRGB (Porter and Duff 1984,
 * "over"), opacity, and each layer's harmonization mixed in by its strength. Accumulates in floats and rounds once, so
 * that a pixel under nothing but opaque or absent layers is that layer's own, bit for bit.
 */
export function renderDocument(
  document: Document,
  source: PixelSource,
  view: View,
  options: RenderOptions = {},
): Image {
  const out = createImage(view.width, view.height);
  const drawn = placeLayers(document, source, view, options);
  renderRows(drawn, view, { from: 0, to: view.height }, out.data);
  return out;
}

function placeLayers(document: Document, source: PixelSource, view: View, options: RenderOptions): Drawn[] {
  checkSize(view.width, view.height);
  const wanted = options.layers ? new Set(options.layers) : null;
  const drawn: Drawn[] = [];
  for (const layer of layersBottomUp(document)) {
    if (layer.kind !== 'pixels' || layer.opacity <= 0 || (wanted && !wanted.has(layer.id))) continue;
    if (!isShown(document, layer.id)) continue;
    const toView = multiply(view.toView, layer.transform);
    const { harmonization } = layer;
    const share = harmonization?.enabled ? harmonization.strength : 0;
    drawn.push({
      layer,
      original: place(pixelsOf(source, layer.pixels, layer), toView, view.width, view.height),
      harmonized:
        harmonization && share > 0
          ? place(pixelsOf(source, harmonization.pixels, layer), toView, view.width, view.height)
          : null,
      share,
    });
  }
  return drawn;
}

function pixelsOf(source: PixelSource, id: string, layer: PixelLayer): Image {
  const image = source.get(id);
  if (!image)
    throw new Fault('document', `The pixels of layer “${layer.name}” are missing.`, 'Open its file again.');
  return image;
}

function renderRows(drawn: readonly Drawn[], view: View, rows: Rows, out: Uint8ClampedArray): void {
  const { width } = view;
  const sum = new Float32Array(4 * width);
  const above = new Float32Array(4 * width);
  const result = new Float32Array(4 * width);
  for (let y = rows.from; y < rows.to; y++) {
    sum.fill(0);
    for (const { layer, original, harmonized, share } of drawn) {
      if (y < original.top || y >= original.bottom) continue;
      original.read(y, above);
      if (harmonized) {
        harmonized.read(y, result);
        for (let i = 4 * original.left; i < 4 * original.right; i++)
          above[i]! += share * (result[i]! - above[i]!);
      }
      for (let i = 4 * original.left; i < 4 * original.right; i += 4) {
        const alpha = above[i + 3]! * layer.opacity;
        if (alpha === 0) continue;
        const under = 1 - alpha;
        sum[i] = above[i]! * layer.opacity + sum[i]! * under;
        sum[i + 1] = above[i + 1]! * layer.opacity + sum[i + 1]! * under;
        sum[i + 2] = above[i + 2]! * layer.opacity + sum[i + 2]! * under;
        sum[i + 3] = alpha + sum[i + 3]! * under;
      }
    }
    const start = 4 * y * width;
    for (let i = 0; i < 4 * width; i += 4) {
      const alpha = sum[i + 3]!;
      if (alpha === 0) continue;
      out[start + i] = sum[i]! / alpha;
      out[start + i + 1] = sum[i + 1]! / alpha;
      out[start + i + 2] = sum[i + 2]! / alpha;
      out[start + i + 3] = alpha * 255;
    }
  }
}

/** How much of each document pixel the layer covers: its alpha times its opacity, at the document's size. */
export function renderCoverage(document: Document, layerId: LayerId, source: PixelSource): Mask {
  const layer = pixelLayerOf(document, layerId);
  if (!layer) throw new Fault('document', `There is no layer ${layerId}.`);
  const { width, height } = document;
  const mask = createMask(width, height);
  const placed = place(pixelsOf(source, layer.pixels, layer), layer.transform, width, height);
  const row = new Float32Array(4 * width);
  for (let y = placed.top; y < placed.bottom; y++) {
    placed.read(y, row);
    for (let x = placed.left; x < placed.right; x++) {
      mask.data[y * width + x] = row[4 * x + 3]! * layer.opacity * 255;
    }
  }
  return mask;
}
