/**
 * An EXIF block is a small TIFF file after the six bytes `Exif\0\0`: byte order, 42, the offset of directory 0 (the
 * picture); each directory a count, entries of 12 bytes (tag, type, count, value or its offset) and the offset of the
 * next (directory 1 is the thumbnail). Exif 2.32, CIPA DC-008, section 4.5.
 */
const PREFIX = Buffer.from('Exif\0\0', 'latin1');
const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * A copy of an EXIF block that fits a picture whose pixels are already upright and have changed: the orientation is
 * 1, and the thumbnail, which shows the old picture, is gone. Everything else stays. Null when the block is no EXIF.
 */
export function uprightExif(block: Buffer): Buffer | null {
  const hasPrefix = block.subarray(0, 6).equals(PREFIX);
  const exif = hasPrefix ? Buffer.from(block) : Buffer.concat([PREFIX, block]);
  const tiff = exif.subarray(6);
  if (tiff.length < 14) return null;
  const mark = tiff.toString('latin1', 0, 2);
  if (mark !== 'II' && mark !== 'MM') return null;
  const little = mark === 'II';
  const word = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  if (word(2) !== 42) return null;
  const directory = long(4);
  if (directory + 2 > tiff.length) return null;
  const next = directory + 2 + 12 * word(directory);
  if (next > tiff.length) return null;
  for (let entry = directory + 2; entry < next; entry += 12) {
    if (word(entry) !== ORIENTATION || word(entry + 2) !== SHORT) continue;
    if (little) tiff.writeUInt16LE(1, entry + 8);
    else tiff.writeUInt16BE(1, entry + 8);
  }
  if (next + 4 <= tiff.length) tiff.fill(0, next, next + 4);
  return exif;
}
