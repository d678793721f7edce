import { csv } from '../study/csv';

/** What is measured of one harmonized picture: errors on 0..255, ratios in dB. */
export interface Scores {
  readonly mse: number;
  readonly psnr: number;
  readonly fmse: number;
  readonly ssim: number;
}

/** One method on one case of one set; `ms` is the time of network and lifting. */
export interface Row extends Scores {
  readonly set: string;
  readonly case: string;
  readonly method: string;
  readonly ms: number;
}

/** What `attune evaluate --json` writes of one set. */
export interface Evaluation {
  /** How many cases. */
  readonly cases: number;
  /** Means over the cases; `ms` is the mean time of network and lifting. */
  readonly methods: Readonly<Record<string, Scores & { readonly ms: number }>>;
  readonly perCase: readonly ({ readonly case: string; readonly method: string } & Scores)[];
}

/** What is tabled, with its digits and whether less is better. */
const METRICS = [
  { key: 'mse', title: 'MSE', digits: 1, least: true },
  { key: 'psnr', title: 'PSNR', digits: 2, least: false },
  { key: 'fmse', title: 'fMSE', digits: 1, least: true },
  { key: 'ssim', title: 'SSIM', digits: 4, least: false },
  { key: 'ms', title: 'Time, ms', digits: 1, least: true },
] as const;

/** The means of one set. The rows keep their order in `perCase`. */
export function evaluationOf(rows: readonly Row[], methods: readonly string[]): Evaluation {
  return {
    cases: new Set(rows.map((row) => row.case)).size,
    methods: Object.fromEntries(
      methods.map((method) => [method, means(rows.filter((row) => row.method === method))]),
    ),
    perCase: rows.map(({ case: name, method, mse, psnr, fmse, ssim }) => ({
      case: name,
      method,
      mse,
      psnr,
      fmse,
      ssim,
    })),
  };
}

function means(rows: readonly Row[]): Scores & { ms: number } {
  const mean = (key: keyof Scores | 'ms') => rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
  return { mse: mean('mse'), psnr: mean('psnr'), fmse: mean('fmse'), ssim: mean('ssim'), ms: mean('ms') };
}

/** Columns that line up, a row a method: one set on a terminal. */
export function plainTable({ cases, methods }: Evaluation): string {
  const head = ['method', 'MSE', 'PSNR', 'fMSE', 'SSIM', 'ms'];
  const body = Object.entries(methods).map(([name, row]) => [
    name,
    row.mse.toFixed(2),
    row.psnr.toFixed(2),
    row.fmse.toFixed(2),
    row.ssim.toFixed(4),
    row.ms.toFixed(1),
  ]);
  return [counted(cases), '', ...aligned([head, ...body])].join('\n');
}

const counted = (cases: number) => `${cases} ${cases === 1 ? 'case' : 'cases'}`;

/** Pads cells: the first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[], between = '  '): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join(between),
  );
}

type Sets = Readonly<Record<string, Evaluation>>;

/**
 * A table a metric, methods × sets, as tables 2 and 3 of Tsai et al. 2017, in Markdown; the best of each column is bold.
 */
export function markdownTables(sets: Sets): string {
  const names = Object.keys(sets);
  const methods = Object.keys(Object.values(sets)[0]?.methods ?? {});
  const blocks = METRICS.map(({ key, title, digits, least }) => {
    const best = names.map((name) => {
      const values = methods.map((method) => sets[name]!.methods[method]![key]);
      return (least ? Math.min(...values) : Math.max(...values)).toFixed(digits);
    });
    const head = [title, ...names.map((name) => `${escaped(name)} (${counted(sets[name]!.cases)})`)];
    const body = methods.map((method) => [
      escaped(method),
      ...names.map((name, k) => {
        const value = sets[name]!.methods[method]![key].toFixed(digits);
        return value === best[k] && key !== 'ms' ? `**${value}**` : value;
      }),
    ]);
    const rows = aligned([head, ...body], ' | ').map((row) => `| ${row} |`);
    const widths = rows[0]!.slice(2, -2).split(' | ');
    const rule = widths.map((cell, k) =>
      k === 0 ? '-'.repeat(cell.length) : `${'-'.repeat(cell.length - 1)}:`,
    );
    return [rows[0]!, `| ${rule.join(' | ')} |`, ...rows.slice(1)].join('\n');
  });
  return blocks.join('\n\n');
}

/** A bar would end the cell. */
const escaped = (text: string) => text.replace(/\|/g, '\\|');

/** The same as one CSV: metric, method, then a column a set. */
export function csvTables(sets: Sets): string {
  const names = Object.keys(sets);
  const methods = Object.keys(Object.values(sets)[0]?.methods ?? {});
  const rows = METRICS.flatMap(({ key }) =>
    methods.map((method) => [key, method, ...names.map((name) => String(sets[name]!.methods[method]![key]))]),
  );
  return csv([['metric', 'method', ...names], ...rows]);
}

/** Every measurement, a line each. */
export function csvRows(rows: readonly Row[]): string {
  return csv([
    ['set', 'case', 'method', 'mse', 'psnr', 'fmse', 'ssim', 'ms'],
    ...rows.map((row) => [
      row.set,
      row.case,
      row.method,
      ...[row.mse, row.psnr, row.fmse, row.ssim, row.ms].map(String),
    ]),
  ]);
}
