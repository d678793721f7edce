import type { LayerMask } from '../document/records';
import { gaussianWeights, blurMask } from '../pixels/blur';
import { Fault } from '../pixels/fault';
import { checkMask, type Mask } from '../pixels/image';
import { kernels } from '../pixels/kernels';
import { type Matrix, multiply, scaling, translation } from '../pixels/matrix';
import { maskMip } from './mips';
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

/** The softened masks by their pixels, then by deviation and outside. */
const softened = new WeakMap<Mask, Map<string, { image: Mask; level: number; margin: number }>>();

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
    const padded = pad(maskMip(mask, level), margin, outside === 'shows' ? 255 : 0);
    soft = { image: blurMask(padded, own), level, margin };
    kept.clear();
    kept.set(key, soft);
  }
  const toMask = multiply(scaling(2 ** soft.level), translation(-soft.margin, -soft.margin));
  return { image: soft.image, transform: multiply(transform, toMask) };
}

/** The mask with a margin of one value around it, so that its blur may reach beyond. */
function pad({ width, height, data }: Mask, margin: number, value: number): Mask {
  const padded = {
    width: width + 2 * margin,
    height: height + 2 * margin,
    data: new Uint8ClampedArray((width + 2 * margin) * (height + 2 * margin)).fill(value),
  };
  for (let y = 0; y < height; y++) {
    padded.data.set(data.subarray(y * width, (y + 1) * width), (y + margin) * padded.width + margin);
  }
  return padded;
}
