import type { ServiceError } from '../../contract/errors';
import type {
  Document,
  Kept,
  LayerId,
  LayerMask,
  PixelId,
  PixelLayer,
  Selection,
} from '../../document/records';
import type { FileMetadata } from '../../formats/metadata/picture-metadata';
import type { Picture } from '../../document/placement';
import type { ProjectFormat } from '../../formats/project';
import type { NetworkInfo, NetworkInput, NetworkResult } from '../../harmonize/network';
import type { Box } from '../../pixels/image';
import type { Matrix } from '../../pixels/matrix';
import type { RetouchCalls } from './retouch-protocol';
import type { SelectionCalls } from './selection-protocol';

/** A small copy of a picture's alpha, for hit-testing in the window: one byte a cell. */
export interface AlphaMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What the window keeps of pixels that came into the studio. */
export interface NotedPixels {
  readonly pixels: PixelId;
  readonly content: Box;
  readonly bytes: number;
  readonly alpha: AlphaMap;
}

export interface DecodedPicture extends Picture, NotedPixels {
  readonly content: Box;
  readonly pixels: PixelId;
  /** What the file said beside its pixels; null when nothing. `bytes`: what that weighs. */
  readonly said: { readonly kept: Kept; readonly bytes: number } | null;
  /** Pixels an inch; null where the file did not say. */
  readonly density: number | null;
}

/** A picture that the host has to decode. */
export interface ForeignPicture {
  /** What it is, as words. */
  readonly foreign: string;
}

/** A project file that was read: its records, what its pixels weigh, and what the person should know. */
export interface DecodedProject {
  readonly document: Document;
  readonly format: ProjectFormat;
  readonly pixels: readonly NotedPixels[];
  /** Masks and bytes that only the format understands. */
  readonly others: readonly { readonly id: PixelId; readonly bytes: number }[];
  readonly notices: readonly string[];
}

/** Layers flattened into one: pixels whose upper left corner lies at x, y of the document. */
export interface MergedLayers extends NotedPixels {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LiftedPixels {
  readonly pixels: PixelId;
  readonly bytes: number;
}

/** What the browser encodes; other formats are made of the PNG by the host. */
export type ExportFormat = 'png' | 'jpeg' | 'webp';

/** What the window may ask of the studio worker, which holds the pixels: name → arguments and answer. */
export interface StudioCalls extends SelectionCalls, RetouchCalls {
  /** `byHost`: whether the host decodes what the browser does not. */
  decode: {
    args: { blob: Blob; name: string; byHost: boolean };
    answer: DecodedPicture | DecodedProject | ForeignPicture;
  };
  /** Puts a picture that the host decoded on the shelf. */
  keep: {
    args: {
      name: string;
      width: number;
      height: number;
      data: Uint8ClampedArray<ArrayBuffer>;
      metadata: FileMetadata;
    };
    answer: DecodedPicture;
  };
  /** What the document's file said of itself. */
  metadata: { args: { document: Document }; answer: FileMetadata };
  /** A small picture of the document, at most `size` pixels long, as a WebP file. */
  preview: { args: { document: Document; size: number }; answer: Blob };
  /** Writes a project file. */
  save: {
    /** `flat`: all layers as one. `metadata`: false leaves out what the file said of itself. */
    args: { document: Document; format: ProjectFormat; flat?: boolean; metadata?: boolean };
    answer: { blob: Blob; format: ProjectFormat; notices: readonly string[] };
  };
  merge: { args: { document: Document; layers: readonly LayerId[] }; answer: MergedLayers };
  /** Pixels, a mask or kept bytes, compressed, to be put away; and back again. */
  pack: { args: { id: PixelId }; answer: Uint8Array };
  unpack: {
    args: { id: PixelId; piece: Uint8Array };
    answer: { noted: NotedPixels | null; bytes: number };
  };
  /** A small picture of a layer mask. */
  maskThumbnail: { args: { mask: LayerMask; size: number }; answer: ImageBitmap };
  /** A new picture of one colour. */
  blank: { args: { width: number; height: number; color: string }; answer: DecodedPicture };
  thumbnail: { args: { layer: PixelLayer; content: Box; size: number }; answer: ImageBitmap };
  prepare: {
    /** `reference`: the part of the background to agree with; null: all of it. */
    args: {
      document: Document;
      layer: LayerId;
      network: NetworkInfo;
      inverted: boolean;
      reference: Selection | null;
    };
    answer: NetworkInput;
  };
  lift: {
    args: { document: Document; layer: LayerId; input: NetworkInput; result: NetworkResult };
    answer: LiftedPixels;
  };
  export: {
    args: { document: Document; format: ExportFormat; quality: number; metadata: boolean };
    answer: Blob;
  };
  /** The colour of the flattened document at a document pixel: RGBA, straight alpha. */
  color: {
    args: { document: Document; x: number; y: number };
    answer: readonly [number, number, number, number];
  };
  /** Counts of the values 0..255 of what lies under a layer: red, green, blue and luma, 256 each. */
  histogram: { args: { document: Document; layer: LayerId }; answer: Uint32Array };
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
  /** Split view: left of `at` (0..1 of the canvas's width) another document is shown. */
  readonly split: { readonly before: Document; readonly at: number } | null;
  /** How the selection is shown: its running outline, red over what is not selected, or not at all. */
  readonly overlay: 'outline' | 'red' | null;
  /** The outline stands still: the system asks for less motion. */
  readonly still: boolean;
}

/** Window → studio. */
export type ToStudio =
  | { readonly kind: 'canvas'; readonly canvas: OffscreenCanvas; readonly overlay: OffscreenCanvas }
  /** Where the window counts its views, before it sends the first; `number`: which one it is. */
  | { readonly kind: 'counter'; readonly counter: Int32Array | null }
  | { readonly kind: 'view'; readonly view: CanvasView | null; readonly number: number }
  /** Of all pixels that are needed, those that the document itself names: `present`. */
  | {
      readonly kind: 'retain';
      readonly pixels: readonly PixelId[];
      readonly present: readonly PixelId[];
    }
  /** A stroke goes on: x, y (document pixels) and pressure (0..1), three numbers a place. */
  | { readonly kind: 'stroke'; readonly touches: Float64Array }
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
