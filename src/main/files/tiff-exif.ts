import { open, type FileHandle } from 'node:fs/promises';
import { directoryBytes, readExifFields, saysNothing, type ReadBytes } from './tiff-fields';

// libvips neither reads nor writes what a TIFF says as EXIF: the directories are read and written here.

const PREFIX = Buffer.from('Exif\0\0', 'latin1');
const HEADER = Buffer.from('II*\0\x08\0\0\0', 'latin1');

/** What a TIFF file says, as an EXIF block; null when it says nothing. */
export async function readTiffExif(path: string): Promise<Buffer | null> {
  const file = await open(path, 'r');
  try {
    const fields = await readExifFields(fromFile(file));
    if (!fields || saysNothing(fields)) return null;
    return Buffer.concat([PREFIX, HEADER, directoryBytes(fields, HEADER.length)]);
  } finally {
    await file.close();
  }
}

/**
 * Makes a TIFF file say what an EXIF block says: a new first directory, with everything that the old one has, is put
 * at the end of the file. A file of another byte order or with 64-bit offsets is left as it is.
 */
export async function addTiffExif(path: string, exif: Buffer): Promise<void> {
  const block = exif.subarray(0, 6).equals(PREFIX) ? exif.subarray(6) : exif;
  const fields = await readExifFields(async (offset, length) => block.subarray(offset, offset + length));
  if (!fields || saysNothing(fields)) return;
  const file = await open(path, 'r+');
  try {
    const read = fromFile(file);
    const head = await read(0, 8);
    if (head.toString('latin1', 0, 4) !== 'II*\0') return;
    const directory = head.readUInt32LE(4);
    const count = (await read(directory, 2)).readUInt16LE(0);
    const entries = await read(directory + 2, 12 * count);
    const old = Array.from({ length: count }, (_, i) => entries.subarray(12 * i, 12 * i + 12));
    const { size } = await file.stat();
    const end = size + (size % 2);
    const bytes = directoryBytes(fields, end, old);
    if (end + bytes.length >= 2 ** 32) return;
    await file.write(bytes, 0, bytes.length, end);
    const start = Buffer.alloc(4);
    start.writeUInt32LE(end, 0);
    await file.write(start, 0, 4, 4);
  } finally {
    await file.close();
  }
}

function fromFile(file: FileHandle): ReadBytes {
  return async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
}
