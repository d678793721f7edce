import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import type { BatchOrder } from '../contract/batch';
import type { Announce, Services } from '../contract/bridge';
import { toServiceError, type Reply } from '../contract/errors';
import { Fault } from '../pixels/fault';
import type { Prepared } from './batch/batch';
import type { Crew } from './batch/crew';
import { ChosenFolders } from './folders';
import type { Engine } from './inference/engine-client';
import type { Registry } from './inference/registry';
import type { OpenedFiles } from './opened';

/** The requests of the contract that are about folders of pictures. */
export type BatchServices = Pick<Services, Extract<keyof Services, `batch.${string}`>>;

export interface BatchDeskOptions {
  readonly registry: Registry;
  readonly engine: Pick<Engine, 'run' | 'warm'>;
  readonly announce: Announce;
  readonly files: OpenedFiles;
  readonly folders: ChosenFolders;
}

/** What a window can show of a result: browsers know no TIFF and no projects. */
const SHOWN = /\.(png|jpe?g|webp|avif)$/i;

interface Running {
  readonly id: string;
  readonly stop: AbortController;
  readonly crew: Crew;
}

/** Does the window's folder jobs, with the code of `attune batch`. The code, and sharp, are loaded with the first. */
export function openBatchDesk(options: BatchDeskOptions): BatchServices {
  const { announce, folders } = options;
  let prepared: { readonly id: string; readonly work: Prepared } | null = null;
  let running: Running | null = null;

  return {
    ...folderServices(folders),

    'batch.prepare': (order) =>
      reply(async () => {
        const [{ prepareBatch }, { describe }] = await Promise.all([
          import('./batch/batch'),
          import('./batch/words'),
        ]);
        const work = await prepareBatch(
          asBatch(order, folders.pathOf(order.folder), folders.pathOf(order.output)),
        );
        prepared = { id: randomUUID(), work };
        return { id: prepared.id, lines: describe(work), pictures: work.pictures.length };
      }),

    'batch.start': ({ id }) =>
      reply(async () => {
        if (running) throw new Fault('usage', 'A batch is under way.', 'Wait for it, or cancel it.');
        if (prepared?.id !== id) throw new Fault('usage', 'This batch is no longer prepared.', 'Look again.');
        const { work } = prepared;
        prepared = null;
        const { Crew, warmFor } = await import('./batch/crew');
        const crew = new Crew({ harmonizer: options });
        const stop = new AbortController();
        running = { id, stop, crew };
        if (work.pictures.length > 0) warmFor(work.options.settings.method, options.engine);
        void runToEnd(options, running, work)
          .catch((error: unknown) =>
            announce('batch.ended', {
              id,
              error: toServiceError(error).message,
              done: 0,
              failed: 0,
              left: 0,
            }),
          )
          .finally(() => (running = null));
        return {};
      }),

    'batch.cancel': ({ id, drop }) =>
      reply(async () => {
        if (running?.id !== id) return {};
        running.stop.abort();
        if (drop) await running.crew.end();
        return {};
      }),
  };
}

/** The folders that the person named or chose: of batches and of studies. */
function folderServices(folders: ChosenFolders): Pick<BatchServices, 'batch.folders' | 'batch.choose'> {
  return {
    'batch.folders': () => reply(async () => folders.list),
    'batch.choose': ({ title }) => reply(async () => ({ folder: await folders.choose(title) })),
  };
}

/** For hosts that do no batches: every request says what to do instead; folders are for other work. */
export function noBatchDesk(why: string, folders = new ChosenFolders([])): BatchServices {
  const refuse = () =>
    reply((): Promise<never> => {
      throw new Fault('unsupported', why, 'Use attune batch on the command line; it does the same.');
    });
  return {
    ...folderServices(folders),
    'batch.prepare': refuse,
    'batch.start': refuse,
    'batch.cancel': refuse,
  };
}

function asBatch(order: BatchOrder, folder: string, output: string) {
  const { method, strength, invert, format, quality, size, template, existing, resume } = order;
  return {
    folder,
    output,
    masks: ['{name}_mask', '{name}-mask', 'masks/{name}'],
    background: null,
    template,
    existing,
    resume,
    settings: {
      method,
      strength,
      invert,
      lift: 'guided' as const,
      format,
      flatten: false,
      ...(quality === null ? {} : { quality }),
      ...(size === null ? {} : { size }),
    },
  };
}

async function runToEnd(
  { announce, files }: BatchDeskOptions,
  { id, stop, crew }: Running,
  work: Prepared,
): Promise<void> {
  const [{ runBatch }, { Pace }, { makeReport, writeReports }] = await Promise.all([
    import('./batch/batch'),
    import('./batch/pace'),
    import('./batch/report'),
  ]);
  const started = new Date();
  /** What was done is told of before the end, though its picture is looked at first. */
  const told: Promise<void>[] = [];
  const pace = new Pace(
    work.pictures.map(({ size }) => size),
    performance.now(),
  );
  try {
    const outcomes = await runBatch(work, {
      executor: { parallel: crew.jobs, work: (...args) => crew.work(...args) },
      signal: stop.signal,
      onNotice: (message) => announce('engine.notice', { message }),
      onOutcome: ({ state, picture, output, size, error }) => {
        if (state === 'left') return;
        pace.add(size, performance.now());
        const progress = { ...pace.at(performance.now()), id, name: relative(work.options.folder, picture) };
        const telling = shown(files, state === 'done' ? output : null).then((result) =>
          announce('batch.progress', { ...progress, error: error?.message ?? null, result }),
        );
        told.push(telling);
      },
    });
    const report = makeReport(work, outcomes, started, (Date.now() - started.getTime()) / 1000);
    await writeReports(report);
    await Promise.all(told);
    const { done, failed, left } = report.counts;
    announce('batch.ended', { id, error: null, done, failed, left });
  } finally {
    await crew.end();
  }
}

/** Lets the window read a result; null when it could not show it. */
async function shown(files: OpenedFiles, output: string | null): Promise<string | null> {
  if (output === null || !SHOWN.test(output)) return null;
  const added = await files.addOwn([output]).catch(() => []);
  return added[0]?.token ?? null;
}

async function reply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: toServiceError(thrown) };
  }
}
