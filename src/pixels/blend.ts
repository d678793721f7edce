import { type Blending, BLENDINGS } from './blend-modes';
import { Fault } from './fault';
import { checkImage, checkMask, type Image, type Mask } from './image';
import { kernels } from './kernels';

/** How one picture is blended onto another. */
export interface BlendOptions {
  readonly mode?: Blending;
  /** 0..1. */
  readonly opacity?: number;
  /** 0..1; differs from opacity for the modes of FILLED_APART. */
  readonly fill?: number;
  /** As large as the pictures: where it is 0 the backdrop stays. */
  readonly mask?: Mask | null;
  /** Only where the backdrop is, whose alpha stays. */
  readonly atop?: boolean;
  /** Where the pictures' first pixel lies in the document; dissolve's dots stand there. */
  readonly offset?: { readonly x: number; readonly y: number };
}

/** Pixels of one strip: what is copied into the kernels' memory at once. */
const STRIP = 2 ** 14;

/**
 * Blends `over` onto `under`, both of the same size, and writes straight RGBA into `out` (which may be `under`'s own
 * bytes). Throws a Fault when the sizes differ or opacity or fill is no number from 0 to 1.
 */
export function blendImages(
  under: Image,
  over: Image,
  options: BlendOptions = {},
  out: Uint8ClampedArray = new Uint8ClampedArray(under.data.length),
): Image {
  const { mode = 'normal', opacity = 1, fill = 1, mask = null, atop = false, offset } = options;
  check(under, over, options, out);
  const { width, height } = under;
  const { run, memory } = kernels();
  const number = BLENDINGS.indexOf(mode);
  const open = atop ? 0 : 1;
  const total = width * height;
  const dissolves = mode === 'dissolve';
  memory.borrow([4 * STRIP, 4 * STRIP, STRIP, run.blendSpace()], (below, above, shape, space) => {
    for (let from = 0; from < total;) {
      // Dissolve needs to know where a pixel lies: it goes row by row.
      const left = dissolves ? width - (from % width) : total - from;
      const pixels = Math.min(STRIP, left);
      const count = Math.ceil(pixels / 4) * 4;
      const { bytes } = memory;
      bytes.set(under.data.subarray(4 * from, 4 * (from + pixels)), below);
      bytes.set(over.data.subarray(4 * from, 4 * (from + pixels)), above);
      if (mask) bytes.set(mask.data.subarray(from, from + pixels), shape);
      const veil = mask ? shape : 0;
      if (dissolves) {
        const x = (from % width) + (offset?.x ?? 0);
        const y = Math.floor(from / width) + (offset?.y ?? 0);
        run.dissolveBytes(above, veil, pixels, opacity * fill, x, y);
        run.blendBytes(0, below, above, 0, below, count, space, 1, 1, open);
      } else {
        run.blendBytes(number, below, above, veil, below, count, space, opacity, fill, open);
      }
      out.set(bytes.subarray(below, below + 4 * pixels), 4 * from);
      from += pixels;
    }
  });
  return { width, height, data: out };
}

function check(under: Image, over: Image, options: BlendOptions, out: Uint8ClampedArray): void {
  const { opacity = 1, fill = 1, mask } = options;
  checkImage(under);
  checkImage(over);
  if (mask) checkMask(mask);
  const alike = (other: { width: number; height: number }) =>
    other.width === under.width && other.height === under.height;
  if (!alike(over) || (mask && !alike(mask)) || out.length !== under.data.length) {
    throw new Fault(
      'size-mismatch',
      `A picture of ${over.width}×${over.height} cannot be blended onto one of ${under.width}×${under.height}.`,
      'Give pictures and masks of the same size.',
    );
  }
  if (!(opacity >= 0 && opacity <= 1)) throw new Fault('usage', `Opacity ${opacity} is not between 0 and 1.`);
  if (!(fill >= 0 && fill <= 1)) throw new Fault('usage', `Fill ${fill} is not between 0 and 1.`);
}
