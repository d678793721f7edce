import type { Layer, PixelId } from '../../document/records';
import type { AlphaMap, DecodedPicture } from '../workers/protocol';

/** What the window knows of the pixels that lie in the studio: their weight, and a small copy of their alpha. */
export class PixelLedger {
  readonly #bytes = new Map<PixelId, number>();
  readonly #alphas = new Map<PixelId, AlphaMap>();

  /** Bytes of all pixels. */
  get total(): number {
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  bytesOf(id: PixelId): number {
    return this.#bytes.get(id) ?? 0;
  }

  noteDecoded(picture: DecodedPicture): void {
    this.#bytes.set(picture.pixels, picture.bytes);
    this.#alphas.set(picture.pixels, picture.alpha);
  }

  noteBytes(id: PixelId, bytes: number): void {
    this.#bytes.set(id, bytes);
  }

  /** Forgets all but these. */
  retain(ids: ReadonlySet<PixelId>): void {
    for (const id of this.#bytes.keys()) if (!ids.has(id)) this.#bytes.delete(id);
    for (const id of this.#alphas.keys()) if (!ids.has(id)) this.#alphas.delete(id);
  }

  /** Alpha of the layer's own pixels (0..255) at a point of the layer, from its small copy. */
  alphaAt(layer: Layer, x: number, y: number): number {
    if (x < 0 || y < 0 || x >= layer.width || y >= layer.height) return 0;
    const map = this.#alphas.get(layer.pixels);
    if (!map) return 255;
    const column = Math.min(map.width - 1, Math.floor((x / layer.width) * map.width));
    const row = Math.min(map.height - 1, Math.floor((y / layer.height) * map.height));
    return map.data[row * map.width + column] ?? 0;
  }
}
