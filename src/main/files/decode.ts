import type { Sharp } from 'sharp';
import type { Image } from '../../pixels/image';
import type { PictureMetadata } from './metadata';
import { decodingFault, openSource, type Source } from './source';

/** A picture file as pixels, and what else it said. */
export interface DecodedImage {
  readonly image: Image;
  /** The format's name as sharp gives it: `png`, `jpeg`, `webp`, `heif` (AVIF), `tiff`, `gif`, `svg`. */
  readonly format: string;
  /** Whether the file had an alpha channel. */
  readonly hadAlpha: boolean;
  /** How many pages or frames the file has; the first is decoded. */
  readonly pages: number;
  readonly metadata: PictureMetadata;
}

/**
 * Decodes any picture that sharp reads: 8-bit sRGB with straight alpha, upright by its EXIF orientation. An embedded
 * ICC profile is converted from; grey, palette, CMYK and 16-bit pictures are converted (v / 257, rounded). Colours
 * under alpha 0 stay as they are.
 *
 * @throws Fault that names the file; see {@link openSource}.
 */
export async function decodeImage(path: string): Promise<DecodedImage> {
  return decodeOpened(await openSource(path));
}

/** As {@link decodeImage}, of a file whose header has been read; by the time it returns the decoder is at work. */
export async function decodeOpened(source: Source): Promise<DecodedImage> {
  const { path, metadata } = source;
  try {
    const start = source.open({ autoOrient: true }).ensureAlpha();
    // sharp brings 16-bit pictures with a profile to Display P3, and cuts 16 bits instead of rounding them.
    const decoding =
      metadata.depth === 'ushort'
        ? rounded(metadata.hasProfile ? start.withIccProfile('srgb', { attach: false }) : start)
        : plain(start.toColourspace('srgb'));
    const [image, said] = await Promise.all([decoding, readSaid(source)]);
    return {
      image,
      format: metadata.format,
      hadAlpha: metadata.hasAlpha,
      pages: metadata.pages ?? 1,
      metadata: said,
    };
  } catch (error) {
    throw decodingFault(path, error);
  }
}

/** What the file says beside its pixels. The code that reads it is loaded while the decoder is at work. */
async function readSaid({ path, metadata }: Source): Promise<PictureMetadata> {
  const { readMetadata } = await import('./metadata');
  if (metadata.format !== 'tiff') return readMetadata(metadata);
  const { readTiffExif } = await import('./tiff-exif');
  return readMetadata(metadata, await readTiffExif(path));
}

async function plain(pipeline: Sharp): Promise<Image> {
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length),
  };
}

async function rounded(pipeline: Sharp): Promise<Image> {
  const { data, info } = await pipeline
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: toBytes(data) };
}

/** 16-bit samples (in the machine's byte order) as 8-bit ones: v / 257, rounded. */
export function toBytes(samples: Buffer): Uint8ClampedArray {
  const words = new Uint16Array(samples.buffer as ArrayBuffer, samples.byteOffset, samples.length / 2);
  const bytes = new Uint8ClampedArray(words.length);
  for (let i = 0; i < words.length; i++) bytes[i] = ((words[i]! + 128) / 257) | 0;
  return bytes;
}
