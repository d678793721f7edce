import type { PixelId } from '../document/records';
import type { Image } from '../pixels/image';

/** Where the compositor finds the pixels that a document names. */
export interface PixelSource {
  get(id: PixelId): Image | undefined;
}
