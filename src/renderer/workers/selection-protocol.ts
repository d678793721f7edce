import type { Document, LayerId, PixelId, Selection } from '../../document/records';
import type { NetworkInput, SceneInfo, SceneResult } from '../../harmonize/network';
import type { Brush } from '../../pixels/brush';
import type { Combination } from '../../pixels/coverage';
import type { Box } from '../../pixels/image';
import type { Matrix } from '../../pixels/matrix';
import type { Corner } from '../../pixels/polygon';
import type { LiftedPixels, NotedPixels } from './protocol';

/** An area of the document, in its pixels, that is to be selected. */
export type Area =
  | { readonly kind: 'all' }
  /** Whole pixels. */
  | { readonly kind: 'rectangle'; readonly box: Box }
  | { readonly kind: 'ellipse'; readonly box: Box }
  | { readonly kind: 'outline'; readonly corners: readonly Corner[] }
  /** What looks like the pixel at x, y: of one layer, or (null) of all that is to be seen. */
  | {
      readonly kind: 'alike';
      readonly x: number;
      readonly y: number;
      readonly tolerance: number;
      readonly contiguous: boolean;
      readonly layer: LayerId | null;
    }
  /**
   * What a scene network calls by a label, brought to the picture's edges; `at`: only what hangs together there. `input`
   * and `result`: what the network saw of the document, and what it answered.
   */
  | {
      readonly kind: 'content';
      readonly label: number;
      readonly input: NetworkInput;
      readonly result: SceneResult;
      readonly at: Corner | null;
    }
  | { readonly kind: 'mask'; readonly layer: LayerId }
  | { readonly kind: 'alpha'; readonly layer: LayerId };

/** A change of what is selected, by document pixels. */
export interface Refinement {
  readonly kind: 'invert' | 'feather' | 'grow' | 'shrink' | 'smooth' | 'border';
  readonly by: number;
}

/** What is selected now, and a small copy of it. */
export interface Selected {
  readonly selection: Selection | null;
  readonly noted: NotedPixels | null;
}

/** A brush stroke that begins: into a copy of a mask, named `id`. */
export interface StrokeStart {
  readonly id: PixelId;
  /** The mask as it is, and where its first pixel lies in the copy; null: there is none. */
  readonly from: { readonly pixels: PixelId; readonly x: number; readonly y: number } | null;
  /** Of the copy; no smaller than what it is made of. */
  readonly width: number;
  readonly height: number;
  /** 0 or 255: what the copy is beyond the former mask. */
  readonly ground: number;
  /** Pixels of the copy → document pixels. */
  readonly toDocument: Matrix;
  readonly brush: Brush;
  /** 0..255. */
  readonly ink: number;
  /** Only in here is anything painted. */
  readonly clip: Selection | null;
}

/** What the window may ask of the studio about selections and masks. */
export interface SelectionCalls {
  select: {
    args: {
      document: Document;
      area: Area;
      combination: Combination;
      /** Edges between pixels, by how much of a pixel they take. */
      smooth: boolean;
      /** Deviation of the Gaussian that softens the area, document pixels. */
      feather: number;
    };
    answer: Selected;
  };
  /** What a scene network sees of the document. */
  sceneInput: { args: { document: Document; network: SceneInfo }; answer: NetworkInput };
  refine: { args: { document: Document; refinement: Refinement }; answer: Selected };
  /** The pixels of a mask of the document's size that shows, or hides, what is selected. */
  maskOfSelection: { args: { document: Document; hide: boolean }; answer: LiftedPixels };
  beginStroke: { args: StrokeStart; answer: null };
  /** Null when the stroke changed nothing. */
  endStroke: { args: { keep: boolean }; answer: { readonly bytes: number } | null };
}
