import type { Document, LayerId } from '../../document/records';
import type { Colour } from '../../pixels/retouch';
import type { NotedPixels } from './protocol';

/** What is to become of what is selected of a layer. */
export type Retouching =
  | { readonly kind: 'erase' }
  /** `opacity`: 0..1. `keepAlpha`: only where the layer has something already. */
  | {
      readonly kind: 'fill';
      readonly colour: Colour;
      readonly opacity: number;
      readonly keepAlpha: boolean;
    }
  /** By itself, for a layer of its own. */
  | { readonly kind: 'lift' };

/** New pixels of a layer; x, y: where their first lies in the layer's former pixels. */
export interface Retouched extends NotedPixels {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Those of its harmonization, where it has one. */
  readonly harmonized: NotedPixels | null;
}

/** What the window may ask of the studio about what is selected of a layer. */
export interface RetouchCalls {
  retouch: {
    args: { document: Document; layer: LayerId; how: Retouching };
    answer: Retouched | null;
  };
  /** As a PNG; `layer` null: of all that is to be seen. */
  copy: { args: { document: Document; layer: LayerId | null }; answer: Blob | null };
}
