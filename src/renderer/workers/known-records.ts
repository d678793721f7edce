import type { Document } from '../../document/records';

/**
 * Records that crossed from the window are copies, another object each time. What is the same as before is given back as
 * the object it was, so that the compositor sees what stays by comparing references.
 */
export class KnownRecords {
  #last: Document | null = null;

  /** The document, with the very records of the one before wherever they say the same. */
  of(document: Document): Document {
    this.#last = known(document, this.#last) as Document;
    return this.#last;
  }
}

/** `value`, or `before` where both say the same; what differs keeps those of its parts that do not. */
function known(value: unknown, before: unknown): unknown {
  if (Object.is(value, before) || !isRecord(value) || !isRecord(before)) return value;
  if (Array.isArray(value) !== Array.isArray(before)) return value;
  const keys = Object.keys(value);
  let same = keys.length === Object.keys(before).length;
  const parts = keys.map((key) => {
    const part = known(value[key], before[key]);
    same &&= part === before[key] && key in before;
    return [key, part] as const;
  });
  if (same) return before;
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
