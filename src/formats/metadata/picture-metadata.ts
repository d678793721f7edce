import { z } from 'zod';

/** What a picture file says beside its pixels, as its own bytes. */
export interface FileMetadata {
  /** An EXIF block with its prefix `Exif\0\0`, orientation 1, without a thumbnail. */
  readonly exif: Uint8Array | null;
  /** An XMP packet. */
  readonly xmp: Uint8Array | null;
  /** Photoshop's resources (`Photoshop 3.0\0…`), where IPTC captions lie. */
  readonly iptc: Uint8Array | null;
  /** Pixels an inch; null where the file does not say. */
  readonly density: number | null;
}

export const NO_METADATA: FileMetadata = { exif: null, xmp: null, iptc: null, density: null };

/** The most bytes of one block that are kept: many times what any camera writes. */
export const MAX_BLOCK = 1 << 20;

/** Whether it says anything beside the density. */
export function saysAnything({ exif, xmp, iptc }: FileMetadata): boolean {
  return exif !== null || xmp !== null || iptc !== null;
}

const length = z.number().int().min(0).max(MAX_BLOCK).nullable();
const head = z.object({ exif: length, xmp: length, iptc: length });
const HEAD = 96;

/** The blocks as one run of bytes, to be kept with the document; the density is the document's resolution. */
export function packMetadata({ exif, xmp, iptc }: FileMetadata): Uint8Array {
  const lengths = { exif: exif?.length ?? null, xmp: xmp?.length ?? null, iptc: iptc?.length ?? null };
  const text = JSON.stringify(lengths).padEnd(HEAD);
  const parts = [Uint8Array.from(text, (c) => c.charCodeAt(0)), exif, xmp, iptc].filter(
    (part) => part !== null,
  );
  return joinBytes(parts);
}

/** What {@link packMetadata} packed; nothing at all where the bytes are something else. */
export function unpackMetadata(bytes: Uint8Array): FileMetadata {
  try {
    const text = String.fromCharCode(...bytes.subarray(0, HEAD));
    const lengths = head.parse(JSON.parse(text));
    let at = HEAD;
    const take = (count: number | null) => {
      if (count === null) return null;
      at += count;
      if (at > bytes.length) throw new RangeError('cut short');
      return bytes.slice(at - count, at);
    };
    return { exif: take(lengths.exif), xmp: take(lengths.xmp), iptc: take(lengths.iptc), density: null };
  } catch {
    return NO_METADATA;
  }
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Bytes of a text in Latin-1. */
export function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** Whether `text` (Latin-1) stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
