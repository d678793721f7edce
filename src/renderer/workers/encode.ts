import type { Document } from '../../document/records';
import { metadataOf } from '../../formats/metadata/of-document';
import { NO_METADATA } from '../../formats/metadata/picture-metadata';
import { withMetadata } from '../../formats/metadata/write';
import { Fault } from '../../pixels/fault';
import { flatten } from './flatten';
import { toImageData, type PixelShelf } from './pixel-shelf';
import type { ExportFormat } from './protocol';

/**
 * The flattened document as a PNG or WebP (alpha kept) or JPEG (on white) file, with its resolution and, where wanted,
 * what the opened file said of itself. `quality` 0..1 is for JPEG and WebP.
 */
export async function encodeDocument(
  document: Document,
  format: ExportFormat,
  { quality, metadata }: { quality: number; metadata: boolean },
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<Blob> {
  const image = toImageData(await flatten(document, shelf, signal));
  try {
    const canvas = new OffscreenCanvas(document.width, document.height);
    const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
    if (!context) throw new TypeError('no context');
    context.putImageData(image, 0, 0);
    if (format === 'jpeg') {
      context.globalCompositeOperation = 'destination-over';
      context.fillStyle = '#fff';
      context.fillRect(0, 0, document.width, document.height);
    }
    const type = `image/${format}`;
    const blob = await canvas.convertToBlob({ type, quality });
    const said = metadata ? metadataOf(document, (id) => shelf.blob(id)) : NO_METADATA;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return new Blob([withMetadata(bytes, { ...said, density: document.resolution })], { type });
  } catch {
    throw new Fault(
      'too-large',
      `A picture of ${document.width}×${document.height} pixels cannot be encoded here.`,
      'Make the document smaller.',
    );
  }
}
