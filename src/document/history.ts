import {
  applyDiff,
  diffDocuments,
  invertDiff,
  isEmptyDiff,
  joinDiffs,
  pixelsOfDiff,
  pixelsOfDocument,
  type Diff,
} from './diff';
import type { Document, PixelId } from './records';

/** One step that a person can undo. */
export interface Step {
  readonly label: string;
  readonly diff: Diff;
}

/** What was done (`past`, oldest first) and what was undone (`future`, next one first). Immutable. */
export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

/** A document with the history that led to it. */
export interface Timeline {
  readonly document: Document;
  readonly history: History;
}

/** A place in the history to squash to: how many steps were done before it. */
export type Mark = number;

/** The start of a timeline: a document without a past. */
export function startTimeline(document: Document): Timeline {
  return { document, history: { past: [], future: [] } };
}

/** The timeline after `document` replaced its present one; nothing is recorded, and redo is kept, when nothing changed. */
export function record(timeline: Timeline, label: string, document: Document): Timeline {
  const diff = diffDocuments(timeline.document, document);
  if (isEmptyDiff(diff)) return timeline;
  return { document, history: { past: [...timeline.history.past, { label, diff }], future: [] } };
}

/** One step back; the same timeline when there is none. */
export function undo(timeline: Timeline): Timeline {
  const { past, future } = timeline.history;
  const step = past.at(-1);
  if (!step) return timeline;
  return {
    document: applyDiff(timeline.document, invertDiff(step.diff)),
    history: { past: past.slice(0, -1), future: [step, ...future] },
  };
}

/** One undone step forward again; the same timeline when there is none. */
export function redo(timeline: Timeline): Timeline {
  const { past, future } = timeline.history;
  const [step, ...rest] = future;
  if (!step) return timeline;
  return {
    document: applyDiff(timeline.document, step.diff),
    history: { past: [...past, step], future: rest },
  };
}

/** Goes to the moment when `count` steps had been done. */
export function travel(timeline: Timeline, count: number): Timeline {
  let there = timeline;
  while (there.history.past.length > count) there = undo(there);
  while (there.history.past.length < count && there.history.future.length > 0) there = redo(there);
  return there;
}

/** A mark at the present moment, for {@link squash} and {@link bail}. */
export function mark(timeline: Timeline): Mark {
  return timeline.history.past.length;
}

/** Makes one step of all steps since the mark (a drag, a scrub); steps that cancel out vanish. */
export function squash(timeline: Timeline, since: Mark, label: string): Timeline {
  const { past, future } = timeline.history;
  const steps = past.slice(since);
  const [first, ...others] = steps;
  if (!first) return timeline;
  const diff = others.reduce((sum, step) => joinDiffs(sum, step.diff), first.diff);
  const before = past.slice(0, since);
  return {
    document: timeline.document,
    history: { past: isEmptyDiff(diff) ? before : [...before, { label, diff }], future },
  };
}

/** Takes everything since the mark back, and forgets it. */
export function bail(timeline: Timeline, since: Mark): Timeline {
  const there = travel(timeline, since);
  return { document: there.document, history: { past: there.history.past, future: [] } };
}

/** Every pixel id that the document or a step of its history names: what the pixel store must keep. */
export function pixelsOfTimeline(timeline: Timeline): Set<PixelId> {
  const ids = pixelsOfDocument(timeline.document);
  for (const step of [...timeline.history.past, ...timeline.history.future]) {
    for (const id of pixelsOfDiff(step.diff)) ids.add(id);
  }
  return ids;
}

/**
 * Forgets the oldest steps until the pixels that only the history names weigh at most `maxBytes`, and at most
 * `maxSteps` are left. The newest step is always kept.
 */
export function capTimeline(
  timeline: Timeline,
  bytesOf: (id: PixelId) => number,
  maxBytes: number,
  maxSteps: number,
): Timeline {
  const present = pixelsOfDocument(timeline.document);
  let past = timeline.history.past.slice(-maxSteps);
  const weight = () => {
    const ids = pixelsOfTimeline({ ...timeline, history: { ...timeline.history, past } });
    let bytes = 0;
    for (const id of ids) if (!present.has(id)) bytes += bytesOf(id);
    return bytes;
  };
  while (past.length > 1 && weight() > maxBytes) past = past.slice(1);
  return past.length === timeline.history.past.length
    ? timeline
    : { document: timeline.document, history: { past, future: timeline.history.future } };
}
