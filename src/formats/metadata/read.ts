import { inflateAtMost } from '../inflate';
import { exifDensity, EXIF_PREFIX, uprightExif } from './exif';
import { MAX_BLOCK, NO_METADATA, standsAt, type FileMetadata } from './picture-metadata';

export const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';
export const IPTC_NAME = 'Photoshop 3.0\0';
export const XMP_KEYWORD = 'XML:com.adobe.xmp\0';
const INCH = 0.0254;
/** What programs write when they know no better. */
const UNSAID = 72;

type Found = { -readonly [K in keyof FileMetadata]: FileMetadata[K] };

/**
 * What a JPEG, PNG or WebP file says beside its pixels: EXIF (made upright), XMP, IPTC (JPEG only) and density. Blocks
 * longer than {@link MAX_BLOCK} are left out; whatever is damaged is left out; nothing is ever thrown.
 */
export function readFileMetadata(bytes: Uint8Array): FileMetadata {
  const found: Found = { ...NO_METADATA };
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) readJpeg(bytes, found);
    else if (standsAt(bytes, 0, '\x89PNG\r\n\x1a\n')) readPng(bytes, found);
    else if (standsAt(bytes, 0, 'RIFF') && standsAt(bytes, 8, 'WEBP')) readWebp(bytes, found);
  } catch {
    // Only lengths of a damaged file lead here; what was found before holds.
  }
  if (found.exif) found.density ??= exifDensity(found.exif);
  if (found.density !== null && (Math.round(found.density) === UNSAID || found.density > 30_000))
    found.density = null;
  return found;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const block = (bytes: Uint8Array, from: number, to: number) =>
  to > from && to <= bytes.length && to - from <= MAX_BLOCK ? bytes.slice(from, to) : null;

/** JPEG (T.81), B.1.1: segments up to the first scan. JFIF 1.02: unit 1 an inch, 2 a centimetre. */
function readJpeg(bytes: Uint8Array, found: Found): void {
  const view = viewOf(bytes);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    const from = at + 4;
    const to = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe0 && standsAt(bytes, from, 'JFIF\0') && to - from >= 12) {
      const unit = bytes[from + 7];
      const across = view.getUint16(from + 8);
      if (unit === 1 && across > 0) found.density = across;
      if (unit === 2 && across > 0) found.density = across * 2.54;
    } else if (marker === 0xe1 && standsAt(bytes, from, EXIF_PREFIX)) {
      const exif = block(bytes, from, to);
      found.exif ??= exif && uprightExif(exif);
    } else if (marker === 0xe1 && standsAt(bytes, from, XMP_NAME)) {
      found.xmp ??= block(bytes, from + XMP_NAME.length, to);
    } else if (marker === 0xed && standsAt(bytes, from, IPTC_NAME)) {
      found.iptc ??= block(bytes, from, to);
    }
    at = to;
  }
}

/** PNG (Third Edition): eXIf 11.3.3.3, iTXt 11.3.3.4, pHYs 11.3.4.3 (unit 1: a metre). */
function readPng(bytes: Uint8Array, found: Found): void {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length;) {
    const from = at + 8;
    const to = from + view.getUint32(at);
    if (to + 4 > bytes.length) return;
    if (standsAt(bytes, at + 4, 'eXIf')) {
      const exif = block(bytes, from, to);
      found.exif ??= exif && uprightExif(exif);
    } else if (standsAt(bytes, at + 4, 'iTXt') && standsAt(bytes, from, XMP_KEYWORD)) {
      found.xmp ??= textOf(bytes, from + XMP_KEYWORD.length, to);
    } else if (standsAt(bytes, at + 4, 'zTXt') && standsAt(bytes, from, XMP_KEYWORD)) {
      // As libpng packs it: the keyword, a byte for the method, the text.
      const text = block(bytes, from + XMP_KEYWORD.length + 1, to);
      found.xmp ??= text && inflateAtMost(text, MAX_BLOCK);
    } else if (standsAt(bytes, at + 4, 'pHYs') && to - from === 9 && bytes[from + 8] === 1) {
      const across = view.getUint32(from);
      if (across > 0) found.density = Math.round(across * INCH * 100) / 100;
    }
    at = to + 4;
  }
}

/** The text of an iTXt, after compression flag and method, language and translated keyword. */
function textOf(bytes: Uint8Array, at: number, end: number): Uint8Array | null {
  const language = bytes.indexOf(0, at + 2);
  const keyword = language < 0 ? -1 : bytes.indexOf(0, language + 1);
  if (keyword < 0 || keyword >= end) return null;
  const text = block(bytes, keyword + 1, end);
  return text && bytes[at] === 1 ? inflateAtMost(text, MAX_BLOCK) : text;
}

/** WebP container (RFC 9649, 2.7): chunks EXIF and XMP. */
function readWebp(bytes: Uint8Array, found: Found): void {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    const from = at + 8;
    const to = from + view.getUint32(at + 4, true);
    if (standsAt(bytes, at, 'EXIF')) {
      const exif = block(bytes, from, to);
      found.exif ??= exif && uprightExif(exif);
    } else if (standsAt(bytes, at, 'XMP ')) found.xmp ??= block(bytes, from, to);
    at = to + (to % 2);
  }
}
