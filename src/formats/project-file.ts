import type { PixelSource } from '../compositor/pixel-store';
import type { BlobId, Document, LayerId, PixelId } from '../document/records';
import { Fault } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';
import type { PackedLayer } from './psd/flat';

/** The project formats: layered files that Attune opens and saves. */
export type ProjectFormat = 'psd' | 'psb' | 'ora';

/** Where what a project holds is put, piece by piece; each answers the content's id. */
export interface ProjectShelf {
  /** Makes room for pixels, all zeros, where the shelf wants them, so that nothing needs to be copied there. */
  readonly room?: (length: number) => Uint8ClampedArray;
  image(image: Image): PixelId | Promise<PixelId>;
  mask(mask: Mask): PixelId | Promise<PixelId>;
  /** Bytes that only the format understands ({@link import('../document/records').Kept}). */
  blob(bytes: Uint8Array): BlobId | Promise<BlobId>;
}

/** Where a writer finds what the document names. */
export interface ProjectSource extends PixelSource {
  mask(id: PixelId): Mask | undefined;
  blob(id: BlobId): Uint8Array | undefined;
}

/** Something the person should know of a file that did open, or was saved. */
export interface Notice {
  readonly code:
    | 'depth'
    | 'profile'
    | 'profile-unknown'
    | 'kept'
    | 'kept-lost'
    | 'not-shown'
    | 'channels'
    | 'harmonization-lost'
    | 'reference-lost'
    | 'adjustment-lost'
    | 'mask-flattened'
    | 'large';
  /** One or two sentences. */
  readonly message: string;
}

export interface OpenedProject {
  readonly document: Document;
  readonly format: ProjectFormat;
  readonly notices: readonly Notice[];
}

/** An AbortSignal, or anything else that says so. */
export interface Cancellation {
  readonly aborted: boolean;
}

export interface ReadOptions {
  /** Makes the id of each layer; absent: `layer-1`, `layer-2`, … */
  readonly newId?: () => LayerId;
  /** The most bytes that the decoded layers may have altogether; absent: 1.5 GiB. */
  readonly budget?: number;
  readonly signal?: Cancellation;
  /**
   * Asked once, with the pixels of all layers together: how to unpack a PSD layer on another thread; absent or null:
   * here, one after the other.
   */
  readonly unpackers?: (pixels: number) => ((layer: PackedLayer, bytes: Uint8Array) => Promise<Image>) | null;
}

export interface SavedProject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `psb` where `psd` was asked for and a side is longer than 30,000 pixels. */
  readonly format: ProjectFormat;
  readonly notices: readonly Notice[];
}

export interface WriteOptions {
  readonly format: ProjectFormat;
  /** Encodes the thumbnail of a PSD, at most 160 pixels wide and high; absent: no thumbnail. */
  readonly encodeJpeg?: (image: Image) => Promise<Uint8Array>;
  /** False leaves out what the opened file said of itself: EXIF, XMP, captions, copyright. */
  readonly metadata?: boolean;
  readonly signal?: Cancellation;
}

/** The decoded bytes that the layers of one file may have, when nothing else is said: about 400 megapixels. */
export const DEFAULT_BUDGET = 1.5 * 2 ** 30;

/** Refuses layers that would not fit in memory, before anything is decoded. */
export function checkBudget(pixels: number, name: string, budget = DEFAULT_BUDGET): void {
  if (4 * pixels <= budget) return;
  throw new Fault(
    'too-large',
    `The layers of ${name} have ${Math.round(pixels / 1e6)} megapixels altogether, more than the ${Math.floor(budget / 4e6)} that fit.`,
    'Merge or delete layers in the program that made it.',
  );
}

/** Throws the Fault `cancelled` once the signal is aborted. */
export function checkSignal(signal: Cancellation | undefined): void {
  if (signal?.aborted) throw new Fault('cancelled', 'Cancelled.');
}
