/** What a network sees: the composite and its foreground, squashed to the network's size (pixels/area.ts). */
export interface NetworkInput {
  /** Name in models/index.json. */
  readonly network: string;
  readonly width: number;
  readonly height: number;
  /** Planar RGB, 0..255, `3·width·height`. */
  readonly image: Float32Array;
  /** 0..255, 255 = foreground, `width·height`. */
  readonly mask: Float32Array;
}

interface Ran {
  readonly network: string;
  /** Version of the network's file in models/index.json. */
  readonly version: string;
  /** The device that ran it: `cpu`, `cuda`, `dml`, `coreml`, `webgpu`. */
  readonly device: string;
  /** Devices tried before that could not run it, each with the reason; empty when the first one ran. */
  readonly fellBack: readonly string[];
  /** Time of the run alone, milliseconds. */
  readonly ms: number;
}

/** A harmonized picture at the network's size: planar RGB, 0..255, not clipped. */
export interface ImageResult extends Ran {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * A grid of colour transforms, 30 planes of `width·height`: plane 10·c + k is the coefficient of φ_k for output
 * channel c; φ = (r, g, b, r², g², b², rg, rb, gb, 1) with colours in 0..1; the sum is added to the input colour.
 */
export interface ColorMapResult extends Ran {
  readonly kind: 'colorMap';
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * A change of colours by its parameters, which is the same all over the picture: what a classical method finds
 * (harmonize/classical). Applied pixel by pixel at full size, exactly.
 */
export interface TransferResult extends Ran {
  readonly kind: 'transfer';
  readonly transfer: 'affine' | 'lab' | 'clusters' | 'statistics';
  readonly data: Float32Array;
}

/**
 * What is where in a picture, as a scene network sees it: for each label a plane of `width·height` scores (logits; the
 * softmax over the labels gives their probabilities).
 */
export interface SceneResult extends Ran {
  readonly kind: 'scene';
  readonly width: number;
  readonly height: number;
  readonly labels: readonly string[];
  readonly data: Float32Array;
}

export type NetworkResult = ImageResult | ColorMapResult | TransferResult;

/** Asks to stop; every AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Runs a network: in the window a contract call, in Node the engine, in tests a function. */
export type Network = (input: NetworkInput, signal?: CancelSignal) => Promise<NetworkResult>;

/** Parses a scene; the mask of the input is not looked at. */
export type SceneNetwork = (input: NetworkInput, signal?: CancelSignal) => Promise<SceneResult>;

/** What the rest of the program needs to know of the network that parses scenes. */
export interface SceneInfo {
  readonly name: string;
  readonly inputWidth: number;
  readonly inputHeight: number;
}

/** What the rest of the program needs to know of a network. */
export interface NetworkInfo {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** What it answers; `transfer`: a classical method. */
  readonly kind: 'image' | 'colorMap' | 'transfer';
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly isDefault: boolean;
}

/** The method that leaves the composite as it is: cut-and-paste. The others are the networks and the classical methods. */
export const CUT_AND_PASTE = 'none';
