import { z } from 'zod';
import { NEUTRAL } from '../document/adjustment';
import { withinRange } from '../document/adjustment-range';
import type { Adjustment } from '../document/adjustment';
import { BLEND_MODES } from '../document/blend-mode';
import { COLOR_TAGS, type Document } from '../document/records';
import { layersBottomUp } from '../document/tree';

const finite = z.number();
const id = z.string().min(1).max(400);
const share = z.number().min(0).max(1);
const side = z.number().int().min(1).max(300_000);
const transform = z.object({ a: finite, b: finite, c: finite, d: finite, e: finite, f: finite });
const kept = z.object({ format: z.enum(['psd', 'ora', 'picture']), title: z.string(), data: id }).nullable();

const selection = z.object({
  pixels: id,
  x: z.number().int(),
  y: z.number().int(),
  width: side,
  height: side,
});

const harmonization = z
  .object({
    method: z.string(),
    network: z.string(),
    version: z.string(),
    device: z.string(),
    ms: finite,
    strength: share,
    enabled: z.boolean(),
    pixels: id,
    towards: id.optional(),
    reference: selection.optional(),
  })
  .nullable();

const mask = z
  .object({
    pixels: id,
    width: side,
    height: side,
    transform,
    outside: z.enum(['shows', 'hides']),
    enabled: z.boolean(),
    inverted: z.boolean(),
    density: share,
    feather: z.number().min(0).max(1000),
    linked: z.boolean(),
  })
  .nullable();

const common = {
  id,
  name: z.string().max(1000),
  visible: z.boolean(),
  locks: z.object({ transparency: z.boolean(), pixels: z.boolean(), position: z.boolean() }),
  opacity: share,
  fill: share,
  blend: z.enum(BLEND_MODES),
  clipped: z.boolean(),
  tag: z.enum(COLOR_TAGS),
  mask,
  kept,
};

const kinds = new Set<string>(Object.keys(NEUTRAL));
/** Settings of a known kind with the fields of that kind, every number within its range. */
const adjustment = z.custom<Adjustment>((value) => {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  if (typeof kind !== 'string' || !kinds.has(kind)) return false;
  const neutral = NEUTRAL[kind as Adjustment['kind']];
  const sameShape = Object.entries(neutral).every(
    ([key, field]) => key in value && typeof value[key as keyof typeof value] === typeof field,
  );
  try {
    return sameShape && withinRange(value as Adjustment) !== null;
  } catch {
    return false;
  }
});

const layer = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('pixels'),
    pixels: id,
    width: side,
    height: side,
    transform,
    harmonization,
  }),
  z.object({
    ...common,
    kind: z.literal('group'),
    children: z.array(id),
    isolated: z.boolean(),
    expanded: z.boolean(),
  }),
  z.object({ ...common, kind: z.literal('adjustment'), adjustment }),
]);

/** A document as it lies in a file of ours: every record whole, every layer named once, groups a tree. */
export const documentRecord = z
  .object({
    width: side,
    height: side,
    resolution: z.number().positive(),
    kept,
    selection: selection.nullable().default(null),
    layers: z.record(id, layer),
    order: z.array(id),
  })
  .refine((document) => isTree(document as Document), 'every layer must be named exactly once');

function isTree(document: Document): boolean {
  const named = [
    ...document.order,
    ...Object.values(document.layers).flatMap((each) => (each.kind === 'group' ? each.children : [])),
  ];
  const ids = Object.keys(document.layers);
  const once = new Set(named).size === named.length && named.length === ids.length;
  // Named once each, and all reached from the outside: no group lies in itself.
  return (
    once &&
    named.every((each) => document.layers[each]?.id === each) &&
    layersBottomUp({ ...document, layers: document.layers }).length === ids.length
  );
}
