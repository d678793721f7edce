import type { PixelId } from '../document/records';
import type { Image, Mask } from '../pixels/image';

/** Where the compositor finds the pixels that a document names. */
export interface PixelSource {
  get(id: PixelId): Image | undefined;
  /** The bytes of a layer mask; a source without masks leaves it out. */
  mask?(id: PixelId): Mask | undefined;
}
