import { chunk } from '../png/encode';
import { srgbProfile } from '../color/srgb-profile';
import { EXIF_PREFIX, withDensity } from './exif';
import { joinBytes, latin, standsAt, type FileMetadata } from './picture-metadata';
import { IPTC_NAME, XMP_KEYWORD, XMP_NAME } from './read';

/** The longest content of a JPEG segment. */
const MAX_SEGMENT = 65533;
const INCH = 0.0254;
const ICC_NAME = 'ICC_PROFILE\0\x01\x01';

/**
 * A JPEG, PNG or WebP file that also says what the metadata says: EXIF, XMP, IPTC (JPEG only), the density (not in
 * WebP, which holds none but that of EXIF) and that its colours are sRGB. The pixels' bytes stay what they are. Blocks
 * longer than a JPEG segment (64 KiB) are left out of a JPEG. Other files come back as they are.
 */
export function withMetadata(file: Uint8Array, given: FileMetadata): Uint8Array<ArrayBuffer> {
  const { exif, density } = given;
  const metadata = { ...given, exif: exif && density !== null ? withDensity(exif, density) : exif };
  if (file[0] === 0xff && file[1] === 0xd8) return jpeg(file, metadata);
  if (standsAt(file, 0, '\x89PNG\r\n\x1a\n')) return png(file, metadata);
  if (standsAt(file, 0, 'RIFF') && standsAt(file, 8, 'WEBP')) return webp(file, metadata);
  return new Uint8Array(file);
}

function segment(marker: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  if (length > MAX_SEGMENT) return new Uint8Array(0);
  return joinBytes([Uint8Array.of(0xff, marker, (length + 2) >> 8, (length + 2) & 255), ...content]);
}

/** JFIF comes first, then the rest; a profile that the encoder wrote stays. */
function jpeg(file: Uint8Array, { exif, xmp, iptc, density }: FileMetadata): Uint8Array<ArrayBuffer> {
  const hasJfif = file[3] === 0xe0 && standsAt(file, 6, 'JFIF\0');
  const rest = hasJfif ? 4 + (file[4]! << 8) + file[5]! : 2;
  const dots = Math.min(65535, Math.max(1, Math.round(density ?? 72)));
  const jfif = latin('JFIF\0\x01\x02\x01\0\0\0\0\0\0');
  jfif.set([dots >> 8, dots & 255, dots >> 8, dots & 255], 8);
  return joinBytes([
    file.subarray(0, 2),
    segment(0xe0, jfif),
    ...(exif ? [segment(0xe1, exif)] : []),
    ...(xmp ? [segment(0xe1, latin(XMP_NAME), xmp)] : []),
    ...(hasProfile(file) ? [] : [segment(0xe2, latin(ICC_NAME), srgbProfile())]),
    ...(iptc && standsAt(iptc, 0, IPTC_NAME) ? [segment(0xed, iptc)] : []),
    file.subarray(rest),
  ]);
}

function hasProfile(file: Uint8Array): boolean {
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda;) {
    if (file[at + 1] === 0xe2 && standsAt(file, at + 4, 'ICC_PROFILE\0')) return true;
    at += 2 + (file[at + 2]! << 8) + file[at + 3]!;
  }
  return false;
}

const withoutPrefix = (exif: Uint8Array) =>
  standsAt(exif, 0, EXIF_PREFIX) ? exif.subarray(EXIF_PREFIX.length) : exif;

/** After IHDR, which is always 25 bytes long; what of the same kind the encoder wrote goes. */
function png(file: Uint8Array, { exif, xmp, density }: FileMetadata): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const kept: Uint8Array[] = [];
  let colours = false;
  for (let at = 33; at + 12 <= file.length;) {
    const end = at + 12 + view.getUint32(at);
    if (standsAt(file, at + 4, 'IDAT')) {
      kept.push(file.subarray(at));
      break;
    }
    colours ||= ['sRGB', 'iCCP', 'cICP'].some((type) => standsAt(file, at + 4, type));
    if (!standsAt(file, at + 4, 'pHYs')) kept.push(file.subarray(at, end));
    at = end;
  }
  const metres = new Uint8Array(9);
  const dots = Math.round((density ?? 0) / INCH);
  new DataView(metres.buffer).setUint32(0, dots);
  new DataView(metres.buffer).setUint32(4, dots);
  metres[8] = 1;
  return joinBytes([
    file.subarray(0, 33),
    ...(colours ? [] : [chunk('sRGB', Uint8Array.of(0))]),
    ...(density === null ? [] : [chunk('pHYs', metres)]),
    ...(exif ? [chunk('eXIf', withoutPrefix(exif))] : []),
    ...(xmp ? [chunk('iTXt', joinBytes([latin(`${XMP_KEYWORD}\0\0\0\0`), xmp]))] : []),
    ...kept,
  ]);
}

/** VP8X flags, RFC 9649, 2.7.1. */
const HAS_PROFILE = 0x20;
const HAS_ALPHA = 0x10;
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

function riff(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + content.length + (content.length % 2));
  out.set(latin(type));
  new DataView(out.buffer).setUint32(4, content.length, true);
  out.set(content, 8);
  return out;
}

/** The extended form: VP8X, profile, the picture's own chunks, EXIF, XMP, in this order. */
function webp(file: Uint8Array, { exif, xmp }: FileMetadata): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const picture: Uint8Array[] = [];
  let head: Uint8Array | null = null;
  let profile: Uint8Array | null = null;
  for (let at = 12; at + 8 <= file.length;) {
    const length = view.getUint32(at + 4, true);
    const end = Math.min(file.length, at + 8 + length + (length % 2));
    const content = file.subarray(at + 8, Math.min(file.length, at + 8 + length));
    if (standsAt(file, at, 'VP8X')) head = new Uint8Array(content);
    else if (standsAt(file, at, 'ICCP')) profile = content;
    else if (!standsAt(file, at, 'EXIF') && !standsAt(file, at, 'XMP ')) {
      if (standsAt(file, at, 'VP8')) head ??= extendedHead(content, standsAt(file, at, 'VP8L'));
      picture.push(file.subarray(at, end));
    }
    at = end;
  }
  if (!head) return new Uint8Array(file);
  head[0] = (head[0]! & HAS_ALPHA) | (exif ? HAS_EXIF : 0) | (xmp ? HAS_XMP : 0) | HAS_PROFILE;
  const chunks = [
    riff('VP8X', head),
    riff('ICCP', profile ?? srgbProfile()),
    ...picture,
    ...(exif ? [riff('EXIF', withoutPrefix(exif))] : []),
    ...(xmp ? [riff('XMP ', xmp)] : []),
  ];
  return joinBytes([latin('RIFF'), sizeOf(4, chunks), latin('WEBP'), ...chunks]);
}

function sizeOf(own: number, chunks: readonly Uint8Array[]): Uint8Array {
  const size = new Uint8Array(4);
  const total = chunks.reduce((sum, each) => sum + each.length, own);
  new DataView(size.buffer).setUint32(0, total, true);
  return size;
}

/** The size of the picture, less one, in 24 bits each, and whether it has alpha: from the head of VP8 (RFC 6386, 9.1) or VP8L. */
function extendedHead(content: Uint8Array, lossless: boolean): Uint8Array | null {
  if (content.length < 10) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const bits = lossless ? view.getUint32(1, true) : 0;
  const width = lossless ? bits & 0x3fff : (view.getUint16(6, true) & 0x3fff) - 1;
  const height = lossless ? (bits >>> 14) & 0x3fff : (view.getUint16(8, true) & 0x3fff) - 1;
  const alpha = lossless && (bits >>> 28) & 1;
  return Uint8Array.of(
    alpha ? HAS_ALPHA : 0,
    0,
    0,
    0,
    width & 255,
    (width >> 8) & 255,
    width >> 16,
    height & 255,
    (height >> 8) & 255,
    height >> 16,
  );
}
