import sharp, { type Metadata } from 'sharp';
import { withMetadata } from '../../formats/metadata/write';
import { uprightExif } from './exif';

/** What a picture file says beside its pixels, ready to be written with other pixels. */
export interface PictureMetadata {
  /** An EXIF block whose orientation is 1, without a thumbnail. */
  readonly exif: Buffer | null;
  readonly xmp: Buffer | null;
  /** A Photoshop resource block with IPTC captions. */
  readonly iptc: Buffer | null;
  /** Pixels an inch. */
  readonly density: number | null;
  /** How a JPEG kept its colours; a JPEG that is made of it keeps them likewise. */
  readonly chroma?: Chroma;
}

/** Every colour of a JPEG, or the mean of every two by two. */
export type Chroma = '4:4:4' | '4:2:0';

export const NO_METADATA: PictureMetadata = { exif: null, xmp: null, iptc: null, density: null };

const UNSAID = 72;

/** Picks what is kept from what sharp read; `ownExif` is an EXIF block that sharp did not see. */
export function readMetadata(
  { exif, xmp, iptc, density, format, chromaSubsampling }: Metadata,
  ownExif: Buffer | null = null,
): PictureMetadata {
  const block = exif ?? ownExif;
  return {
    exif: block ? uprightExif(block) : null,
    xmp: xmp ?? null,
    iptc: iptc ?? null,
    // 72 is what sharp answers when the file does not say; of an SVG, how it was rasterized.
    density: density && density !== UNSAID && format !== 'svg' ? density : null,
    ...(format === 'jpeg' && chromaSubsampling === '4:2:0' ? { chroma: chromaSubsampling } : {}),
  };
}

let blank: Promise<Buffer> | undefined;

/**
 * A JPEG of one black pixel that carries the metadata and the sRGB profile. sharp gives raw pixels no metadata; when
 * they are laid over this picture by OR they stay exactly what they are, and come with what it carries. Blocks longer
 * than a JPEG segment (64 KiB) are left out.
 */
export async function metadataCarrier(metadata: PictureMetadata): Promise<Uint8Array> {
  blank ??= sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
    .jpeg({ quality: 100 })
    .toBuffer();
  return withMetadata(await blank, metadata);
}
