import { Fault } from '../pixels/fault';
import { seeded } from '../pixels/random';

/** One judgement: item `first` against item `second`, by index. */
export interface Judgement {
  readonly first: number;
  readonly second: number;
  readonly choice: 'first' | 'second' | 'tie';
}

/** How items rank. */
export interface Ranking {
  /**
   * A score an item, with mean 0: i is chosen over j with odds exp(scoreᵢ − scoreⱼ) when there is no tie. Only
   * differences mean something.
   */
  readonly scores: readonly number[];
  /** Davidson's ν: how likely ties are between equals (ν/(2 + ν)); 0 when nobody called one. */
  readonly tie: number;
  /**
   * Some items won every judgement against the rest, so that no finite scores are the likeliest: every pair that was
   * judged was given half a win each way.
   */
  readonly separated: boolean;
}

/** Counts of a pair: wins of i, wins of j, ties. */
interface Pair {
  readonly i: number;
  readonly j: number;
  wins: number;
  losses: number;
  ties: number;
}

const ROUNDS = 100;

/**
 * Bradley–Terry scores by maximum likelihood (Bradley and Terry, Biometrika 39, 1952), ties by Davidson's extension
 * (JASA 65, 1970): P(i) : P(j) : P(tie) = πᵢ : πⱼ : ν√(πᵢπⱼ), score = log π. The likelihood is that of an exponential
 * family, concave in scores and log ν, and is climbed by Newton's method.
 *
 * @throws Fault `unsupported` when there is nothing to compare, or when the judgements fall into groups that were never
 * compared with each other (each is named).
 */
export function bradleyTerry(items: readonly string[], judgements: readonly Judgement[]): Ranking {
  if (items.length < 2 || judgements.length === 0) {
    throw new Fault('unsupported', 'There are no judgements to rank by.', 'Rate some pairs first.');
  }
  const pairs = countPairs(judgements);
  const groups = connected(items.length, pairs);
  if (groups.length > 1) {
    const words = groups.map((group) => group.map((i) => items[i]!).join(', ')).join(' | ');
    throw new Fault(
      'unsupported',
      `The judgements fall into groups that were never compared with each other: ${words}.`,
      'Rate pairs between them, or rank each group by itself.',
    );
  }
  return fit(items.length, pairs);
}

/**
 * Confidence intervals of the scores by the bootstrap's percentiles (Efron 1979): the judgements are drawn again with
 * replacement `rounds` times (the seed decides how), and ranked each time.
 */
export function bootstrapScores(
  items: readonly string[],
  judgements: readonly Judgement[],
  { rounds = 1000, level = 0.95, seed = 1 } = {},
): { readonly low: number; readonly high: number }[] {
  const random = seeded(seed);
  const all = countPairs(judgements);
  const samples = items.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const drawn = judgements.map(() => judgements[Math.floor(random() * judgements.length)]!);
    const pairs = countPairs(drawn);
    // A pair that was not drawn stays a pair that was judged: without it the items might fall apart.
    for (const { i, j } of all) {
      if (!pairs.some((one) => one.i === i && one.j === j)) pairs.push({ i, j, wins: 0, losses: 0, ties: 0 });
    }
    fit(items.length, pairs).scores.forEach((score, i) => samples[i]!.push(score));
  }
  return samples.map((list) => {
    list.sort((a, b) => a - b);
    const at = (share: number) => {
      const place = share * (list.length - 1);
      const below = Math.floor(place);
      const above = Math.min(below + 1, list.length - 1);
      return list[below]! + (place - below) * (list[above]! - list[below]!);
    };
    return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
  });
}

function countPairs(judgements: readonly Judgement[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { first, second, choice } of judgements) {
    if (first === second) throw new Fault('usage', 'A judgement compares an item with itself.');
    const [i, j] = first < second ? [first, second] : [second, first];
    const key = `${i},${j}`;
    const pair = pairs.get(key) ?? { i, j, wins: 0, losses: 0, ties: 0 };
    pairs.set(key, pair);
    if (choice === 'tie') pair.ties++;
    else if ((choice === 'first' ? first : second) === i) pair.wins++;
    else pair.losses++;
  }
  return [...pairs.values()];
}

/** The groups of items that judgements link. */
function connected(count: number, pairs: readonly Pair[]): number[][] {
  const group = Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => (group[i] === i ? i : root(group[i]!));
  for (const { i, j } of pairs) group[root(j)] = root(i);
  const groups = new Map<number, number[]>();
  for (let i = 0; i < count; i++) groups.set(root(i), [...(groups.get(root(i)) ?? []), i]);
  return [...groups.values()];
}

/** Whether from every item every other is reached along wins and ties: then finite scores are the likeliest (Ford 1957). */
function stronglyConnected(count: number, pairs: readonly Pair[]): boolean {
  const reached = (beats: (pair: Pair) => [boolean, boolean]) => {
    const seen = new Set([0]);
    for (let grown = true; grown;) {
      grown = false;
      for (const pair of pairs) {
        const [down, up] = beats(pair);
        if (down && seen.has(pair.i) && !seen.has(pair.j)) grown = !!seen.add(pair.j);
        if (up && seen.has(pair.j) && !seen.has(pair.i)) grown = !!seen.add(pair.i);
      }
    }
    return seen.size === count;
  };
  const wins = ({ wins: w, losses, ties }: Pair): [boolean, boolean] => [w + ties > 0, losses + ties > 0];
  return reached(wins) && reached((pair) => wins(pair).reverse() as [boolean, boolean]);
}

function fit(count: number, counted: readonly Pair[]): Ranking {
  const separated = !stronglyConnected(count, counted);
  const pairs = separated
    ? counted.map((pair) => ({ ...pair, wins: pair.wins + 0.5, losses: pair.losses + 0.5 }))
    : counted;
  const ties = pairs.some((pair) => pair.ties > 0);
  const size = count + (ties ? 1 : 0);
  let point = new Array<number>(size).fill(0);
  let here = likelihood(point, pairs, count, ties);
  for (let round = 0; round < ROUNDS; round++) {
    const { gradient, information } = slope(point, pairs, count, ties);
    if (Math.max(...gradient.map(Math.abs)) < 1e-10) break;
    // The sum of the scores is free: holding it makes the system regular.
    for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) information[i]![j]! += 1;
    const step = solve(information, gradient);
    let length = 1;
    let next = point;
    let value = -Infinity;
    for (; length > 1e-10; length /= 2) {
      next = point.map((v, i) => v + length * step[i]!);
      value = likelihood(next, pairs, count, ties);
      if (value >= here) break;
    }
    if (!(value >= here)) break;
    point = next;
    here = value;
  }
  const mean = point.slice(0, count).reduce((sum, v) => sum + v, 0) / count;
  return {
    scores: point.slice(0, count).map((v) => v - mean),
    tie: ties ? Math.exp(point[count]!) : 0,
    separated,
  };
}

/** The chances of first, second and tie. */
function chances(point: readonly number[], { i, j }: Pair, count: number, ties: boolean) {
  const half = (point[i]! - point[j]!) / 2;
  const tie = ties ? Math.exp(point[count]!) : 0;
  const [win, loss] = [Math.exp(half), Math.exp(-half)];
  const total = win + loss + tie;
  return [win / total, loss / total, tie / total] as const;
}

function likelihood(point: readonly number[], pairs: readonly Pair[], count: number, ties: boolean): number {
  let sum = 0;
  for (const pair of pairs) {
    const [win, loss, tie] = chances(point, pair, count, ties);
    for (const [seen, chance] of [
      [pair.wins, win],
      [pair.losses, loss],
      [pair.ties, tie],
    ] as const) {
      if (seen > 0) sum += seen * Math.log(chance);
    }
  }
  return sum;
}

/** The gradient of the log-likelihood and Fisher's information: of each pair the covariance of the outcomes' features. */
function slope(point: readonly number[], pairs: readonly Pair[], count: number, ties: boolean) {
  const gradient = new Array<number>(point.length).fill(0);
  const information = point.map(() => new Array<number>(point.length).fill(0));
  for (const pair of pairs) {
    const judged = pair.wins + pair.losses + pair.ties;
    const outcomes = chances(point, pair, count, ties);
    // What each outcome adds to the exponent of score i, of score j, of log ν.
    const features = [
      [0.5, -0.5, 0],
      [-0.5, 0.5, 0],
      [0, 0, 1],
    ];
    const places = ties ? [pair.i, pair.j, count] : [pair.i, pair.j];
    const seen = [pair.wins, pair.losses, pair.ties];
    const mean = places.map((_, a) => features.reduce((sum, f, k) => sum + outcomes[k]! * f[a]!, 0));
    places.forEach((at, a) => {
      gradient[at]! += features.reduce((sum, f, k) => sum + seen[k]! * f[a]!, 0) - judged * mean[a]!;
      places.forEach((to, b) => {
        const product = features.reduce((sum, f, k) => sum + outcomes[k]! * f[a]! * f[b]!, 0);
        information[at]![to]! += judged * (product - mean[a]! * mean[b]!);
      });
    });
  }
  return { gradient, information };
}

/** Solves a symmetric, positive system by Gauss's elimination with pivots; a vanishing pivot leaves its unknown at 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    if (Math.abs(rows[k]![k]!) < 1e-14) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const out = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const row = rows[k]!;
    if (Math.abs(row[k]!) < 1e-14) continue;
    let value = row[n]!;
    for (let j = k + 1; j < n; j++) value -= row[j]! * out[j]!;
    out[k] = value / row[k]!;
  }
  return out;
}
