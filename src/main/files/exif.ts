import { uprightExif as upright } from '../../formats/metadata/exif';

/** {@link upright} with Node's buffers. */
export function uprightExif(block: Buffer): Buffer | null {
  const exif = upright(block);
  return exif && Buffer.from(exif.buffer, exif.byteOffset, exif.length);
}
