import { Fault } from '../pixels/fault';
import { seeded, shuffled } from '../pixels/random';

/** What a study compares: a case of a set, with the methods whose results there are. */
export interface StudyCase {
  readonly set: string;
  readonly name: string;
}

/**
 * Two pictures to choose between. A sanity pair shows an untouched photograph (`first` or `second` is {@link REAL})
 * beside a heavily edited one ({@link EDITED}): who cannot tell them apart does not look.
 */
export interface StudyPair {
  /** `p1`, `p2` … in random order: it says nothing of what is compared. */
  readonly id: string;
  readonly kind: 'compare' | 'sanity';
  readonly set: string;
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

export const REAL = '(photograph)';
export const EDITED = '(edited)';

/** One question of a rater's page. */
export interface Trial {
  readonly pair: string;
  /** Which of the pair's two pictures is on the left. */
  readonly left: 'first' | 'second';
}

export interface StudyPlan {
  readonly pairs: readonly StudyPair[];
  /** The questions of each rater's page, in order. */
  readonly pages: readonly (readonly Trial[])[];
}

export interface StudyOptions {
  readonly cases: readonly StudyCase[];
  readonly methods: readonly string[];
  /** Cases whose photograph and edited photograph make sanity pairs. */
  readonly sanity: readonly StudyCase[];
  /** How many pages. */
  readonly raters: number;
  /** Pairs to compare on a page, at most; sanity pairs come on top. */
  readonly perRater: number;
  /** Sanity pairs on a page, at most. */
  readonly sanityPerRater: number;
  readonly seed: number;
}

/**
 * Plans a study: every pair of methods on every case, handed out evenly over the pages, each page in random order with
 * random sides. The same options give the same plan. Throws a Fault `usage` for fewer than two methods, `not-found`
 * without cases.
 */
export function planStudy(options: StudyOptions): StudyPlan {
  const { cases, methods, sanity, raters, perRater, sanityPerRater, seed } = options;
  if (methods.length < 2) {
    throw new Fault('usage', 'A study compares two methods at least.', 'Name more with --methods.');
  }
  if (cases.length === 0)
    throw new Fault('not-found', 'There are no cases to compare.', 'Name a folder of cases.');
  const random = seeded(seed);
  const turned = <T>(a: T, b: T): readonly [T, T] => (random() < 0.5 ? [a, b] : [b, a]);
  const questions = [
    ...cases.flatMap(({ set, name }) =>
      methods.flatMap((one, i) =>
        methods.slice(i + 1).map((other) => {
          const [first, second] = turned(one, other);
          return { kind: 'compare' as const, set, name, first, second };
        }),
      ),
    ),
    ...sanity.map(({ set, name }) => {
      const [first, second] = turned(REAL, EDITED);
      return { kind: 'sanity' as const, set, name, first, second };
    }),
  ];
  const pairs = shuffled(questions, random).map((question, k): StudyPair => ({
    id: `p${k + 1}`,
    ...question,
  }));
  const compare = pairs.filter(({ kind }) => kind === 'compare');
  const checks = pairs.filter(({ kind }) => kind === 'sanity');
  const pages = Array.from({ length: raters }, (_, page) => {
    const mine = [...dealt(compare, page, perRater), ...dealt(checks, page, sanityPerRater)];
    return shuffled(mine, random).map(({ id }): Trial => ({
      pair: id,
      left: random() < 0.5 ? 'first' : 'second',
    }));
  });
  return { pairs, pages };
}

/** A page's share of the pairs: the next `count` in a circle, so that no pair is asked twice more often than another. */
function dealt<T>(pairs: readonly T[], page: number, count: number): T[] {
  const many = Math.min(count, pairs.length);
  return Array.from({ length: many }, (_, k) => pairs[(page * many + k) % pairs.length]!);
}
