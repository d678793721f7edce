import type { BlobId, Document, Frame, Layer, LayerId, PixelId } from './records';

/** What a record was and what it became; null where it did not exist. */
export type Change<T> = readonly [from: T, to: T];

/** The difference between two documents, as records: enough to go either way. */
export interface Diff {
  readonly frame: Change<Frame> | null;
  readonly order: Change<readonly LayerId[]> | null;
  readonly layers: Readonly<Record<LayerId, Change<Layer | null>>>;
}

/** What changed from `before` to `after`; records are compared by identity, which immutable records make exact. */
export function diffDocuments(before: Document, after: Document): Diff {
  const layers: Record<LayerId, Change<Layer | null>> = {};
  for (const id of new Set([...Object.keys(before.layers), ...Object.keys(after.layers)])) {
    const from = before.layers[id] ?? null;
    const to = after.layers[id] ?? null;
    if (from !== to) layers[id] = [from, to];
  }
  const from = frameOf(before);
  const to = frameOf(after);
  const reordered =
    before.order.length !== after.order.length || before.order.some((id, i) => id !== after.order[i]);
  return {
    frame: sameFrame(from, to) ? null : [from, to],
    order: reordered ? [before.order, after.order] : null,
    layers,
  };
}

/** The document after the difference. `applyDiff(a, diffDocuments(a, b))` equals b. */
export function applyDiff(document: Document, diff: Diff): Document {
  const frame = diff.frame?.[1] ?? frameOf(document);
  return { ...frame, layers: layersAfter(document, diff), order: diff.order?.[1] ?? document.order };
}

function layersAfter({ layers }: Document, diff: Diff): Document['layers'] {
  const changes = Object.entries(diff.layers);
  if (changes.length === 0) return layers;
  const after = new Map(Object.entries(layers));
  for (const [id, [, to]] of changes) {
    if (to) after.set(id, to);
    else after.delete(id);
  }
  return Object.fromEntries(after);
}

/** The way back. */
export function invertDiff(diff: Diff): Diff {
  const layers: Record<LayerId, Change<Layer | null>> = {};
  for (const [id, [from, to]] of Object.entries(diff.layers)) layers[id] = [to, from];
  return {
    frame: diff.frame && [diff.frame[1], diff.frame[0]],
    order: diff.order && [diff.order[1], diff.order[0]],
    layers,
  };
}

/** `first`, then `second`, as one difference; what cancels out disappears. */
export function joinDiffs(first: Diff, second: Diff): Diff {
  const layers = new Map(Object.entries(first.layers));
  for (const [id, [from, to]] of Object.entries(second.layers)) {
    const before = layers.get(id);
    const origin = before ? before[0] : from;
    if (origin === to) layers.delete(id);
    else layers.set(id, [origin, to]);
  }
  return {
    frame: joinChange(first.frame, second.frame, sameFrame),
    order: joinChange(
      first.order,
      second.order,
      (a, b) => a.length === b.length && a.every((v, i) => v === b[i]),
    ),
    layers: Object.fromEntries(layers),
  };
}

function joinChange<T>(
  first: Change<T> | null,
  second: Change<T> | null,
  same: (a: T, b: T) => boolean,
): Change<T> | null {
  if (!first) return second;
  if (!second) return first;
  return same(first[0], second[1]) ? null : [first[0], second[1]];
}

/** Whether nothing changed. */
export function isEmptyDiff(diff: Diff): boolean {
  return diff.frame === null && diff.order === null && Object.keys(diff.layers).length === 0;
}

/** The document apart from its layers. */
export function frameOf({ width, height, resolution, kept, selection }: Frame): Frame {
  return { width, height, resolution, kept, selection };
}

function sameFrame(a: Frame, b: Frame): boolean {
  return a.selection === b.selection && sameSheet(a, b);
}

const sameSheet = (a: Frame, b: Frame) =>
  a.width === b.width && a.height === b.height && a.resolution === b.resolution && a.kept === b.kept;

/** Whether both are the same picture: what is selected is no part of it. */
export function samePicture(a: Document, b: Document): boolean {
  return a === b || (a.layers === b.layers && a.order === b.order && sameSheet(a, b));
}

/** Every id of pixels, masks and kept bytes that a layer names. */
export function pixelsOfLayer(layer: Layer): (PixelId | BlobId)[] {
  const ids: (PixelId | BlobId)[] = [];
  if (layer.kind === 'pixels') {
    ids.push(layer.pixels);
    const { harmonization } = layer;
    if (harmonization) ids.push(harmonization.pixels);
    if (harmonization?.reference) ids.push(harmonization.reference.pixels);
  }
  if (layer.mask) ids.push(layer.mask.pixels);
  if (layer.kept) ids.push(layer.kept.data);
  return ids;
}

const heldBy = (frame: Frame | undefined) => [
  ...(frame?.kept ? [frame.kept.data] : []),
  ...(frame?.selection ? [frame.selection.pixels] : []),
];

/** Every id of pixels, masks and kept bytes that a document names. */
export function pixelsOfDocument(document: Document): Set<PixelId | BlobId> {
  return new Set([...Object.values(document.layers).flatMap(pixelsOfLayer), ...heldBy(document)]);
}

/** Every such id that either side of a difference names. */
export function pixelsOfDiff(diff: Diff): Set<PixelId | BlobId> {
  const layers = Object.values(diff.layers).flatMap(([from, to]) => [
    ...(from ? pixelsOfLayer(from) : []),
    ...(to ? pixelsOfLayer(to) : []),
  ]);
  return new Set([...layers, ...heldBy(diff.frame?.[0]), ...heldBy(diff.frame?.[1])]);
}
