import type { Adjustment } from './adjustment';
import type {
  AdjustmentLayer,
  Document,
  Frame,
  GroupLayer,
  Layer,
  LayerId,
  Locks,
  PixelLayer,
} from './records';

export const UNLOCKED: Locks = { transparency: false, pixels: false, position: false };
export const PINNED: Locks = { transparency: false, pixels: false, position: true };

/** What a layer is when nothing is said of it: visible, free, opaque, normal. */
const PLAIN = {
  visible: true,
  locks: UNLOCKED,
  opacity: 1,
  fill: 1,
  blend: 'normal',
  clipped: false,
  tag: 'none',
  mask: null,
  kept: null,
} as const;

type Needs<L extends Layer, K extends keyof L> = Pick<L, K> & Partial<Omit<L, 'kind'>>;

/** A layer of pixels, at its own size in the document's corner unless `transform` says otherwise. */
export function pixelLayer(
  given: Needs<PixelLayer, 'id' | 'name' | 'pixels' | 'width' | 'height'>,
): PixelLayer {
  const transform = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
  return { ...PLAIN, transform, harmonization: null, ...given, kind: 'pixels' };
}

/** A group; pass-through unless `isolated`, as in Photoshop. */
export function groupLayer(given: Needs<GroupLayer, 'id' | 'name' | 'children'>): GroupLayer {
  return { ...PLAIN, isolated: false, expanded: true, ...given, kind: 'group' };
}

/** An adjustment layer. */
export function adjustmentLayer(
  given: Needs<AdjustmentLayer, 'id' | 'name'> & { readonly adjustment: Adjustment },
): AdjustmentLayer {
  return { ...PLAIN, ...given, kind: 'adjustment' };
}

/** A document of `layers`; `order` names those outside every group, from the bottom (absent: all of them, as given). */
export function newDocument(
  frame: Pick<Frame, 'width' | 'height'> & Partial<Frame>,
  layers: readonly Layer[] = [],
  order: readonly LayerId[] = layers.map(({ id }) => id),
): Document {
  return {
    resolution: 72,
    kept: null,
    selection: null,
    ...frame,
    layers: Object.fromEntries(layers.map((layer) => [layer.id, layer])),
    order,
  };
}
