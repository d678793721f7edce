import { takeGreys } from '../../pixels/greys';
import type { Mask } from '../../pixels/image';
import { toBytes } from './decode';
import { decodingFault, openSource, type Source } from './source';

/**
 * Decodes a mask: white = foreground, soft values kept, upright by its EXIF orientation. Its values are counts, not
 * colours: no ICC profile and no gamma touches them. Which number a pixel gives:
 *
 * - grey: the value as it is; 1 bit becomes 0 or 255, 16 bits v / 257, rounded;
 * - RGB and palette: the luma (299 R + 587 G + 114 B) / 1000 of ITU-R BT.601, rounded, so that R = G = B gives itself;
 * - with alpha: when the colour is the same everywhere and the alpha is not (a cut-out's silhouette), the alpha;
 *   otherwise the luma over black, luma · alpha / 255.
 *
 * @throws Fault that names the file; see {@link openSource}.
 */
export async function decodeMask(path: string): Promise<Mask> {
  return decodeOpenedMask(await openSource(path));
}

/** As {@link decodeMask}, of a file whose header has been read; by the time it returns the decoder is at work. */
export async function decodeOpenedMask(source: Source): Promise<Mask> {
  const { path } = source;
  const { depth, channels, space } = source.metadata;
  const wide = depth === 'ushort';
  const grey = channels === 1 && (space === 'b-w' || space === 'grey16');
  try {
    const { data, info } = await source
      .open({ autoOrient: true, ignoreIcc: true })
      .toColourspace(grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const bytes = wide
      ? toBytes(data)
      : new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length);
    const { width, height } = info;
    return { width, height, data: toMask(bytes, info.channels) };
  } catch (error) {
    throw decodingFault(path, error);
  }
}

/** One value a pixel of interleaved samples: grey (1 channel), grey and alpha (2), RGB (3), RGBA (4). */
export function toMask(samples: Uint8ClampedArray, channels: number): Uint8ClampedArray {
  if (channels === 1) return samples;
  const count = samples.length / channels;
  const colours = channels < 3 ? 1 : 3;
  const hasAlpha = channels === 2 || channels === 4;
  const mask = new Uint8ClampedArray(count);
  const silhouette = hasAlpha && isSilhouette(samples, channels);
  for (let i = channels === 3 ? takeGreys(samples, mask) : 0; i < count; i++) {
    const at = i * channels;
    const alpha = hasAlpha ? samples[at + channels - 1]! : 255;
    const first = samples[at]!;
    const isGrey = colours === 1 || (first === samples[at + 1]! && first === samples[at + 2]!);
    if (isGrey && alpha === 255 && !silhouette) {
      // The common case: the formula below gives the value itself.
      mask[i] = first;
      continue;
    }
    const luma = isGrey ? first : (299 * first + 587 * samples[at + 1]! + 114 * samples[at + 2]!) / 1000;
    mask[i] = silhouette ? alpha : (luma * alpha) / 255;
  }
  return mask;
}

/** One colour everywhere, but not one alpha. Colours that alpha 0 hides do not count. */
function isSilhouette(samples: Uint8ClampedArray, channels: number): boolean {
  const colours = channels - 1;
  let shown = -1;
  let alphaVaries = false;
  for (let at = 0; at < samples.length; at += channels) {
    const alpha = samples[at + colours]!;
    if (alpha !== samples[colours]!) alphaVaries = true;
    if (alpha === 0) continue;
    if (shown < 0) shown = at;
    for (let k = 0; k < colours; k++) if (samples[at + k] !== samples[shown + k]) return false;
  }
  return alphaVaries;
}
