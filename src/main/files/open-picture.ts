import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_DECODED, type DecodedFile } from '../../contract/pictures';
import { Fault } from '../../pixels/fault';
import { decodeImage } from './decode';
import { openSource } from './source';

/**
 * A picture file that a window holds, decoded: RGBA, 8 bits, straight alpha, sRGB, upright.
 *
 * @param name the file's own, for messages.
 * @throws Fault as `decodeImage`, and `too-large` beyond {@link MAX_DECODED} pixels.
 */
export async function decodePicture(name: string, bytes: Uint8Array): Promise<DecodedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-open-'));
  const path = join(folder, 'picture');
  try {
    await writeFile(path, bytes);
    const { metadata: head } = await openSource(path);
    if (head.width * head.height > MAX_DECODED) {
      throw new Fault(
        'too-large',
        `${path} has ${Math.round((head.width * head.height) / 1e6)} megapixels, more than the ${MAX_DECODED / 1e6} of this format that the window opens.`,
        'Save it as PNG, or scale it down first.',
      );
    }
    const { image, pages, metadata } = await decodeImage(path);
    const copied = (block: Buffer | null) => block && new Uint8Array(block);
    return {
      width: image.width,
      height: image.height,
      data: new Uint8ClampedArray(image.data.buffer as ArrayBuffer, image.data.byteOffset, image.data.length),
      pages,
      depth: head.depth === 'ushort' ? 16 : 8,
      metadata: {
        exif: copied(metadata.exif),
        xmp: copied(metadata.xmp),
        iptc: copied(metadata.iptc),
        density: metadata.density,
      },
    };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    throw new Fault(thrown.code, thrown.message.replaceAll(path, `“${name}”`), thrown.hint);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
