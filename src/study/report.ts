import { bootstrapScores, bradleyTerry, type Judgement } from '../metrics/bradley-terry';
import { Fault } from '../pixels/fault';
import { csv } from './csv';
import { REAL, type StudyPair } from './pairs';
import type { Rating } from './ratings';

export interface ReportOptions {
  /** A rater who answers a smaller share of the sanity pairs right is left out; 0..1. */
  readonly pass: number;
  readonly rounds: number;
  readonly seed: number;
}

/** How a rater did on the sanity pairs. */
export interface RaterCheck {
  readonly rater: string;
  readonly ratings: number;
  readonly right: number;
  /** Sanity pairs that the rater answered. */
  readonly asked: number;
  readonly counted: boolean;
}

/** How a method did: a score with mean 0 over the methods, its 95 % interval, and the plain counts. */
export interface MethodScore {
  readonly method: string;
  readonly score: number;
  readonly low: number;
  readonly high: number;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
}

export interface SetRanking {
  readonly set: string;
  readonly judgements: number;
  /** Davidson's ν. */
  readonly tie: number;
  readonly separated: boolean;
  /** Best first. */
  readonly methods: readonly MethodScore[];
}

export interface StudyReport {
  readonly study: string;
  readonly raters: readonly RaterCheck[];
  /** Each set by itself when there are several, then all together. */
  readonly rankings: readonly SetRanking[];
}

export const OVERALL = 'overall';

/**
 * Ranks the methods of a study by Bradley and Terry's model, careless raters left out. Throws a Fault: `unreadable` for
 * ratings that do not belong to the key, `unsupported` when nothing is left or methods were never compared.
 */
export function report(
  key: { readonly study: string; readonly pairs: readonly StudyPair[] },
  ratings: readonly Rating[],
  options: ReportOptions,
): StudyReport {
  const pairs = new Map(key.pairs.map((pair) => [pair.id, pair]));
  const answers = ratings.map((rating) => {
    const pair = pairs.get(rating.pair);
    if (rating.study !== key.study || !pair) {
      throw new Fault(
        'unreadable',
        `${rating.rater}’s answer to ${rating.pair} of the study ${rating.study} does not belong to ${key.study}.`,
        'Give the ratings of this study.',
      );
    }
    return { rating, pair, chosen: chosen(rating) };
  });
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort().map((rater): RaterCheck => {
    const own = answers.filter((answer) => answer.rating.rater === rater);
    const checks = own.filter(({ pair }) => pair.kind === 'sanity');
    const right = checks.filter(({ pair, chosen: side }) => side !== 'tie' && pair[side] === REAL).length;
    const counted = checks.length === 0 || right / checks.length >= options.pass;
    return { rater, ratings: own.length, right, asked: checks.length, counted };
  });
  const counted = new Set(raters.filter((rater) => rater.counted).map(({ rater }) => rater));
  const valid = answers.filter(({ rating, pair }) => pair.kind === 'compare' && counted.has(rating.rater));
  const sets = [...new Set(valid.map(({ pair }) => pair.set))].sort();
  const rank = (set: string, some: typeof valid): SetRanking => {
    const names = [...new Set(some.flatMap(({ pair }) => [pair.first, pair.second]))].sort();
    const judgements = some.map(({ pair, chosen: choice }): Judgement => ({
      first: names.indexOf(pair.first),
      second: names.indexOf(pair.second),
      choice,
    }));
    const { scores, tie, separated } = bradleyTerry(names, judgements);
    const intervals = bootstrapScores(names, judgements, options);
    const methods = names.map((method, i): MethodScore => {
      const own = judgements.filter(({ first, second }) => first === i || second === i);
      const ties = own.filter(({ choice }) => choice === 'tie').length;
      const wins = own.filter((one) => one.choice !== 'tie' && one[one.choice] === i).length;
      const counts = { wins, ties, losses: own.length - wins - ties };
      return { method, score: scores[i]!, ...intervals[i]!, ...counts };
    });
    methods.sort((a, b) => b.score - a.score);
    return { set, judgements: judgements.length, tie, separated, methods };
  };
  const bySet =
    sets.length > 1
      ? sets.map((set) =>
          rank(
            set,
            valid.filter(({ pair }) => pair.set === set),
          ),
        )
      : [];
  return { study: key.study, raters, rankings: [...bySet, rank(OVERALL, valid)] };
}

/** Which of the pair's pictures the rater chose. */
function chosen({ left, choice }: Rating): 'first' | 'second' | 'tie' {
  if (choice === 'tie') return 'tie';
  return (choice === 'left') === (left === 'first') ? 'first' : 'second';
}

/** The report for people. */
export function reportText({ raters, rankings }: StudyReport): string {
  const out = raters.filter((rater) => !rater.counted);
  const lines = [
    `${raters.length} ${raters.length === 1 ? 'rater' : 'raters'}, ${out.length} left out` +
      (out.length === 0
        ? '.'
        : `: ${out.map(({ rater, right, asked }) => `${rater} (${right} of ${asked} sanity pairs right)`).join(', ')}.`),
  ];
  const unchecked = raters.filter(({ asked }) => asked === 0).map(({ rater }) => rater);
  if (unchecked.length > 0) lines.push(`Not checked by any sanity pair: ${unchecked.join(', ')}.`);
  for (const { set, judgements, methods, separated } of rankings) {
    const width = Math.max(6, ...methods.map(({ method }) => method.length));
    lines.push('', `${set}: ${judgements} judgements`);
    lines.push(`${'method'.padEnd(width)}   score   95 % interval    won  lost  ties`);
    for (const { method, score, low, high, wins, losses, ties } of methods) {
      const interval = `${low.toFixed(3)} … ${high.toFixed(3)}`;
      lines.push(
        `${method.padEnd(width)}  ${score.toFixed(3).padStart(6)}  ${interval.padStart(15)}  ` +
          [wins, losses, ties].map((count) => String(count).padStart(4)).join('  '),
      );
    }
    if (separated) {
      lines.push('Some methods were never beaten by the rest: each pair was given half a win each way.');
    }
  }
  return lines.join('\n');
}

/** The scores as CSV. */
export function reportCsv({ rankings }: StudyReport): string {
  return csv([
    ['set', 'method', 'score', 'low', 'high', 'wins', 'losses', 'ties'],
    ...rankings.flatMap(({ set, methods }) =>
      methods.map(({ method, score, low, high, wins, losses, ties }) => [
        set,
        method,
        ...[score, low, high, wins, losses, ties].map(String),
      ]),
    ),
  ]);
}
