import { Fault } from '../../pixels/fault';
import { checkSize } from '../../pixels/image';

/** What the first bytes of a file say: its type, its size where it is easily read, and who can decode it. */
export interface Signature {
  readonly type: string;
  readonly size: { readonly width: number; readonly height: number } | null;
  /** What it is, as words, where no browser reads it but a host may. */
  readonly foreign?: string;
  /** More than 8 bits a channel: a browser reads it, but cuts bits off instead of rounding. */
  readonly deep?: boolean;
}

const ascii = (bytes: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/**
 * Tells the type of a picture file by its content, never by its name, and refuses with a Fault what nobody here can
 * decode whole: other formats, files that are cut short, sizes beyond what fits.
 */
export function readSignature(bytes: Uint8Array, name: string): Signature {
  if (bytes.length === 0) throw new Fault('unreadable', `“${name}” is empty.`, 'Choose another file.');
  const signature = identify(bytes, name);
  if (signature.size) {
    try {
      checkSize(signature.size.width, signature.size.height);
    } catch (thrown) {
      if (thrown instanceof Fault) throw new Fault(thrown.code, `“${name}”: ${thrown.message}`, thrown.hint);
      throw thrown;
    }
  }
  return signature;
}

function identify(bytes: Uint8Array, name: string): Signature {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return png(bytes, view, name);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes, view, name);
  if (ascii(bytes, 0, 4) === 'GIF8' && bytes.length > 10) {
    return {
      type: 'image/gif',
      size: { width: view.getUint16(6, true), height: view.getUint16(8, true) },
    };
  }
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') {
    if (bytes.length < view.getUint32(4, true) + 8) throw cutShort(name);
    return { type: 'image/webp', size: null };
  }
  if (ascii(bytes, 4, 4) === 'ftyp' && /avif|avis|mif1/.test(ascii(bytes, 8, 24))) {
    return { type: 'image/avif', size: null };
  }
  if (ascii(bytes, 0, 2) === 'BM') return { type: 'image/bmp', size: null };
  const readable = foreign(bytes, name);
  if (readable) return { ...readable, size: null };
  const other = unknown(bytes, name);
  if (other) {
    throw new Fault(
      'unsupported',
      `“${name}” is ${other}, which Attune does not open.`,
      'Save it as PNG or JPEG in the program that made it, and open that.',
    );
  }
  throw new Fault(
    'unreadable',
    `“${name}” is not a picture that Attune knows.`,
    'Open a PSD, ORA, PNG, JPEG, WebP, AVIF, TIFF, SVG, GIF or BMP file.',
  );
}

/** Pictures that browsers do not read and decoders of a host may. */
function foreign(bytes: Uint8Array, name: string): { type: string; foreign: string } | null {
  const isTiff = ascii(bytes, 0, 4) === 'II*\0' || ascii(bytes, 0, 4) === 'MM\0*';
  if (isTiff && !isRaw(bytes, name)) return { type: 'image/tiff', foreign: 'a TIFF file' };
  if (/ftyphei[cmsx]/.test(ascii(bytes, 4, 8))) return { type: 'image/heic', foreign: 'a HEIC photograph' };
  if (
    /^(\ufeff|ï»¿)?\s*(<\?xml[^]*?)?(<!--[^]*?-->\s*)*(<!DOCTYPE[^>[]*>\s*)?<svg[\s>]/.test(
      ascii(bytes, 0, 4096),
    )
  )
    return { type: 'image/svg+xml', foreign: 'an SVG drawing' };
  return null;
}

/** Raw camera files are TIFF files whose first picture is a mere preview. */
function isRaw(bytes: Uint8Array, name: string): boolean {
  return (
    /\.(dng|nef|nrw|cr2|arw|orf|rw2|pef|srw|3fr|iiq|erf|mef|mos)$/i.test(name) || ascii(bytes, 8, 2) === 'CR'
  );
}

function unknown(bytes: Uint8Array, name: string): string | null {
  if (ascii(bytes, 0, 2) === 'II' || ascii(bytes, 0, 2) === 'MM') {
    if (isRaw(bytes, name)) return 'a raw camera file';
  }
  if (ascii(bytes, 0, 4) === '8BPS') return 'a Photoshop document';
  if (ascii(bytes, 0, 5) === '%PDF-') return 'a PDF';
  return null;
}

const cutShort = (name: string) =>
  new Fault('unreadable', `“${name}” is cut short: its end is missing.`, 'Copy or download it again.');

/** PNG (Third Edition), 5.3: length, type, data, CRC; IHDR comes first and IEND last. */
function png(bytes: Uint8Array, view: DataView, name: string): Signature {
  let at = 8;
  let size: Signature['size'] = null;
  let deep = false;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = ascii(bytes, at + 4, 4);
    if (type === 'IHDR' && length >= 13) {
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
      deep = bytes[at + 16] === 16;
    }
    if (type === 'IEND') return { type: 'image/png', size, ...(deep ? { deep } : {}) };
    at += 12 + length;
  }
  throw cutShort(name);
}

/** JPEG (T.81), B.1.1: segments up to the first scan; the size stands in the frame header, EOI ends the scans. */
function jpeg(bytes: Uint8Array, view: DataView, name: string): Signature {
  let at = 2;
  let size: Signature['size'] = null;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff)
      throw new Fault('unreadable', `“${name}” is damaged.`, 'Copy or download it again.');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && at + 9 <= bytes.length) {
      size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    if (marker === 0xda) {
      if (endsAfter(bytes, at)) return { type: 'image/jpeg', size };
      throw cutShort(name);
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw cutShort(name);
}

function endsAfter(bytes: Uint8Array, scan: number): boolean {
  for (let at = bytes.length - 2; at > scan; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  }
  return false;
}
