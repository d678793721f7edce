import type { ServiceError } from '../../contract/errors';
import type { Document, LayerId, PixelId, PixelLayer } from '../../document/records';
import type { Picture } from '../../document/placement';
import type { NetworkInfo, NetworkInput, NetworkResult } from '../../harmonize/network';
import type { Box } from '../../pixels/image';
import type { Matrix } from '../../pixels/matrix';

/** A small copy of a picture's alpha, for hit-testing in the window: one byte a cell. */
export interface AlphaMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface DecodedPicture extends Picture {
  readonly content: Box;
  readonly bytes: number;
  readonly alpha: AlphaMap;
}

export interface LiftedPixels {
  readonly pixels: PixelId;
  readonly bytes: number;
}

export type ExportFormat = 'png' | 'jpeg';

/** What the window may ask of the studio worker, which holds the pixels: name → arguments and answer. */
export interface StudioCalls {
  decode: { args: { blob: Blob; name: string }; answer: DecodedPicture };
  thumbnail: { args: { layer: PixelLayer; content: Box; size: number }; answer: ImageBitmap };
  prepare: { args: { document: Document; layer: LayerId; network: NetworkInfo }; answer: NetworkInput };
  lift: {
    args: { document: Document; layer: LayerId; input: NetworkInput; result: NetworkResult };
    answer: LiftedPixels;
  };
  export: { args: { document: Document; format: ExportFormat; quality: number }; answer: Blob };
}
export type StudioCall = keyof StudioCalls;

/** What the canvas is to show: the document under `toView`, on a canvas of `width`×`height` device pixels. */
export interface CanvasView {
  readonly document: Document;
  readonly width: number;
  readonly height: number;
  readonly toView: Matrix;
  /** In the middle of a drag or zoom: a coarser picture now is better than a fine one later. */
  readonly moving: boolean;
}

/** Window → studio. */
export type ToStudio =
  | { readonly kind: 'canvas'; readonly canvas: OffscreenCanvas }
  | { readonly kind: 'view'; readonly view: CanvasView | null }
  | { readonly kind: 'retain'; readonly pixels: readonly PixelId[] }
  | { readonly kind: 'cancel'; readonly id: number }
  | {
      [K in StudioCall]: {
        readonly kind: 'call';
        readonly id: number;
        readonly name: K;
        readonly args: StudioCalls[K]['args'];
      };
    }[StudioCall];

/** Studio → window. */
export type FromStudio =
  | { readonly kind: 'answer'; readonly id: number; readonly value: StudioCalls[StudioCall]['answer'] }
  | { readonly kind: 'refused'; readonly id: number; readonly error: ServiceError }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number }
  /** A picture was drawn: the share of full resolution and the milliseconds it took. */
  | { readonly kind: 'drawn'; readonly toView: Matrix; readonly share: number; readonly ms: number };
