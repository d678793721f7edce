import { joinBytes, latin, standsAt } from './picture-metadata';

/**
 * An EXIF block is a small TIFF file after the six bytes `Exif\0\0`: byte order, 42, the offset of directory 0 (the
 * picture); each directory a count, entries of 12 bytes (tag, type, count, value or its offset) and the offset of the
 * next (directory 1 is the thumbnail). Exif 2.32, CIPA DC-008, section 4.5.
 */
export const EXIF_PREFIX = 'Exif\0\0';
const ORIENTATION = 0x0112;
const X_RESOLUTION = 0x011a;
const Y_RESOLUTION = 0x011b;
const RESOLUTION_UNIT = 0x0128;
const SHORT = 3;
const RATIONAL = 5;

interface Entry {
  readonly tag: number;
  readonly type: number;
  /** Where the value, or its offset, stands. */
  readonly at: number;
}

/** Directory 0 of the TIFF file in a block; null when it is none. */
function directory(
  tiff: Uint8Array,
): { view: DataView; little: boolean; entries: Entry[]; next: number } | null {
  if (tiff.length < 14) return null;
  const little = standsAt(tiff, 0, 'II');
  if (!little && !standsAt(tiff, 0, 'MM')) return null;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  if (view.getUint16(2, little) !== 42) return null;
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.length) return null;
  const next = start + 2 + 12 * view.getUint16(start, little);
  if (next > tiff.length) return null;
  const entries: Entry[] = [];
  for (let at = start + 2; at < next; at += 12) {
    entries.push({ tag: view.getUint16(at, little), type: view.getUint16(at + 2, little), at: at + 8 });
  }
  return { view, little, entries, next };
}

/** The block with its prefix, as a copy of its own. */
function prefixed(block: Uint8Array): Uint8Array<ArrayBuffer> {
  return standsAt(block, 0, EXIF_PREFIX) ? new Uint8Array(block) : joinBytes([latin(EXIF_PREFIX), block]);
}

/**
 * A copy of an EXIF block that fits a picture whose pixels are already upright and have changed: the orientation is
 * 1, and the thumbnail, which shows the old picture, is gone. Everything else stays. Null when the block is no EXIF.
 */
export function uprightExif(block: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const exif = prefixed(block);
  const tiff = exif.subarray(EXIF_PREFIX.length);
  const found = directory(tiff);
  if (!found) return null;
  const { view, little, entries, next } = found;
  for (const { tag, type, at } of entries) {
    if (tag === ORIENTATION && type === SHORT) view.setUint16(at, 1, little);
  }
  if (next + 4 <= tiff.length) tiff.fill(0, next, next + 4);
  return exif;
}

/** The resolution that an EXIF block tells, pixels an inch; null when it tells none. */
export function exifDensity(block: Uint8Array): number | null {
  const tiff = prefixed(block).subarray(EXIF_PREFIX.length);
  const found = directory(tiff);
  const value = found?.entries.find(({ tag, type }) => tag === X_RESOLUTION && type === RATIONAL);
  if (!found || !value) return null;
  const { view, little } = found;
  const offset = view.getUint32(value.at, little);
  if (offset + 8 > tiff.length) return null;
  const density = view.getUint32(offset, little) / view.getUint32(offset + 4, little);
  const unit = found.entries.find(({ tag, type }) => tag === RESOLUTION_UNIT && type === SHORT);
  const inCentimetres = unit !== undefined && view.getUint16(unit.at, little) === 3;
  const dpi = inCentimetres ? density * 2.54 : density;
  return Number.isFinite(dpi) && dpi >= 1 ? dpi : null;
}

/** A copy of the block that tells another resolution, where it tells one at all. */
export function withDensity(block: Uint8Array, density: number): Uint8Array<ArrayBuffer> {
  const exif = prefixed(block);
  const tiff = exif.subarray(EXIF_PREFIX.length);
  const found = directory(tiff);
  if (!found) return exif;
  const { view, little, entries } = found;
  for (const { tag, type, at } of entries) {
    if ((tag === X_RESOLUTION || tag === Y_RESOLUTION) && type === RATIONAL) {
      const offset = view.getUint32(at, little);
      if (offset + 8 > tiff.length) continue;
      view.setUint32(offset, Math.round(density * 100), little);
      view.setUint32(offset + 4, 100, little);
    } else if (tag === RESOLUTION_UNIT && type === SHORT) view.setUint16(at, 2, little);
  }
  return exif;
}
