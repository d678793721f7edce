import type { LayerId } from '../../document/records';
import { childrenOf, placeOf, type Place } from '../../document/tree';
import type { Document } from '../../document/records';

/** Where a dragged row would go: above or below another row, or into a group. */
export interface DropTarget {
  readonly id: LayerId;
  readonly side: 'above' | 'below' | 'into';
}

/**
 * What a pointer at `share` (0 top, 1 bottom) of a row means. The middle half of a group's row is into it; so is the
 * lower end of an open group's row, where its first layer lies.
 */
export function dropTarget(document: Document, id: LayerId, share: number): DropTarget {
  const layer = document.layers[id];
  if (layer?.kind === 'group' && share > 0.25 && (share < 0.75 || layer.expanded))
    return { id, side: 'into' };
  return { id, side: share < 0.5 ? 'above' : 'below' };
}

/** The place in the tree that the target means; rows run from the top, places from the bottom. */
export function placeOfDrop(document: Document, { id, side }: DropTarget): Place | null {
  if (side === 'into') return { parent: id, index: childrenOf(document, id).length };
  const place = placeOf(document, id);
  return place && { parent: place.parent, index: side === 'above' ? place.index + 1 : place.index };
}
