import { Fault } from '../pixels/fault';
import { csv, parseCsv } from './csv';
import type { StudyPair } from './pairs';

/** One answer of a rater. */
export interface Rating {
  /** The study that it belongs to. */
  readonly study: string;
  /** The rater's name, as given. */
  readonly rater: string;
  readonly page: string;
  readonly pair: string;
  /** Which of the pair's pictures was on the left. */
  readonly left: 'first' | 'second';
  readonly choice: 'left' | 'right' | 'tie';
  /** How long the rater looked, milliseconds. */
  readonly ms: number;
}

const RATING_COLUMNS = ['study', 'rater', 'page', 'pair', 'left', 'choice', 'ms'] as const;
const KEY_COLUMNS = ['study', 'pair', 'kind', 'set', 'case', 'first', 'second'] as const;

/** Ratings as CSV. */
export function writeRatings(ratings: readonly Rating[]): string {
  return csv([RATING_COLUMNS, ...ratings.map((one) => RATING_COLUMNS.map((column) => String(one[column])))]);
}

/** Ratings from CSV, columns in any order. Throws a Fault `unreadable` naming file and line. */
export function readRatings(text: string, file: string): Rating[] {
  return table(text, file, RATING_COLUMNS).map(({ line, cells }): Rating => {
    const { study, rater, page, pair, left, choice, ms } = cells;
    if (study === '' || rater === '' || pair === '') throw wrong(file, line, 'study, rater or pair is empty');
    if (left !== 'first' && left !== 'second')
      throw wrong(file, line, `left is “${left}”, not first or second`);
    if (choice !== 'left' && choice !== 'right' && choice !== 'tie') {
      throw wrong(file, line, `choice is “${choice}”, not left, right or tie`);
    }
    const time = Number(ms);
    if (ms === '' || !(time >= 0)) throw wrong(file, line, `ms is “${ms}”, not a time`);
    return { study, rater, page, pair, left, choice, ms: time };
  });
}

/** What the pairs of a study show, as CSV: raters must not see it. */
export function writeKey(study: string, pairs: readonly StudyPair[]): string {
  return csv([
    KEY_COLUMNS,
    ...pairs.map(({ id, kind, set, name, first, second }) => [study, id, kind, set, name, first, second]),
  ]);
}

/** A study's name and pairs from its key. Throws a Fault `unreadable` naming file and line. */
export function readKey(text: string, file: string): { study: string; pairs: StudyPair[] } {
  const lines = table(text, file, KEY_COLUMNS);
  const pairs = lines.map(({ line, cells }): StudyPair => {
    const { pair, kind, set, case: name, first, second } = cells;
    if (kind !== 'compare' && kind !== 'sanity') {
      throw wrong(file, line, `kind is “${kind}”, not compare or sanity`);
    }
    if (first === second) throw wrong(file, line, 'both sides are the same');
    return { id: pair, kind, set, name, first, second };
  });
  const study = lines[0]?.cells.study ?? '';
  if (study === '') throw new Fault('unreadable', `${file} names no study.`, 'Is it the key.csv of a study?');
  return { study, pairs };
}

/**
 * The ratings of several files as one list. The same answer twice counts once. Throws a Fault `unreadable` when a rater
 * answered a pair twice in different ways, or when files are of different studies.
 */
export function mergeRatings(
  files: readonly { readonly file: string; readonly ratings: readonly Rating[] }[],
): Rating[] {
  const merged = new Map<string, { rating: Rating; file: string }>();
  let study: { name: string; file: string } | null = null;
  for (const { file, ratings } of files) {
    for (const rating of ratings) {
      study ??= { name: rating.study, file };
      if (rating.study !== study.name) {
        throw new Fault(
          'unreadable',
          `${file} is of the study ${rating.study}, ${study.file} of ${study.name}.`,
          'Merge ratings of one study.',
        );
      }
      const key = JSON.stringify([rating.rater, rating.pair]);
      const before = merged.get(key);
      if (before && JSON.stringify(before.rating) !== JSON.stringify(rating)) {
        throw new Fault(
          'unreadable',
          `${rating.rater} answered the pair ${rating.pair} twice, in ${before.file} and in ${file}.`,
          'Leave one answer out; two people need two names.',
        );
      }
      if (!before) merged.set(key, { rating, file });
    }
  }
  return Array.from(merged.values(), ({ rating }) => rating);
}

function table<C extends string>(
  text: string,
  file: string,
  columns: readonly C[],
): { readonly line: number; readonly cells: Record<C, string> }[] {
  let rows: string[][];
  try {
    rows = parseCsv(text);
  } catch (error) {
    if (error instanceof Fault) throw new Fault('unreadable', `${file}: ${error.message}`, error.hint);
    throw error;
  }
  const [head, ...body] = rows;
  const places = columns.map((column) => head?.indexOf(column) ?? -1);
  const missing = columns.find((_, k) => places[k]! < 0);
  if (missing !== undefined) {
    throw new Fault('unreadable', `${file} has no column “${missing}”.`, `It needs ${columns.join(', ')}.`);
  }
  return body.map((row, k) => ({
    line: k + 2,
    cells: Object.fromEntries(columns.map((column, c) => [column, (row[places[c]!] ?? '').trim()])) as Record<
      C,
      string
    >,
  }));
}

function wrong(file: string, line: number, what: string): Fault {
  return new Fault(
    'unreadable',
    `${file}, line ${line}: ${what}.`,
    'Give the file as the rating page saved it.',
  );
}
