import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FormatName } from '../../formats/image-formats';
import type { FileMetadata } from '../../formats/metadata/picture-metadata';
import { decodeImage } from './decode';
import { encodeImage } from './encode';

/**
 * A PNG as another format, with the metadata. `quality` 1..100 counts where the format knows one.
 *
 * @throws Fault `unreadable`, `too-large`, `write`.
 */
export async function convertPicture(
  png: Uint8Array,
  format: FormatName,
  quality: number,
  metadata: FileMetadata,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-export-'));
  try {
    const source = join(folder, 'picture.png');
    const target = join(folder, `export.${format}`);
    await writeFile(source, png);
    const { image } = await decodeImage(source);
    await encodeImage(target, image, {
      quality,
      metadata: {
        exif: metadata.exif && Buffer.from(metadata.exif),
        xmp: metadata.xmp && Buffer.from(metadata.xmp),
        iptc: metadata.iptc && Buffer.from(metadata.iptc),
        density: metadata.density,
      },
    });
    return new Uint8Array(await readFile(target));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
