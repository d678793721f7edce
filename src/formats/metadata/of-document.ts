import type { BlobId, Document } from '../../document/records';
import { unpackKept } from '../psd/kept';
import { uprightExif } from './exif';
import { IPTC_NAME } from './read';
import {
  joinBytes,
  latin,
  NO_METADATA,
  standsAt,
  unpackMetadata,
  type FileMetadata,
} from './picture-metadata';

/** Numbers of Photoshop's resources: IPTC, EXIF, XMP. */
export const IPTC_RESOURCE = '1028';
export const EXIF_RESOURCE = '1058';
export const XMP_RESOURCE = '1060';

/**
 * What the file that the document was opened from said beside its pixels; the density is the document's resolution.
 *
 * @param blob the way to the bytes that the document names.
 */
export function metadataOf(
  { kept, resolution }: Pick<Document, 'kept' | 'resolution'>,
  blob: (id: BlobId) => Uint8Array | undefined,
): FileMetadata {
  const bytes = kept ? blob(kept.data) : undefined;
  if (!kept || !bytes || kept.format === 'ora') return { ...NO_METADATA, density: resolution };
  if (kept.format === 'picture') return { ...unpackMetadata(bytes), density: resolution };
  const { parts } = unpackKept(bytes);
  const part = (wanted: string) => parts.find(({ key }) => key === wanted)?.bytes ?? null;
  const exif = part(EXIF_RESOURCE);
  const iptc = part(IPTC_RESOURCE);
  return {
    exif: exif && uprightExif(exif),
    xmp: part(XMP_RESOURCE),
    iptc: iptc && asSegment(iptc),
    density: resolution,
  };
}

/** Photoshop's resources as they stand in a JPEG: `8BIM`, number, an empty name, length, bytes, padded to even. */
function asSegment(iptc: Uint8Array): Uint8Array {
  const { length } = iptc;
  const head = Uint8Array.of(
    4,
    4,
    0,
    0,
    length >>> 24,
    (length >> 16) & 255,
    (length >> 8) & 255,
    length & 255,
  );
  return joinBytes([latin(`${IPTC_NAME}8BIM`), head, iptc, new Uint8Array(length % 2)]);
}

/** The IPTC captions among Photoshop's resources of a JPEG; null where there are none. */
export function iptcIn(segment: Uint8Array): Uint8Array | null {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  for (let at = IPTC_NAME.length; at + 12 <= segment.length && standsAt(segment, at, '8BIM');) {
    const name = segment[at + 6]! + 1;
    const start = at + 6 + name + (name % 2);
    if (start + 4 > segment.length) return null;
    const length = view.getUint32(start);
    const end = start + 4 + length;
    if (end > segment.length) return null;
    if (view.getUint16(at + 4) === Number(IPTC_RESOURCE)) return segment.slice(start + 4, end);
    at = end + (length % 2);
  }
  return null;
}
