import type { LayerMask } from '../document/records';
import { gaussianWeights, blurMask } from '../pixels/blur';
import { Fault } from '../pixels/fault';
import { type Box, checkMask, type Mask } from '../pixels/image';
import { kernels } from '../pixels/kernels';
import { type Matrix, multiply, scaling, translation } from '../pixels/matrix';
import { inheritMips, maskMip, repaintMips } from './mips';
import type { PixelSource } from './pixel-store';
import { placeMask } from './sample';
import { clearBlock, type Tile, withBlock } from './tile';

/** A layer's mask placed in a view. */
export interface PlacedMask {
  /** Lends the mask's plane for the tile, as it shows: 0 hides, 1 shows. */
  with<T>(tile: Tile, work: (plane: number) => T): T;
}

/** Places the layer's mask; null when it has none or it is switched off. Throws a Fault when its pixels are missing. */
export function placeLayerMask(
  mask: LayerMask | null,
  layer: string,
  source: PixelSource,
  toView: Matrix,
): PlacedMask | null {
  if (!mask?.enabled || mask.density <= 0) return null;
  const pixels = source.mask?.(mask.pixels);
  if (!pixels) {
    throw new Fault('document', `The mask of layer “${layer}” is missing.`, 'Open its file again.');
  }
  checkMask(pixels);
  const { image, transform } = feathered(pixels, mask);
  const placed = placeMask(image, multiply(toView, transform));
  return {
    with: (tile, work) =>
      withBlock(tile, (block) => {
        if (placed) placed.draw(tile, block);
        else clearBlock(tile, block);
        const outside = mask.outside === 'shows' ? 1 : 0;
        const coverage = block + tile.stride;
        kernels().run.density(block, coverage, outside, mask.density, mask.inverted, tile.count);
        return work(block);
      }),
  };
}

/** Multiplies a block by a mask. */
export function weighBlock(tile: Tile, block: number, mask: PlacedMask | null): void {
  mask?.with(tile, (plane) => kernels().run.weigh(block, tile.stride, plane, tile.count));
}

interface Softened {
  readonly image: Mask;
  /** Its pixels → document pixels. */
  readonly transform: Matrix;
}

/** A mask as it was blurred, at a mip level, with a margin around it. */
interface Blurred {
  readonly image: Mask;
  readonly level: number;
  readonly margin: number;
  /** Of the blur, in pixels of the level. */
  readonly deviation: number;
  /** In the margin before the blur. */
  readonly beyond: number;
}

/** The softened masks by their pixels, then by deviation and outside. */
const softened = new WeakMap<Mask, Map<string, Blurred>>();

/** Blurring with a larger deviation happens at half the size, and so on: nothing is lost that the blur would keep. */
const MOST_DEVIATION = 6;

/** The mask blurred by its feather, once, at a size that depends on the feather alone: the same in every view. */
function feathered(mask: Mask, { feather, transform, outside }: LayerMask): Softened {
  const scale = Math.sqrt(Math.abs(transform.a * transform.d - transform.b * transform.c));
  const deviation = scale > 1e-6 ? feather / scale : 0;
  if (!(deviation >= 0.1)) return { image: mask, transform };
  const key = `${deviation} ${outside}`;
  let kept = softened.get(mask);
  if (!kept) softened.set(mask, (kept = new Map()));
  let soft = kept.get(key);
  if (!soft) {
    const level = Math.max(0, Math.ceil(Math.log2(deviation / MOST_DEVIATION)));
    const own = deviation / 2 ** level;
    const margin = gaussianWeights(own).length >> 1;
    const beyond = outside === 'shows' ? 255 : 0;
    const base = maskMip(mask, level);
    const whole = { x: 0, y: 0, width: base.width + 2 * margin, height: base.height + 2 * margin };
    const image = blurMask(cut(base, margin, beyond, whole), own);
    soft = { image, level, margin, deviation: own, beyond };
    kept.clear();
    kept.set(key, soft);
  }
  const toMask = multiply(scaling(2 ** soft.level), translation(-soft.margin, -soft.margin));
  return { image: soft.image, transform: multiply(transform, toMask) };
}

/** A part of the mask with a margin of one value around it, so that its blur may reach beyond. */
function cut({ width, height, data }: Mask, margin: number, beyond: number, part: Box): Mask {
  const out = {
    width: part.width,
    height: part.height,
    data: new Uint8ClampedArray(part.width * part.height).fill(beyond),
  };
  const left = Math.max(part.x, margin);
  const right = Math.min(part.x + part.width, margin + width);
  if (left >= right) return out;
  for (let y = Math.max(part.y, margin); y < Math.min(part.y + part.height, margin + height); y++) {
    const from = (y - margin) * width - margin;
    out.data.set(data.subarray(from + left, from + right), (y - part.y) * part.width + left - part.x);
  }
  return out;
}

/** Brings everything made of the mask up to date after its bytes inside the box were changed in place. */
export function repaintMask(mask: Mask, box: Box): void {
  repaintMips(mask, box);
  for (const soft of softened.get(mask)?.values() ?? []) {
    const { image, level, margin, deviation, beyond } = soft;
    const scale = 2 ** level;
    const part = (reach: number) => {
      const x = Math.max(0, Math.floor(box.x / scale) + margin - reach);
      const y = Math.max(0, Math.floor(box.y / scale) + margin - reach);
      const right = Math.min(image.width, Math.ceil((box.x + box.width) / scale) + margin + reach);
      const bottom = Math.min(image.height, Math.ceil((box.y + box.height) / scale) + margin + reach);
      return { x, y, width: right - x, height: bottom - y };
    };
    const needed = part(2 * margin);
    const changed = part(margin);
    const blurred = blurMask(cut(maskMip(mask, level), margin, beyond, needed), deviation);
    for (let y = changed.y; y < changed.y + changed.height; y++) {
      const from = (y - needed.y) * needed.width + changed.x - needed.x;
      image.data.set(blurred.data.subarray(from, from + changed.width), y * image.width + changed.x);
    }
    repaintMips(image, changed);
  }
}

/** Gives a copy of the mask copies of what was made of it. */
export function inheritMask(mask: Mask, copy: Mask): void {
  inheritMips(mask, copy);
  const kept = softened.get(mask);
  if (!kept) return;
  const copied = Array.from(kept, ([key, soft]) => {
    const image = { ...soft.image, data: soft.image.data.slice() };
    inheritMips(soft.image, image);
    return [key, { ...soft, image }] as const;
  });
  softened.set(copy, new Map(copied));
}

/** The view pixels that may look different after mask pixels inside the box were changed. */
export function touchedBox({ transform, feather }: LayerMask, box: Box, toView: Matrix): Box {
  const m = multiply(toView, transform);
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [box.x, box.x + box.width]) {
    for (const y of [box.y, box.y + box.height]) {
      xs.push(m.a * x + m.c * y + m.e);
      ys.push(m.b * x + m.d * y + m.f);
    }
  }
  // What a pixel is sampled from: two texels around it, or those of a mip level no coarser than the view; then the blur.
  const blur = 5 * feather * Math.max(Math.hypot(toView.a, toView.b), Math.hypot(toView.c, toView.d));
  const reach = (p: number, q: number) => Math.ceil(3 + 2 * Math.hypot(p, q) + blur);
  const x = Math.floor(Math.min(...xs)) - reach(m.a, m.c);
  const y = Math.floor(Math.min(...ys)) - reach(m.b, m.d);
  return {
    x,
    y,
    width: Math.ceil(Math.max(...xs)) + reach(m.a, m.c) - x,
    height: Math.ceil(Math.max(...ys)) + reach(m.b, m.d) - y,
  };
}
