import type { Adjustment } from './adjustment';
import type { BlendMode } from './blend-mode';

/** Where pixels are kept: the content hash under which the pixel store holds them (RGBA of a layer, or bytes of a mask). */
export type PixelId = string;
/** Where other bytes are kept: the content hash under which the store holds them. */
export type BlobId = string;
export type LayerId = string;

/** An affine map (x, y) → (a·x + c·y + e, b·x + d·y + f). */
export interface Transform {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** A harmonization is part of its layer and never destructive: the layer's own pixels stay beside the result. */
export interface Harmonization {
  /** The method asked for: a network's name. */
  readonly method: string;
  /** What ran: network and version, device, milliseconds of the whole harmonization. */
  readonly network: string;
  readonly version: string;
  readonly device: string;
  readonly ms: number;
  /** 0 (the original) to 1 (the result). */
  readonly strength: number;
  readonly enabled: boolean;
  /** The result: pixels of the same size and alpha as the layer's own. */
  readonly pixels: PixelId;
  /** Set when this layer is background that was harmonized to the layer named here (inverted mask). */
  readonly towards?: LayerId;
  /** The part of the background that the layer was made to agree with, document pixels; absent: all of it. */
  readonly reference?: Selection;
}

/** What a mask says where its pixels end. */
export type MaskOutside = 'shows' | 'hides';

/** A layer mask: white (255) shows, black hides. One byte a pixel in the pixel store. */
export interface LayerMask {
  readonly pixels: PixelId;
  readonly width: number;
  readonly height: number;
  /** Mask pixels → document pixels. */
  readonly transform: Transform;
  /** Beyond the mask's own pixels. */
  readonly outside: MaskOutside;
  readonly enabled: boolean;
  /** White and black change places, before density. */
  readonly inverted: boolean;
  /** 0..1: the mask hides at most this much: `1 − density·(1 − mask)`. */
  readonly density: number;
  /** Standard deviation of the Gaussian that softens the mask, document pixels, 0..1000. */
  readonly feather: number;
  /** Moves along when its layer moves. */
  readonly linked: boolean;
}

/** What cannot be changed by hand. All three: wholly locked. */
export interface Locks {
  readonly transparency: boolean;
  readonly pixels: boolean;
  readonly position: boolean;
}

export const COLOR_TAGS = ['none', 'red', 'orange', 'yellow', 'green', 'blue', 'violet', 'gray'] as const;
export type ColorTag = (typeof COLOR_TAGS)[number];

/**
 * What a file held beyond what we understand (text, smart objects, effects, vectors; of a `picture` its EXIF, XMP and
 * IPTC), kept to be written again as it was. Only the room that reads and writes that format looks inside.
 */
export interface Kept {
  readonly format: 'psd' | 'ora' | 'picture';
  /** What a person would call it, for the mark in the layers panel: `Text`, `Smart object`, `Effects`. */
  readonly title: string;
  /** The format's own bytes. */
  readonly data: BlobId;
}

/** What every layer has. */
interface LayerCommon {
  readonly id: LayerId;
  readonly name: string;
  readonly visible: boolean;
  readonly locks: Locks;
  /** Of the layer and its effects, 0..1. */
  readonly opacity: number;
  /** Of the layer's own pixels, 0..1; effects (which we keep and do not draw) are not faded by it. */
  readonly fill: number;
  readonly blend: BlendMode;
  /** Shows only where the next layer below that is not clipped shows (of the same group). */
  readonly clipped: boolean;
  readonly tag: ColorTag;
  readonly mask: LayerMask | null;
  readonly kept: Kept | null;
}

/** A layer of pixels. */
export interface PixelLayer extends LayerCommon {
  readonly kind: 'pixels';
  readonly pixels: PixelId;
  /** Size of the layer's own pixels. */
  readonly width: number;
  readonly height: number;
  /** Layer pixels → document pixels; never baked. */
  readonly transform: Transform;
  readonly harmonization: Harmonization | null;
}

/** A folder of layers. */
export interface GroupLayer extends LayerCommon {
  readonly kind: 'group';
  /** From the bottom to the top. */
  readonly children: readonly LayerId[];
  /** True: flattened by itself, then blended. False: its layers blend with what is under the group (pass through), and `blend` is not used. */
  readonly isolated: boolean;
  /** As it was left in the layers panel of the file. */
  readonly expanded: boolean;
}

/** Changes the colours of everything under it (of its own group, where that is isolated). */
export interface AdjustmentLayer extends LayerCommon {
  readonly kind: 'adjustment';
  readonly adjustment: Adjustment;
}

export type Layer = PixelLayer | GroupLayer | AdjustmentLayer;
export type LayerKind = Layer['kind'];

/**
 * The selected part of the document: how much of each pixel, one byte a pixel in the pixel store, over a box of document
 * pixels (which may reach beyond the document); nothing beyond the box.
 */
export interface Selection {
  readonly pixels: PixelId;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a document is apart from its layers. */
export interface Frame {
  /** Document pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels per inch; changes no pixel. */
  readonly resolution: number;
  /** What the file held beside its layers. */
  readonly kept: Kept | null;
  /** For the tools; no part of the picture, and never written to a file. */
  readonly selection: Selection | null;
}

/**
 * The layered document: immutable records. Pixels are named by id, never held. sRGB. Every layer of `layers` is named
 * exactly once, by `order` or by the `children` of one group; groups form a tree.
 */
export interface Document extends Frame {
  readonly layers: Readonly<Record<LayerId, Layer>>;
  /** The layers outside every group, from the bottom to the top. */
  readonly order: readonly LayerId[];
}
