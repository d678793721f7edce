import sharp, { type Metadata } from 'sharp';
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

/** The most bytes that one JPEG segment can hold. */
const MAX_SEGMENT = 65533;

const XMP_NAME = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const ICC_NAME = Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1');

let blank: Promise<{ jpeg: Buffer; profile: Buffer }> | undefined;

/** One black pixel as JPEG, and the sRGB profile that goes into every file. */
function makeBlank(): Promise<{ jpeg: Buffer; profile: Buffer }> {
  blank ??= (async () => {
    const pixel = () => sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } });
    const jpeg = await pixel().jpeg({ quality: 100 }).toBuffer();
    const { icc } = await sharp(await pixel().withIccProfile('srgb').png().toBuffer()).metadata();
    if (!icc) throw new Error('sharp wrote no sRGB profile.');
    return { jpeg, profile: icc };
  })();
  return blank;
}

/** A JPEG segment: 0xFF, marker, length, content; nothing when it would be too long. */
function segment(marker: number, ...content: Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  if (length > MAX_SEGMENT) return Buffer.alloc(0);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(length + 2, 2);
  return Buffer.concat([head, ...content]);
}

/**
 * A JPEG of one black pixel that carries the metadata and the sRGB profile. sharp gives raw pixels no metadata; when
 * they are laid over this picture by OR they stay exactly what they are, and come with what it carries. Blocks longer
 * than a JPEG segment (64 KiB) are left out.
 */
export async function metadataCarrier({ exif, xmp, iptc, density }: PictureMetadata): Promise<Buffer> {
  const { jpeg, profile } = await makeBlank();
  return Buffer.concat([
    jpeg.subarray(0, 2),
    ...(density ? [segment(0xe0, jfif(density))] : []),
    ...(exif ? [segment(0xe1, exif)] : []),
    ...(xmp ? [segment(0xe1, XMP_NAME, xmp)] : []),
    segment(0xe2, ICC_NAME, profile),
    ...(iptc ? [segment(0xed, iptc)] : []),
    jpeg.subarray(2),
  ]);
}

/** "JFIF\0", version 1.2, unit 1 (an inch), density in x and y, no thumbnail. */
function jfif(density: number): Buffer {
  const header = Buffer.from('JFIF\0\x01\x02\x01\0\0\0\0\0\0', 'latin1');
  const dots = Math.min(65535, Math.max(1, Math.round(density)));
  header.writeUInt16BE(dots, 8);
  header.writeUInt16BE(dots, 10);
  return header;
}
