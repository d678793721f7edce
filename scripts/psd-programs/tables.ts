import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

/** One measurement: a mean difference in levels, null where there was no picture, or the fault in words. */
export interface Row {
  /** Saved by Attune as `psd` or `ora`; saved by `others`; `samples` of others. */
  readonly table: 'psd' | 'ora' | 'others' | 'samples';
  readonly feature: string;
  readonly program: string;
  readonly value: number | string | null;
}

const PAGE = new URL('../../docs/psd.md', import.meta.url);

/** Where measurements are gathered, run after run; none: they are not. */
const GATHERED = process.env.ATTUNE_TABLES;

async function gathered(): Promise<Row[]> {
  return GATHERED && existsSync(GATHERED) ? (JSON.parse(await readFile(GATHERED, 'utf8')) as Row[]) : [];
}

/** Gathers a measurement, in place of an earlier one of the same. */
export async function note(row: Row): Promise<void> {
  if (!GATHERED) return;
  const same = (other: Row) =>
    other.table === row.table && other.feature === row.feature && other.program === row.program;
  const rows = await gathered();
  const at = rows.findIndex(same);
  await writeFile(GATHERED, JSON.stringify(at < 0 ? [...rows, row] : rows.with(at, row)));
}

/** Writes every table that was measured between its marks in docs/psd.md. */
export async function writeTables(): Promise<void> {
  const rows = await gathered();
  if (rows.length === 0) return;
  let page = await readFile(PAGE, 'utf8');
  for (const table of new Set(rows.map((row) => row.table))) {
    const [from, to] = [`<!-- table ${table} -->`, `<!-- end ${table} -->`];
    const start = page.indexOf(from);
    const end = page.indexOf(to);
    if (start < 0 || end < 0) continue;
    const made = tableOf(rows.filter((row) => row.table === table));
    page = `${page.slice(0, start + from.length)}\n\n${made}\n\n${page.slice(end)}`;
  }
  await writeFile(PAGE, page);
}

function tableOf(rows: readonly Row[]): string {
  const programs = [...new Set(rows.map(({ program }) => program))];
  const features = [...new Set(rows.map(({ feature }) => feature))];
  const cell = (feature: string, program: string) => {
    const value = rows.find((row) => row.feature === feature && row.program === program)?.value;
    if (value === undefined || value === null) return '–';
    return typeof value === 'string' ? value : value.toFixed(value < 10 ? 2 : 0);
  };
  return [
    `| | ${programs.join(' | ')} |`,
    `| --- | ${programs.map(() => '---').join(' | ')} |`,
    ...features.map(
      (feature) => `| ${feature} | ${programs.map((program) => cell(feature, program)).join(' | ')} |`,
    ),
  ].join('\n');
}
