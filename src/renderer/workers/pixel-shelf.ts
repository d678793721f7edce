import type { PixelSource } from '../../compositor/pixel-store';
import type { BlobId, PixelId } from '../../document/records';
import { Fault } from '../../pixels/fault';
import type { Box, Image, Mask } from '../../pixels/image';
import { MaskKin } from './mask-kin';

/**
 * The pixels of the open document, by id. Pixels are let go once the document and its history no longer name them;
 * those that nobody has named yet (just decoded, about to become a layer) are kept.
 */
export class PixelShelf implements PixelSource {
  readonly #images = new Map<PixelId, Image>();
  readonly #masks = new Map<PixelId, Mask>();
  readonly #blobs = new Map<BlobId, Uint8Array>();
  readonly #named = new Set<PixelId>();
  readonly #kin = new MaskKin();

  get(id: PixelId): Image | undefined {
    return this.#images.get(id);
  }

  mask(id: PixelId): Mask | undefined {
    const whole = this.#masks.get(id);
    if (whole) return whole;
    const restored = this.#kin.restore(id, (other) => this.#masks.get(other));
    if (restored) this.#masks.set(id, restored);
    return restored;
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

  /** Takes back a mask that became none of the document's. */
  drop(id: PixelId): void {
    if (!this.#named.has(id)) this.#masks.delete(id);
  }

  /**
   * Notes that two masks differ inside the box only, so that the one that only the history names need not lie whole.
   * Answers the bytes that this takes.
   */
  putKin(one: PixelId, other: PixelId, box: Box): number {
    const [from, to] = [this.mask(one), this.mask(other)];
    return from && to ? this.#kin.link([one, other], from, to, box) : 0;
  }

  /** Lets go of what was named before and is named no longer. Only what is `present` must lie whole. */
  retain(ids: readonly PixelId[], present: readonly PixelId[] = ids): void {
    const keep = new Set(ids);
    for (const id of keep) this.#named.add(id);
    this.#thin(keep, new Set(present));
    for (const id of this.#named) {
      if (keep.has(id)) continue;
      this.#images.delete(id);
      this.#masks.delete(id);
      this.#blobs.delete(id);
      this.#named.delete(id);
    }
    this.#kin.prune(keep);
  }

  /** Lets go of masks that can be made again of their kin, and makes those whole that could not be any longer. */
  #thin(keep: ReadonlySet<PixelId>, present: ReadonlySet<PixelId>): void {
    const stays = (id: PixelId) => this.#masks.has(id) && (keep.has(id) || !this.#named.has(id));
    for (const id of keep) {
      if (this.#masks.has(id) && !present.has(id)) {
        if (this.#kin.reaches(id, (other) => present.has(other) && stays(other))) this.#masks.delete(id);
      } else if (!this.#masks.has(id) && !this.#kin.reaches(id, stays)) this.mask(id);
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
