import type { PixelId, PixelLayer } from '../../document/records';
import type { Box } from '../../pixels/image';
import type { AlphaMap, NotedPixels } from '../workers/protocol';

/** What the window knows of the pixels that lie in the studio: their weight, and a small copy of their alpha. */
export class PixelLedger {
  readonly #bytes = new Map<PixelId, number>();
  readonly #pictures = new Map<PixelId, { readonly alpha: AlphaMap; readonly content: Box }>();

  /** Bytes of all pixels. */
  get total(): number {
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  bytesOf(id: PixelId): number {
    return this.#bytes.get(id) ?? 0;
  }

  noteDecoded(picture: NotedPixels): void {
    this.#bytes.set(picture.pixels, picture.bytes);
    this.#pictures.set(picture.pixels, { alpha: picture.alpha, content: picture.content });
  }

  noteBytes(id: PixelId, bytes: number): void {
    this.#bytes.set(id, bytes);
  }

  /** Forgets all but these. */
  retain(ids: readonly PixelId[]): void {
    const kept = new Set(ids);
    for (const id of this.#bytes.keys()) if (!kept.has(id)) this.#bytes.delete(id);
    for (const id of this.#pictures.keys()) if (!kept.has(id)) this.#pictures.delete(id);
  }

  /** The box of the layer's own pixels around all that is not wholly transparent. */
  contentOf(layer: PixelLayer): Box {
    const whole = { x: 0, y: 0, width: layer.width, height: layer.height };
    return this.#pictures.get(layer.pixels)?.content ?? whole;
  }

  /** Alpha of the layer's own pixels (0..255) at a point of the layer, from its small copy. */
  alphaAt(layer: Pick<PixelLayer, 'pixels' | 'width' | 'height'>, x: number, y: number): number {
    if (x < 0 || y < 0 || x >= layer.width || y >= layer.height) return 0;
    const map = this.#pictures.get(layer.pixels)?.alpha;
    if (!map) return 255;
    const column = Math.min(map.width - 1, Math.floor((x / layer.width) * map.width));
    const row = Math.min(map.height - 1, Math.floor((y / layer.height) * map.height));
    return map.data[row * map.width + column] ?? 0;
  }
}
