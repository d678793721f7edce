import { mip, mipsOf } from '../../compositor/mips';
import { toServiceError, type ServiceError } from '../../contract/errors';
import { decodeLayer, type PackedLayer } from '../../formats/psd/flat';
import type { Box, Image } from '../../pixels/image';
import { alphaLevel, alphaMap, contentOf } from './decode';
import { allocatePixels } from './pixel-shelf';
import type { AlphaMap } from './protocol';

/** A layer to unpack; `bytes` hold its channels, and the channels' places are those in `bytes`. */
export interface ToUnpack {
  readonly id: number;
  readonly layer: PackedLayer;
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Its pixels in shared memory, and what the studio would else have to make of them: content, alpha, smaller levels. */
export interface Unpacked {
  readonly image: Image;
  readonly content: Box;
  readonly alpha: AlphaMap;
  readonly mips: readonly Image[];
}

export type FromUnpack =
  | { readonly kind: 'unpacked'; readonly id: number; readonly value: Unpacked }
  | { readonly kind: 'refused'; readonly id: number; readonly error: ServiceError };

addEventListener('message', ({ data: { id, layer, bytes, name } }: MessageEvent<ToUnpack>) => {
  const post = (message: FromUnpack, transfer: Transferable[] = []) => postMessage(message, { transfer });
  try {
    const image = decodeLayer(layer, bytes, name, allocatePixels);
    mip(image, alphaLevel(image));
    const mips = mipsOf(image);
    const value = { image, content: contentOf(image), alpha: alphaMap(image), mips };
    post(
      { kind: 'unpacked', id, value },
      mips.flatMap(({ data }) => (data.buffer instanceof ArrayBuffer ? [data.buffer] : [])),
    );
  } catch (thrown) {
    post({ kind: 'refused', id, error: toServiceError(thrown) });
  }
});
