/** Where pixels are kept: the content hash under which the pixel store holds them. */
export type PixelId = string;
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
}

/** A layer of pixels. */
export interface Layer {
  readonly id: LayerId;
  readonly name: string;
  readonly visible: boolean;
  /** A locked layer keeps its place: handles and arrow keys leave it alone. Absent: free to move. */
  readonly locked?: boolean;
  /** 0..1. */
  readonly opacity: number;
  readonly pixels: PixelId;
  /** Size of the layer's own pixels. */
  readonly width: number;
  readonly height: number;
  /** Layer pixels → document pixels; never baked. */
  readonly transform: Transform;
  readonly harmonization: Harmonization | null;
}

/** The layered document: immutable records. Pixels are named by id, never held. sRGB. */
export interface Document {
  readonly width: number;
  readonly height: number;
  readonly layers: Readonly<Record<LayerId, Layer>>;
  /** From the bottom to the top. */
  readonly order: readonly LayerId[];
}
