import sharp, { type Sharp } from 'sharp';
import { checkFits, formatOf, type FormatName, type FormatOptions } from '../../formats/image-formats';
import { checkImage, type Image, type Rows } from '../../pixels/image';
import { writeAtomically } from './atomic';
import { jpegRows, writeJpeg } from './jpeg';
import { addTiffExif } from './tiff-exif';
import { type Chroma, metadataCarrier, NO_METADATA, type PictureMetadata } from './metadata';

export interface EncodeOptions extends FormatOptions {
  /** What goes into the file beside the pixels; nothing but the sRGB profile when left out. */
  readonly metadata?: PictureMetadata;
  /** Known: every pixel is opaque. Looked at when left out. */
  readonly opaque?: boolean;
  /**
   * The pixels are still being made: resolves when those of the rows are as they are to be written, rejects when they
   * never will be, which ends the writing. A JPEG is begun with the rows that are there. Alpha is there from the start.
   */
  readonly ready?: (rows: Rows) => Promise<void>;
}

export interface Encoded {
  readonly format: FormatName;
  /** The picture has transparent pixels and the format holds none: it was laid on white. */
  readonly flattened: boolean;
}

/**
 * Writes a picture, atomically, in the format that the path's extension asks for, with an sRGB profile. Opaque
 * pictures are written without alpha. PNG, TIFF, and WebP and AVIF with `lossless`, hold every pixel exactly, colours
 * under alpha 0 included.
 *
 * @throws Fault `unsupported` (extension), `too-large` (for the format), `write`.
 */
export async function encodeImage(path: string, image: Image, options: EncodeOptions = {}): Promise<Encoded> {
  const format = formatOf(path);
  checkImage(image);
  checkFits(format, image.width, image.height);
  const { opaque = isOpaque(image), ready = atOnce } = options;
  const flattened = !opaque && !format.alpha;
  const inStrips = format.name === 'jpeg' && !flattened;
  if (!inStrips) await ready({ from: 0, to: image.height });
  const shown = flattened ? onWhite(image) : image;
  const metadata = options.metadata ?? NO_METADATA;
  const all = { ...format.defaults, ...options };
  await writeAtomically(path, async (temporary) => {
    if (format.name === 'jpeg') {
      const { quality = 95 } = all;
      const chroma = chromaOf(metadata);
      return writeJpeg(temporary, shown, { quality, chroma, metadata, ready: inStrips ? ready : atOnce });
    }
    const pixels = await carried(shown, metadata);
    const pipeline = opaque ? pixels.removeAlpha() : pixels;
    await writers[format.name](pipeline, all).toFile(temporary);
    if (format.name === 'tiff' && options.metadata?.exif) {
      await addTiffExif(temporary, options.metadata.exif);
    }
  });
  return { format: format.name, flattened };
}

const atOnce = () => Promise.resolve();

/** The rows of a picture of this size in the order in which writing it at `path` asks for them. */
export function rowsAsWritten(
  path: string,
  { width, height }: { width: number; height: number },
  metadata: PictureMetadata,
): Rows[] {
  if (formatOf(path).name !== 'jpeg') return [{ from: 0, to: height }];
  return jpegRows(width, height, chromaOf(metadata));
}

function chromaOf({ chroma = '4:4:4' }: PictureMetadata): Chroma {
  return chroma;
}

/** The pixels as they are, with the metadata; see {@link metadataCarrier}. */
async function carried({ width, height, data }: Image, metadata: PictureMetadata): Promise<Sharp> {
  const noAlpha = { raw: { width: 1, height: 1, channels: 1 } } as const;
  const pixels = { raw: { width, height, channels: 4 }, limitInputPixels: false } as const;
  const pipeline = sharp(await metadataCarrier(metadata), { failOn: 'none' })
    .joinChannel(Buffer.alloc(1), noAlpha)
    .boolean(Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.length), 'or', pixels);
  // Told to keep EXIF, libvips makes up a block where there is none; JPEG needs one to keep the density.
  const bare = !metadata.exif && !metadata.iptc && !metadata.density;
  return bare ? pipeline.keepXmp().keepIccProfile() : pipeline.keepMetadata();
}

const writers: Record<Exclude<FormatName, 'jpeg'>, (pipeline: Sharp, options: EncodeOptions) => Sharp> = {
  // Level 6 as zlib's own default: 9 takes three times as long for 2 %.
  png: (pipeline) => pipeline.png({ compressionLevel: 6 }),
  webp: (pipeline, { quality, lossless }) =>
    lossless
      ? pipeline.webp({ lossless, exact: true, effort: 2 })
      : pipeline.webp({ quality, exact: true, smartSubsample: true, alphaQuality: 100, effort: 2 }),
  // Effort 4 of AVIF takes a minute for 24 megapixels.
  avif: (pipeline, { quality, lossless }) =>
    lossless ? pipeline.avif({ lossless, effort: 2 }) : pipeline.avif({ quality, effort: 2 }),
  tiff: (pipeline, { metadata }) => {
    // sharp takes the density of a TIFF here alone, in pixels a millimetre.
    const resolution = (metadata?.density ?? 72) / 25.4;
    return pipeline.tiff({
      compression: 'lzw',
      predictor: 'horizontal',
      resolutionUnit: 'inch',
      xres: resolution,
      yres: resolution,
    });
  },
};

function isOpaque({ data }: Image): boolean {
  if (data.byteOffset % 4 !== 0) return data.every((value, i) => i % 4 !== 3 || value === 255);
  // Four bytes at a time; alpha is the highest, or on rare machines the lowest.
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  let all = 0xffffffff;
  for (let i = 0; i < pixels.length; i++) all &= pixels[i]!;
  return new Uint8Array(Uint32Array.of(all).buffer)[3] === 255;
}

/** The picture over white, opaque. */
function onWhite({ width, height, data }: Image): Image {
  const flat = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    const white = 255 * (255 - alpha);
    for (let k = 0; k < 3; k++) flat[i + k] = (data[i + k]! * alpha + white) / 255;
    flat[i + 3] = 255;
  }
  return { width, height, data: flat };
}
