import { relative } from 'node:path';
import { z } from 'zod';
import { toServiceError } from '../contract/errors';
import { prepareBatch, runBatch, type Executor, type Outcome, type Prepared } from '../main/batch/batch';
import { Crew, warmFor } from '../main/batch/crew';
import { MASK_RULES } from '../main/batch/find';
import { makeReport, writeReports, type BatchReport } from '../main/batch/report';
import { watchFolder, type WatchOptions } from '../main/batch/watch';
import { batchSettings } from '../main/batch/work';
import { openRegistry, type Registry } from '../main/inference/registry';
import { Fault } from '../pixels/fault';
import { ProgressDisplay } from './batch-progress';
import { describe, errorLine } from '../main/batch/words';
import { checkMethod, runningOptions, tell, withEngine } from './running';
import { onInterrupt } from './interrupt';

export const batchOptions = runningOptions.extend({
  output: z.string(),
  masks: z.array(z.string()).optional(),
  background: z.string().optional(),
  layer: z.string().optional(),
  flatten: z.boolean().default(false),
  name: z.string(),
  existing: z.enum(['overwrite', 'skip', 'number']),
  format: batchSettings.shape.format,
  quality: z.number().optional(),
  lossless: z.boolean().optional(),
  size: z.number().optional(),
  method: z.string().optional(),
  strength: z.number(),
  invert: z.boolean().default(false),
  jobs: z.number().optional(),
  memory: z.number().optional(),
  resume: z.boolean().default(false),
  watch: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  queue: z.string().optional(),
  send: z.boolean().default(false),
});
export type BatchCommand = z.infer<typeof batchOptions>;

/** `attune batch`: a folder of pictures. Exit 1 when any failed, 130 when it was interrupted. */
export async function batch(folder: string, command: BatchCommand): Promise<void> {
  const registry = await openRegistry();
  const method = command.method ?? registry.defaultName;
  checkMethod(registry, method);
  if (command.send && command.queue === undefined) {
    throw new Fault('usage', '--send is for batches with a queue.', 'Name it: --queue redis://HOST.');
  }
  const given = {
    folder,
    output: command.output,
    masks: command.masks ?? [...MASK_RULES],
    background: command.background ?? null,
    template: command.name,
    existing: command.existing,
    resume: command.resume,
    settings: batchSettings.parse({ ...command, method }),
  };
  const prepared = await prepareBatch(given);
  for (const line of describe(prepared)) tell(line);
  if (command.dryRun) {
    dryRun(prepared, command.json);
    return;
  }
  const started = new Date();
  const stop = new AbortController();
  await withExecutor(registry, method, prepared, command, async (executor, drop) => {
    const release = onInterrupt(
      () => {
        tell('\nFinishing the pictures in the works; Ctrl-C again drops them.');
        stop.abort();
      },
      async () => {
        stop.abort();
        await drop();
      },
    );
    try {
      const outcomes = await runShown(prepared, executor, stop.signal);
      const report = makeReport(prepared, outcomes, started, (Date.now() - started.getTime()) / 1000);
      await finish(report, command.json);
      if (command.watch && !stop.signal.aborted) {
        tell(`Following ${folder}. Ctrl-C ends it.`);
        await watchFolder(given, { prepared, outcomes }, watching(executor, stop.signal, started));
      } else if (report.state === 'interrupted') {
        process.exitCode = 130;
      }
    } finally {
      release();
    }
  });
}

/** Threads of this process, or workers behind the queue; `drop` ends what is in the works. */
async function withExecutor(
  registry: Registry,
  method: string,
  prepared: Prepared,
  command: BatchCommand,
  work: (executor: Executor, drop: () => Promise<void>) => Promise<void>,
): Promise<void> {
  if (command.queue !== undefined) {
    const { openQueue } = await import('../main/batch/queue');
    const queue = await openQueue(command.queue, { run: prepared.id, send: command.send, onNotice: tell });
    try {
      await work(queue, () => queue.drop());
    } finally {
      await queue.close();
    }
    return;
  }
  await withEngine(registry, command.device, async (harmonizer) => {
    const crew = new Crew({
      harmonizer,
      ...(command.jobs === undefined ? {} : { jobs: command.jobs }),
      ...(command.memory === undefined ? {} : { memory: command.memory * 2 ** 20 }),
    });
    if (prepared.pictures.length > 0) warmFor(method, harmonizer.engine);
    const executor: Executor = { parallel: crew.jobs, work: (...args) => crew.work(...args) };
    try {
      await work(executor, () => crew.end());
    } finally {
      await crew.end();
    }
  });
}

/** Runs with progress on standard error. */
export async function runShown(
  prepared: Prepared,
  executor: Executor,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const { folder } = prepared.options;
  const display = new ProgressDisplay(prepared.pictures.map(({ size }) => size));
  try {
    return await runBatch(prepared, {
      executor,
      signal,
      onNotice: (message) => display.say(message),
      onOutcome: (outcome) => {
        if (outcome.state === 'left') return;
        for (const notice of outcome.result?.notices ?? []) display.say(notice);
        const name = relative(folder, outcome.picture);
        if (outcome.error) display.say(errorLine(outcome.error));
        display.settled(outcome.size, outcome.error ? `${name} failed` : name);
      },
    });
  } finally {
    display.close();
  }
}

/** Following a folder: a line a picture, the reports written anew after each round. */
function watching(executor: Executor, signal: AbortSignal, started: Date): WatchOptions {
  return {
    executor,
    signal,
    onNotice: tell,
    onOutcome: ({ picture, output, error }) => tell(error ? errorLine(error) : `${picture} → ${output}`),
    onRound: async (found, all) => {
      const seconds = (Date.now() - started.getTime()) / 1000;
      if (all.some(({ state }) => state === 'failed')) process.exitCode = 1;
      await writeReports(makeReport(found, all, started, seconds)).catch((error: unknown) =>
        tell(`The report is missing: ${toServiceError(error).message}`),
      );
    },
  };
}

function dryRun(prepared: Prepared, json: boolean): void {
  const { pictures, options } = prepared;
  if (json) {
    process.stdout.write(`${JSON.stringify(pictures.map(({ work }) => work))}\n`);
    return;
  }
  for (const { work } of pictures) {
    process.stdout.write(
      `${relative(options.folder, work.picture)} → ${relative(options.output, work.output)}\n`,
    );
  }
}

/** Writes the reports and says how it went. */
export async function finish(report: BatchReport, json: boolean): Promise<void> {
  try {
    await writeReports(report);
  } catch (error) {
    tell(`The report is missing: ${toServiceError(error).message}`);
    process.exitCode = 1;
  }
  const { done, earlier, skipped, failed, left } = report.counts;
  if (failed > 0) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const rate = report.seconds > 0 ? ` (${Math.round((done / report.seconds) * 60)} a minute)` : '';
  const parts = [
    `${done} done in ${report.seconds} s${rate}`,
    earlier > 0 ? `${earlier} done earlier` : '',
    skipped > 0 ? `${skipped} there already` : '',
    failed > 0 ? `${failed} failed` : '',
    left > 0 ? `${left} left: go on with --resume` : '',
  ];
  process.stdout.write(`${parts.filter(Boolean).join(', ')}. Report: ${report.output}/report.json\n`);
}
