import { Fault } from './fault';
import { checkImage, type Image } from './image';
import { kernels } from './kernels';

/** Pixels of one strip: two plane blocks of them stay in the processor's cache. */
const STRIP = 2 ** 13;

/**
 * Blends `over` onto `under`, both of the same size, and writes straight RGBA into `out` (which may be `under`'s own
 * bytes). `opacity` is 0..1. Throws a Fault when the sizes differ or the opacity is no number from 0 to 1.
 */
export function blendImages(
  under: Image,
  over: Image,
  opacity = 1,
  out: Uint8ClampedArray = new Uint8ClampedArray(under.data.length),
): Image {
  checkImage(under);
  checkImage(over);
  if (over.width !== under.width || over.height !== under.height || out.length !== under.data.length) {
    throw new Fault(
      'size-mismatch',
      `Pictures of ${under.width}×${under.height} and ${over.width}×${over.height} cannot be blended.`,
      'Give pictures of the same size.',
    );
  }
  if (!(opacity >= 0 && opacity <= 1)) throw new Fault('usage', `Opacity ${opacity} is not between 0 and 1.`);
  const { run, memory } = kernels();
  const stride = 4 * STRIP;
  memory.borrow([4 * STRIP, 4 * stride, 4 * stride], (bytes, below, above) => {
    for (let from = 0; from < out.length; from += 4 * STRIP) {
      const to = Math.min(out.length, from + 4 * STRIP);
      const count = Math.ceil((to - from) / 16) * 4;
      memory.bytes.set(under.data.subarray(from, to), bytes);
      run.unpack(bytes, below, stride, count);
      memory.bytes.set(over.data.subarray(from, to), bytes);
      run.unpack(bytes, above, stride, count);
      run.blendNormal(below, above, stride, count, opacity);
      run.pack(below, stride, bytes, count);
      out.set(memory.bytes.subarray(bytes, bytes + to - from), from);
    }
  });
  return { width: under.width, height: under.height, data: out };
}
