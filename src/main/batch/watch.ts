import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { toServiceError } from '../../contract/errors';
import { JOURNAL, keyOf, prepareBatch, runPictures } from './batch';
import type { BatchOptions, Outcome, Prepared, RunOptions } from './batch';
import { Journal } from './journal';
import type { Planned } from './plan';

export interface WatchOptions extends RunOptions {
  /** Milliseconds between two looks at the folder; 1000. Disks of a network tell of no changes, so it is looked at. */
  readonly interval?: number;
  /** Told when new pictures have been done: the folder as it was found last, and all outcomes since the start. */
  readonly onRound: (found: Prepared, outcomes: readonly Outcome[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Follows a folder after its first run: pictures that are added or changed are done once they have stayed the same
 * from one look to the next, so that none is read while it is still being copied. Ends when the signal aborts.
 *
 * @param first The first run and what came of it.
 * @returns every outcome since the start, the latest of each picture.
 */
export async function watchFolder(
  given: BatchOptions,
  first: { readonly prepared: Prepared; readonly outcomes: readonly Outcome[] },
  options: WatchOptions,
): Promise<Outcome[]> {
  const { signal, interval = 1000, onNotice } = options;
  const outcomes = new Map(first.outcomes.map((one) => [one.picture, one]));
  /** Picture → the state in which it was done or seen last. */
  const handled = new Map<string, string>();
  for (const { work } of first.prepared.plan.pictures) handled.set(work.picture, await keyOf(work));
  let seen = new Map<string, string>();
  let complaint = '';
  while (await pause(interval, signal)) {
    let prepared: Prepared;
    try {
      prepared = await prepareBatch({ ...given, resume: false });
      complaint = '';
    } catch (error) {
      const { message } = toServiceError(error);
      if (message !== complaint) onNotice?.(message);
      complaint = message;
      continue;
    }
    const now = new Map<string, string>();
    const ready: Planned[] = [];
    for (const one of prepared.pictures) {
      const key = await keyOf(one.work);
      now.set(one.work.picture, key);
      const isNew = handled.get(one.work.picture) !== key;
      if (isNew && seen.get(one.work.picture) === key) ready.push(one);
    }
    seen = now;
    if (ready.length === 0) continue;
    for (const { work } of ready) handled.set(work.picture, now.get(work.picture)!);
    for (const one of await doRound(prepared, ready, options)) outcomes.set(one.picture, one);
    await options.onRound(prepared, [...outcomes.values()]);
  }
  return [...outcomes.values()];
}

async function doRound(
  prepared: Prepared,
  ready: readonly Planned[],
  options: WatchOptions,
): Promise<Outcome[]> {
  const journal = await Journal.open(join(prepared.options.output, JOURNAL), false);
  try {
    await journal.write(
      ready.map(({ work }) => ({ event: 'planned', picture: work.picture, output: work.output })),
    );
    return await runPictures(ready, prepared.options.settings, journal, options);
  } finally {
    await journal.close();
  }
}

/** Waits; false when the signal ended the wait. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
