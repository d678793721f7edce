import { join } from 'node:path';
import { z } from 'zod';
import { classicalMethods } from '../harmonize/classical/methods';
import { CUT_AND_PASTE } from '../harmonize/network';
import { writeAtomically } from '../main/files/atomic';
import { decodeImage } from '../main/files/decode';
import { decodeMask } from '../main/files/decode-mask';
import { harmonizePicture, type Harmonizer } from '../main/harmonizing';
import { openRegistry, type Registry } from '../main/inference/registry';
import { foregroundMse, mse, psnr } from '../metrics/difference';
import { ssim } from '../metrics/ssim';
import { Fault } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';
import { findSets, type Case, type CaseSet } from './cases';
import { Journal } from './evaluate-journal';
import { chosen, contactSheet, draw, isDrawn } from './evaluate-sheet';
import {
  csvRows,
  csvTables,
  evaluationOf,
  markdownTables,
  plainTable,
  type Evaluation,
  type Row,
  type Scores,
} from './evaluate-tables';
import { TimeLeft } from './evaluate-time';
import { checkMethod, runningOptions, tell, withEngine } from './running';

export const evaluateOptions = runningOptions.extend({
  methods: z.array(z.string()).optional(),
  identity: z.boolean().default(false),
  /** The folder of tables, contact sheet and journal. */
  output: z.string().optional(),
  /** How many cases of each set the contact sheet shows. */
  sheet: z.number().int().min(0).default(12),
  fresh: z.boolean().default(false),
});
export type EvaluateOptions = z.infer<typeof evaluateOptions>;

/**
 * `attune evaluate`: every method on every case of every set, at full resolution on the 8-bit result. With an output
 * folder it goes on where an interrupted run stopped. Throws Faults that name the case.
 */
export async function evaluate(folders: readonly string[], options: EvaluateOptions): Promise<void> {
  const registry = await openRegistry();
  const methods = options.methods ?? everyMethod(registry);
  for (const method of methods) checkMethod(registry, method);
  const sets = await findSets(folders, options.identity);
  const { output = null, sheet } = options;
  const shown = sets.map(({ name, cases }) => ({ name, cases: output === null ? [] : chosen(cases, sheet) }));
  const journal = await Journal.open(output, [options.lift, options.identity], options.fresh);
  const rows = await measureAll({ registry, methods, sets, shown, journal, options });
  const evaluations = Object.fromEntries(
    sets.map(({ name }) => [
      name,
      evaluationOf(
        rows.filter(({ set }) => set === name),
        methods,
      ),
    ]),
  );
  const single = sets.length === 1 ? evaluations[sets[0]!.name]! : null;
  if (output !== null) await writeResults(output, evaluations, rows, contactSheet(shown, methods, rows));
  const printed = options.json
    ? JSON.stringify(single ?? { sets: evaluations })
    : single
      ? plainTable(single)
      : markdownTables(evaluations);
  process.stdout.write(`${printed}\n`);
}

/** As the paper's tables list them: cut-and-paste, the classical methods that work here, the networks. */
export function everyMethod(registry: Registry): string[] {
  const there = registry.methods.map(({ name }) => name);
  const classical = classicalMethods.filter((name) => there.includes(name));
  return [CUT_AND_PASTE, ...classical, ...registry.networks.map(({ name }) => name)];
}

interface Work {
  readonly registry: Registry;
  readonly methods: readonly string[];
  readonly sets: readonly CaseSet[];
  /** The cases that the contact sheet shows. */
  readonly shown: readonly CaseSet[];
  readonly journal: Journal;
  readonly options: EvaluateOptions;
}

/** One case, with the methods that are not measured yet. */
interface Task {
  readonly set: string;
  readonly one: Case;
  readonly drawn: boolean;
  /** A row a method, in order; null: to be measured. */
  readonly rows: (Row | null)[];
  readonly keys: readonly string[];
}

async function measureAll(work: Work): Promise<Row[]> {
  const { registry, methods, options } = work;
  const tasks = await plan(work);
  const missing = tasks.reduce((sum, { rows }) => sum + rows.filter((row) => row === null).length, 0);
  const there = tasks.length * methods.length - missing;
  if (there > 0) tell(`${there} of ${tasks.length * methods.length} measurements are there already.`);
  if (missing > 0) {
    await withEngine(registry, options.device, async (harmonizer) => {
      // Loading is no part of the time of the first case.
      for (const method of methods) if (method !== CUT_AND_PASTE) await harmonizer.engine.warm(method);
      const time = new TimeLeft(missing, performance.now());
      for (const [index, task] of tasks.entries()) {
        if (task.rows.every((row) => row !== null)) continue;
        const set = work.sets.length > 1 ? `${task.set}/` : '';
        const left = time.words();
        tell(`${index + 1}/${tasks.length} ${set}${task.one.name}${left && `, ${left}`}`);
        try {
          await measure(harmonizer, task, work, time);
        } catch (error) {
          throw ofCase(`${set}${task.one.name}`, error);
        }
      }
    });
  }
  return tasks.flatMap(({ rows }) => rows as Row[]);
}

/** What there is to do; measurements of an earlier run are filled in. */
async function plan({ registry, methods, sets, shown, journal, options }: Work): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const [at, { name: set, cases }] of sets.entries()) {
    for (const one of cases) {
      const drawn = shown[at]!.cases.includes(one);
      const keys = await Promise.all(methods.map((method) => journal.key(one, method, registry)));
      const rows = await Promise.all(
        methods.map(async (method, k): Promise<Row | null> => {
          const known = journal.known(keys[k]!);
          if (!known || (drawn && !(await isDrawn(options.output!, set, one.name, method)))) return null;
          return { set, case: one.name, method, ...known };
        }),
      );
      tasks.push({ set, one, drawn, rows, keys });
    }
  }
  return tasks;
}

async function measure(harmonizer: Harmonizer, task: Task, work: Work, time: TimeLeft): Promise<void> {
  const { set, one, drawn, rows, keys } = task;
  const { methods, journal, options } = work;
  const pictures = await decodeCase(one);
  for (const [k, method] of methods.entries()) {
    if (rows[k]) continue;
    const { scores, result } = await score(harmonizer, pictures, method, options.lift);
    const row: Row = { set, case: one.name, method, ...scores };
    if (drawn) await draw(options.output!, row, { ...pictures, result });
    await journal.add(keys[k]!, row);
    rows[k] = row;
    time.done(performance.now());
  }
}

interface Pictures {
  readonly composite: Image;
  readonly mask: Mask;
  readonly real: Image;
}

/** Throws a Fault `size-mismatch` with both sizes when the pictures do not fit each other, and those of decoding. */
export async function decodeCase({ composite, mask, real }: Case): Promise<Pictures> {
  const [first, second, third] = await Promise.all([
    decodeImage(composite),
    decodeMask(mask),
    real === composite ? null : decodeImage(real),
  ]);
  const pictures = { composite: first.image, mask: second, real: (third ?? first).image };
  const size = (picture: { width: number; height: number }) => `${picture.width}×${picture.height}`;
  for (const [path, picture] of [
    [mask, pictures.mask],
    [real, pictures.real],
  ] as const) {
    if (size(picture) === size(pictures.composite)) continue;
    throw new Fault(
      'size-mismatch',
      `${path} is ${size(picture)} pixels, the composite ${size(pictures.composite)}.`,
      'Give pictures of the same size.',
    );
  }
  return pictures;
}

async function score(
  harmonizer: Harmonizer,
  { composite, mask, real }: Pictures,
  method: string,
  lift: EvaluateOptions['lift'],
): Promise<{ scores: Scores & { ms: number }; result: Image }> {
  const options = { method, strength: 1, invert: false, lift };
  const { image, ms } = await harmonizePicture(harmonizer, composite, mask, options);
  const error = mse(image, real);
  const scores = {
    mse: error,
    psnr: psnr(error),
    fmse: foregroundMse(image, real, mask),
    ssim: ssim(image, real),
    ms: ms.network + ms.lift,
  };
  return { scores, result: image };
}

/** A fault with the case it is in. */
export function ofCase(name: string, error: unknown): unknown {
  if (!(error instanceof Fault) || ['network-file', 'engine', 'cancelled', 'write'].includes(error.code)) {
    return error;
  }
  return new Fault(error.code, `The case ${name}: ${error.message}`, error.hint);
}

/** Tables, measurements and contact sheet, each file wholly or not at all. */
async function writeResults(
  output: string,
  evaluations: Readonly<Record<string, Evaluation>>,
  rows: readonly Row[],
  sheet: string,
): Promise<void> {
  const files = {
    'tables.md': `${markdownTables(evaluations)}\n`,
    'tables.csv': csvTables(evaluations),
    'cases.csv': csvRows(rows),
    'results.json': `${JSON.stringify({ sets: evaluations }, null, 1)}\n`,
    'sheet.html': sheet,
  };
  const encoder = new TextEncoder();
  for (const [name, text] of Object.entries(files)) {
    await writeAtomically(join(output, name), encoder.encode(text));
  }
  tell(`Tables, measurements and contact sheet: ${join(output, '')}`);
}
