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

/** Pixels of one strip: two plane blocks of them stay in the processor's cache. */
const STRIP = 2 ** 13;

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
  const stride = 4 * STRIP;
  // Dissolve needs to know where a pixel lies: it goes row by row.
  const step = mode === 'dissolve' ? Math.min(width, STRIP) : STRIP;
  memory.borrow([stride, 4 * stride, 4 * stride, stride], (bytes, below, above, shape) => {
    let x = 0;
    let y = 0;
    for (let from = 0; from < width * height;) {
      const left = mode === 'dissolve' ? width - x : STRIP;
      const pixels = Math.min(step, left, width * height - from);
      const count = Math.ceil(pixels / 4) * 4;
      memory.bytes.set(under.data.subarray(4 * from, 4 * (from + pixels)), bytes);
      run.unpack(bytes, below, stride, count);
      memory.bytes.set(over.data.subarray(4 * from, 4 * (from + pixels)), bytes);
      run.unpack(bytes, above, stride, count);
      if (mask) {
        const { floats } = memory;
        for (let i = 0; i < pixels; i++) floats[shape / 4 + i] = mask.data[from + i]! / 255;
        run.weigh(above, stride, shape, count);
      }
      if (mode === 'dissolve') {
        const at = { x: x + (offset?.x ?? 0), y: y + (offset?.y ?? 0) };
        run.dissolve(above, stride, STRIP, pixels, 1, opacity * fill, 1, 0, 0, 1, at.x, at.y);
        run.blend(0, below, above, stride, count, 1, 1, atop ? 0 : 1);
      } else {
        run.blend(BLENDINGS.indexOf(mode), below, above, stride, count, opacity, fill, atop ? 0 : 1);
      }
      run.pack(below, stride, bytes, count);
      out.set(memory.bytes.subarray(bytes, bytes + 4 * pixels), 4 * from);
      from += pixels;
      x = (x + pixels) % width;
      y = Math.floor(from / width);
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
