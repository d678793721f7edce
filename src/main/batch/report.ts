import { join, relative, sep } from 'node:path';
import type { ServiceError } from '../../contract/errors';
import { writeAtomically } from '../files/atomic';
import { REPORTS, type Outcome, type Prepared, type State } from './batch';
import type { BatchSettings } from './work';

/** One picture in the report. Paths are relative to the two folders, with `/`. */
export interface ReportedPicture {
  readonly picture: string;
  readonly output: string | null;
  readonly state: State;
  readonly network: string | null;
  readonly device: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
  readonly ms: {
    readonly decode: number;
    readonly network: number;
    readonly lift: number;
    readonly encode: number;
  } | null;
  readonly notices: readonly string[];
  readonly error: ServiceError | null;
}

/** What `report.json` holds and `attune batch --json` writes. */
export interface BatchReport {
  readonly version: 1;
  /** Whether every picture had its turn. */
  readonly state: 'finished' | 'interrupted';
  readonly started: string;
  readonly seconds: number;
  readonly folder: string;
  readonly output: string;
  readonly settings: BatchSettings;
  readonly counts: Readonly<Record<State | 'passedOver', number>>;
  readonly pictures: readonly ReportedPicture[];
  /** Masks without a picture and pictures without a mask. */
  readonly passedOver: readonly { readonly path: string; readonly error: ServiceError }[];
}

/** Sums up a batch. `started` is the time it began, `seconds` how long it ran. */
export function makeReport(
  prepared: Prepared,
  outcomes: readonly Outcome[],
  started: Date,
  seconds: number,
): BatchReport {
  const { options, found, settled } = prepared;
  // What was done by this run stands above what was found at its start.
  const latest = new Map([...settled, ...outcomes].map((one) => [one.picture, one]));
  const all = [...latest.values()].sort((a, b) => order.compare(a.picture, b.picture));
  const count = (state: State) => all.filter((one) => one.state === state).length;
  return {
    version: 1,
    state: count('left') > 0 ? 'interrupted' : 'finished',
    started: started.toISOString(),
    seconds: Math.round(seconds * 10) / 10,
    folder: options.folder,
    output: options.output,
    settings: options.settings,
    counts: {
      done: count('done'),
      earlier: count('earlier'),
      skipped: count('skipped'),
      failed: count('failed'),
      left: count('left'),
      passedOver: found.passedOver.length,
    },
    pictures: all.map((one) => ({
      picture: within(options.folder, one.picture),
      output: one.output === null ? null : within(options.output, one.output),
      state: one.state,
      network: one.result?.network ?? null,
      device: one.result?.device ?? null,
      width: one.result?.width ?? null,
      height: one.result?.height ?? null,
      bytes: one.result?.bytes ?? null,
      ms: one.result?.ms ?? null,
      notices: one.result?.notices ?? [],
      error: one.error ?? null,
    })),
    passedOver: found.passedOver.map(({ path, error }) => ({ path: within(options.folder, path), error })),
  };
}

const order = new Intl.Collator('en', { numeric: true });
const within = (folder: string, path: string) => relative(folder, path).split(sep).join('/');

/** Writes `report.json` and `report.csv` into the output folder. Throws a Fault `write`. */
export async function writeReports(report: BatchReport): Promise<void> {
  await writeAtomically(
    join(report.output, REPORTS.json),
    Buffer.from(`${JSON.stringify(report, null, 2)}\n`),
  );
  await writeAtomically(join(report.output, REPORTS.csv), Buffer.from(toCsv(report)));
}

const columns = [
  'picture',
  'output',
  'state',
  'network',
  'device',
  'width',
  'height',
  'bytes',
  'decode ms',
  'network ms',
  'lift ms',
  'encode ms',
  'error',
  'message',
  'hint',
] as const;

/** The report as a table (RFC 4180), a row a picture; those passed over at the end. */
export function toCsv({ pictures, passedOver }: BatchReport): string {
  const rows: (string | number | null | undefined)[][] = [
    [...columns],
    ...pictures.map(({ ms, error, ...one }) => [
      one.picture,
      one.output,
      one.state,
      one.network,
      one.device,
      one.width,
      one.height,
      one.bytes,
      ms?.decode,
      ms?.network,
      ms?.lift,
      ms?.encode,
      error?.code,
      error?.message,
      error?.hint,
    ]),
    ...passedOver.map(({ path, error }) => [
      path,
      null,
      'passed over',
      ...Array<null>(9).fill(null),
      error.code,
      error.message,
      error.hint,
    ]),
  ];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A field; what a spreadsheet would take for a formula is marked as text. */
function field(value: string | number | null | undefined): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
