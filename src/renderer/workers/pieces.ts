import { z } from 'zod';
import { Fault } from '../../pixels/fault';
import { noted } from './decode';
import { allocatePixels, type PixelShelf } from './pixel-shelf';
import type { NotedPixels } from './protocol';

const head = z.object({
  kind: z.enum(['image', 'mask', 'blob']),
  width: z.number().int().min(0),
  height: z.number().int().min(0),
});
const HEAD = 128;

/** Pixels, a mask or kept bytes as one piece to be put away: a line that tells what it is, then the bytes, compressed. */
export async function packPiece(id: string, shelf: PixelShelf): Promise<Uint8Array> {
  const image = shelf.get(id);
  const mask = image ? undefined : shelf.mask(id);
  const blob = shelf.blob(id);
  const bytes = image?.data ?? mask?.data ?? blob;
  if (!bytes)
    throw new Fault('document', 'Pixels of the document are missing.', 'Save it under another name.');
  const kind = image ? 'image' : mask ? 'mask' : 'blob';
  const { width = 0, height = 0 } = image ?? mask ?? {};
  const line = new TextEncoder().encode(JSON.stringify({ kind, width, height }).padEnd(HEAD));
  const packed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Blob([line, await new Response(packed).arrayBuffer()]).arrayBuffer());
}

/** Puts a piece back on the shelf; of pixels, answers what the window keeps of them. */
export async function unpackPiece(
  id: string,
  piece: Uint8Array,
  shelf: PixelShelf,
): Promise<{ noted: NotedPixels | null; bytes: number }> {
  try {
    const { kind, width, height } = head.parse(JSON.parse(new TextDecoder().decode(piece.subarray(0, HEAD))));
    const packed = new Blob([new Uint8Array(piece.subarray(HEAD))]).stream();
    const stream = packed.pipeThrough(new DecompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const expected = kind === 'image' ? 4 * width * height : kind === 'mask' ? width * height : bytes.length;
    if (bytes.length !== expected) throw new RangeError('its length is wrong');
    if (kind === 'blob') shelf.putBlob(id, bytes);
    else {
      const data = allocatePixels(bytes.length);
      data.set(bytes);
      if (kind === 'image') shelf.put(id, { width, height, data });
      else shelf.putMask(id, { width, height, data });
    }
    const image = kind === 'image' ? shelf.get(id) : undefined;
    return { noted: image ? noted(id, image) : null, bytes: bytes.length };
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault(
      'unreadable',
      'A piece of the unsaved work is damaged.',
      'The rest cannot be opened without it.',
    );
  }
}
