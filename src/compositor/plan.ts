import type { AdjustmentLayer, Document, GroupLayer, Layer, LayerId, PixelLayer } from '../document/records';

interface Common {
  /** Layers clipped to this one, from the bottom to the top: they show only where it does. */
  readonly clipped: readonly Step[];
}

/**
 * One thing to blend, with what belongs to it; hidden and transparent layers are left out. A list of steps is blended
 * from its first (the bottom) to its last.
 */
export type Step =
  | (Common & { readonly kind: 'pixels'; readonly layer: PixelLayer })
  | (Common & { readonly kind: 'adjustment'; readonly layer: AdjustmentLayer })
  /** Flattened by itself, then blended. */
  | (Common & { readonly kind: 'isolated'; readonly layer: GroupLayer; readonly steps: readonly Step[] })
  /** Blended straight onto what is under the group. */
  | (Common & { readonly kind: 'through'; readonly layer: GroupLayer; readonly steps: readonly Step[] });

/**
 * What of the document is to be blended, in what order. `layers` leaves out all others (groups must be named too, for
 * what lies in them to be drawn).
 */
export function planOf(document: Document, layers?: readonly LayerId[]): Step[] {
  return stepsOf(document, document.order, layers ? new Set(layers) : null, new Set());
}

function stepsOf(
  document: Document,
  ids: readonly LayerId[],
  wanted: ReadonlySet<LayerId> | null,
  around: ReadonlySet<LayerId>,
): Step[] {
  const shown = (layer: Layer) => layer.visible && layer.opacity > 0 && (!wanted || wanted.has(layer.id));
  const chains: { base: Layer; clipped: Layer[] }[] = [];
  for (const id of ids) {
    const layer = document.layers[id];
    if (!layer || around.has(id)) continue;
    const chain = chains.at(-1);
    // An adjustment has no shape to clip to: what is clipped to it stands by itself.
    if (layer.clipped && chain && chain.base.kind !== 'adjustment') chain.clipped.push(layer);
    else chains.push({ base: layer, clipped: [] });
  }
  const stepOf = (layer: Layer, clipped: readonly Layer[], onto: boolean): Step => {
    const common = { clipped: clipped.filter(shown).map((each) => stepOf(each, [], true)) };
    if (layer.kind === 'pixels') return { ...common, kind: 'pixels', layer };
    if (layer.kind === 'adjustment') return { ...common, kind: 'adjustment', layer };
    const steps = stepsOf(document, layer.children, wanted, new Set([...around, layer.id]));
    // What is clipped, or clipped to, needs a shape of its own: such a group cannot pass through.
    const isolated = layer.isolated || onto || common.clipped.length > 0;
    return { ...common, kind: isolated ? 'isolated' : 'through', layer, steps };
  };
  // What is clipped to a hidden layer is hidden with it.
  return chains.filter(({ base }) => shown(base)).map(({ base, clipped }) => stepOf(base, clipped, false));
}

/** Whether two steps are of the very same records, all the way down. */
export function sameStep(one: Step, other: Step): boolean {
  if (one.kind !== other.kind || one.layer !== other.layer) return false;
  if (!sameSteps(one.clipped, other.clipped)) return false;
  return !('steps' in one) || !('steps' in other) || sameSteps(one.steps, other.steps);
}

export function sameSteps(one: readonly Step[], other: readonly Step[]): boolean {
  return one.length === other.length && one.every((step, i) => sameStep(step, other[i]!));
}
