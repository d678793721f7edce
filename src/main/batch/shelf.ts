import { createHash } from 'node:crypto';
import type { ProjectShelf, ProjectSource } from '../../formats/project';
import type { Image, Mask } from '../../pixels/image';

/** The pixels, masks and bytes of one project, in memory, by content hash. */
export class Shelf implements ProjectShelf, ProjectSource {
  readonly #images = new Map<string, Image>();
  readonly #masks = new Map<string, Mask>();
  readonly #blobs = new Map<string, Uint8Array>();

  image(image: Image): string {
    const id = hash(`image ${image.width}x${image.height}`, image.data);
    this.#images.set(id, image);
    return id;
  }

  get(id: string): Image | undefined {
    return this.#images.get(id);
  }

  mask(mask: Mask): string;
  mask(id: string): Mask | undefined;
  mask(given: Mask | string): string | Mask | undefined {
    if (typeof given === 'string') return this.#masks.get(given);
    const id = hash(`mask ${given.width}x${given.height}`, given.data);
    this.#masks.set(id, given);
    return id;
  }

  blob(bytes: Uint8Array): string;
  blob(id: string): Uint8Array | undefined;
  blob(given: Uint8Array | string): string | Uint8Array | undefined {
    if (typeof given === 'string') return this.#blobs.get(given);
    const id = hash('blob', given);
    this.#blobs.set(id, given.slice());
    return id;
  }
}

function hash(kind: string, bytes: Uint8Array | Uint8ClampedArray): string {
  return createHash('sha256').update(kind).update(bytes).digest('hex').slice(0, 32);
}
