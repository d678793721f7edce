import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { toServiceError, type ServiceError } from '../../contract/errors';
import { Fault } from '../../pixels/fault';
import { findWork, type Found, type FindRules } from './find';
import { Journal, readJournal, type JournalState } from './journal';
import { makeFolder } from './picture';
import { planOutputs, type Existing, type Plan, type Planned } from './plan';
import { PROJECT_EXTENSIONS } from './project';
import { sweepUnfinished } from './sweep';
import { inputsOf, type BatchSettings, type PictureResult, type PictureWork } from './work';

/** A folder job. */
export interface BatchOptions {
  readonly folder: string;
  readonly output: string;
  readonly masks: FindRules['masks'];
  readonly background: string | null;
  readonly template: string;
  readonly existing: Existing;
  readonly settings: BatchSettings;
  /** Goes on with the run that the journal in `output` tells of. */
  readonly resume: boolean;
}

/** What became of a picture: `earlier`: done by the run that is resumed; `left`: not begun when the batch was stopped. */
export type State = 'done' | 'earlier' | 'skipped' | 'failed' | 'left';

export interface Outcome {
  readonly state: State;
  readonly picture: string;
  readonly output: string | null;
  /** Bytes of the picture's files. */
  readonly size: number;
  readonly result?: PictureResult;
  readonly error?: ServiceError;
}

/** A batch that is ready to start: what it will do is known, nothing is written yet. */
export interface Prepared {
  readonly id: string;
  readonly options: BatchOptions;
  readonly found: Found;
  readonly plan: Plan;
  /** What needs no work: done earlier, skipped, or impossible. */
  readonly settled: readonly Outcome[];
  /** What is to be done. */
  readonly pictures: readonly Planned[];
  /** Whether there is a run to go on with. */
  readonly resumed: boolean;
}

/** The files that a batch keeps in its output folder. */
export const JOURNAL = '.attune-batch.jsonl';
export const REPORTS = { json: 'report.json', csv: 'report.csv' } as const;

/**
 * Finds the work, chooses the outputs and, to resume, reads the journal. Writes nothing.
 *
 * @throws Fault: the folder, a rule, the template, or a journal of other settings.
 */
export async function prepareBatch(given: BatchOptions): Promise<Prepared> {
  const options = { ...given, folder: resolve(given.folder), output: resolve(given.output) };
  if (options.folder === options.output) {
    throw new Fault(
      'usage',
      'The results cannot go into the folder of the pictures itself.',
      'Name another folder with -o, such as one inside it.',
    );
  }
  const background = options.background && resolve(options.background);
  const found = await findWork(options.folder, {
    masks: options.masks,
    background,
    projects: PROJECT_EXTENSIONS,
    leaveOut: [options.output],
  });
  const journal = await journalOf(options);
  const plan = await planOutputs(found, { ...options, chosen: journal?.planned ?? new Map() });
  const settled: Outcome[] = [
    ...plan.skipped.map(({ path, output }) => ({
      state: 'skipped' as const,
      picture: path,
      output,
      size: 0,
    })),
    ...[...found.problems, ...plan.problems].map(({ path, error }) => ({
      state: 'failed' as const,
      picture: path,
      output: null,
      size: 0,
      error,
    })),
  ];
  const pictures: Planned[] = [];
  for (const one of plan.pictures) {
    const { picture, output } = one.work;
    const done = journal?.done.get(picture);
    if (done && done.output === output && (await isIntact(one.work, done))) {
      settled.push({ state: 'earlier', picture, output, size: one.size, result: done.result });
    } else {
      pictures.push(one);
    }
  }
  const id = journal?.batch?.id ?? randomUUID();
  return { id, options, found, plan, settled, pictures, resumed: journal !== null };
}

/** The journal to go on with, or null. */
async function journalOf(options: BatchOptions): Promise<JournalState | null> {
  if (!options.resume) return null;
  const journal = await readJournal(join(options.output, JOURNAL));
  if (!journal.batch) return null;
  if (journal.batch.settings === digestOf(options)) return journal;
  throw new Fault(
    'usage',
    `The run to resume in ${options.output} had other settings.`,
    'Repeat the command with its options, or start without --resume.',
  );
}

/** All that the outputs of a batch depend on beside the pictures. */
function digestOf({ folder, masks, background, template, existing, settings }: BatchOptions): string {
  const all = [resolve(folder), masks, background && resolve(background), template, existing, settings];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}

/** Whether nothing has changed since a picture was done: neither its files nor its output. */
async function isIntact(work: PictureWork, done: { key: string; result: PictureResult }): Promise<boolean> {
  const output = await stat(work.output).catch(() => null);
  return output?.size === done.result.bytes && done.key === (await keyOf(work));
}

/** The state of a picture's files: their names, lengths and times of change. */
export async function keyOf(work: PictureWork): Promise<string> {
  const files = await Promise.all(
    inputsOf(work).map(async (path) => {
      const info = await stat(path).catch(() => null);
      return [path, info?.size ?? -1, info?.mtimeMs ?? -1];
    }),
  );
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}

/** Who does the pictures: threads of this process, or workers behind a queue. */
export interface Executor {
  /** How many pictures it is given at the same time. */
  readonly parallel: number;
  /** Does one; null when `onStart` took it back. Rejects with a Fault that names the file. */
  work(
    work: PictureWork,
    settings: BatchSettings,
    size: number,
    onStart: () => boolean,
  ): Promise<PictureResult | null>;
}

export interface RunOptions {
  readonly executor: Executor;
  /** Once aborted no further picture is begun; those in the works are finished. */
  readonly signal?: AbortSignal;
  readonly onStart?: (work: PictureWork) => void;
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Told when something beside the pictures goes wrong: the journal. */
  readonly onNotice?: (message: string) => void;
}

/**
 * Does the pictures of a prepared batch. A picture that fails is one outcome; the rest goes on. Every finished picture
 * is in the journal before it is told of, so that a run that is killed at any moment can be resumed.
 *
 * @returns what became of every picture, in the order of the plan.
 * @throws Fault `write` when the output folder or its journal cannot be made.
 */
export async function runBatch(prepared: Prepared, run: RunOptions): Promise<Outcome[]> {
  const { options, pictures, resumed } = prepared;
  await makeFolder(options.output);
  if (resumed) await sweepUnfinished(pictures.map(({ work }) => work.output));
  const journal = await Journal.open(join(options.output, JOURNAL), !resumed);
  try {
    await journal.write([
      { event: 'batch', version: 1, id: prepared.id, settings: digestOf(options) },
      ...pictures.map(({ work }) => ({
        event: 'planned' as const,
        picture: work.picture,
        output: work.output,
      })),
    ]);
    return await runPictures(pictures, options.settings, journal, run);
  } finally {
    await journal.close();
  }
}

/** Does pictures and notes each in the journal. */
export async function runPictures(
  pictures: readonly Planned[],
  settings: BatchSettings,
  journal: Journal,
  { executor, signal, onStart, onOutcome, onNotice }: RunOptions,
): Promise<Outcome[]> {
  const outcomes = new Map<Planned, Outcome>();
  let complained = false;
  const note: Journal['write'] = async (entries) => {
    try {
      await journal.write(entries);
    } catch (error) {
      // The picture itself is safe; only a resumed run would do it again.
      if (!complained) onNotice?.(`${toServiceError(error).message} What is done now cannot be resumed.`);
      complained = true;
    }
  };
  const doOne = async (one: Planned): Promise<Outcome> => {
    const { work, size } = one;
    const { picture, output } = work;
    try {
      const key = await keyOf(work);
      const result = await executor.work(work, settings, size, () => {
        if (signal?.aborted) return false;
        onStart?.(work);
        return true;
      });
      if (result === null) return { state: 'left', picture, output, size };
      await note([{ event: 'done', picture, output, key, result }]);
      return { state: 'done', picture, output, size, result };
    } catch (thrown) {
      const error = toServiceError(thrown);
      if (error.code === 'cancelled') return { state: 'left', picture, output, size };
      await note([{ event: 'failed', picture, output, error }]);
      return { state: 'failed', picture, output, size, error };
    }
  };
  let next = 0;
  const hand = async () => {
    for (let one = pictures[next++]; one; one = pictures[next++]) {
      const { picture, output } = one.work;
      const outcome: Outcome = signal?.aborted
        ? { state: 'left', picture, output, size: one.size }
        : await doOne(one);
      outcomes.set(one, outcome);
      onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(executor.parallel, pictures.length) }, hand));
  return pictures.map((one) => outcomes.get(one)!);
}
