import type { PixelSource } from '../../compositor/pixel-store';
import type { BlobId, PixelId } from '../../document/records';
import { Fault } from '../../pixels/fault';
import type { Image, Mask } from '../../pixels/image';

/**
 * The pixels of the open document, by id. Pixels are let go once the document and its history no longer name them;
 * those that nobody has named yet (just decoded, about to become a layer) are kept.
 */
export class PixelShelf implements PixelSource {
  readonly #images = new Map<PixelId, Image>();
  readonly #masks = new Map<PixelId, Mask>();
  readonly #blobs = new Map<BlobId, Uint8Array>();
  readonly #named = new Set<PixelId>();

  get(id: PixelId): Image | undefined {
    return this.#images.get(id);
  }

  mask(id: PixelId): Mask | undefined {
    return this.#masks.get(id);
  }

  blob(id: BlobId): Uint8Array | undefined {
    return this.#blobs.get(id);
  }

  /** The pixels, or a Fault that says what to do. */
  need(id: PixelId, layer: string): Image {
    const image = this.#images.get(id);
    if (!image) {
      throw new Fault('document', `The pixels of layer “${layer}” are missing.`, 'Open its file again.');
    }
    return image;
  }

  put(id: PixelId, image: Image): void {
    if (!this.#images.has(id)) this.#images.set(id, image);
  }

  putMask(id: PixelId, mask: Mask): void {
    if (!this.#masks.has(id)) this.#masks.set(id, mask);
  }

  putBlob(id: BlobId, bytes: Uint8Array): void {
    if (!this.#blobs.has(id)) this.#blobs.set(id, bytes);
  }

  /** Lets go of what was named before and is named no longer. */
  retain(ids: readonly PixelId[]): void {
    const keep = new Set(ids);
    for (const id of keep) this.#named.add(id);
    for (const id of this.#named) {
      if (keep.has(id)) continue;
      this.#images.delete(id);
      this.#masks.delete(id);
      this.#blobs.delete(id);
      this.#named.delete(id);
    }
  }
}

/**
 * Room for `length` bytes of pixels: shared with other workers where the page is cross-origin isolated, so that they
 * read and write it in place.
 */
export function allocatePixels(length: number): Uint8ClampedArray {
  try {
    return globalThis.crossOriginIsolated
      ? new Uint8ClampedArray(new SharedArrayBuffer(length))
      : new Uint8ClampedArray(length);
  } catch {
    throw new Fault(
      'too-large',
      `There is not enough memory for another ${Math.round(length / 1e6)} MB of pixels.`,
      'Close other programs, or delete layers that are not needed.',
    );
  }
}

/** The image as the browser's own kind; its pixels are copied only when they are shared with other workers. */
export function toImageData(image: Image): ImageData {
  const { buffer, byteOffset, length } = image.data;
  const own =
    buffer instanceof ArrayBuffer
      ? new Uint8ClampedArray(buffer, byteOffset, length)
      : new Uint8ClampedArray(image.data);
  return new ImageData(own, image.width, image.height);
}
