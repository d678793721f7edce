import { describe, expect, it } from 'vitest';
import { Fault } from '../pixels/fault';
import { seeded } from '../pixels/random';
import { bootstrapScores, bradleyTerry, type Judgement } from './bradley-terry';

/** `wins[i][j]` judgements in which i was chosen over j. */
function judgementsOf(
  wins: readonly (readonly number[])[],
  ties: readonly (readonly number[])[] = [],
): Judgement[] {
  const list: Judgement[] = [];
  wins.forEach((row, first) =>
    row.forEach((count, second) => {
      for (let k = 0; k < count; k++) list.push({ first, second, choice: 'first' });
    }),
  );
  ties.forEach((row, first) =>
    row.forEach((count, second) => {
      for (let k = 0; k < count; k++) list.push({ first, second, choice: 'tie' });
    }),
  );
  return list;
}

const centred = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((v) => v - mean);
};
const close = (found: readonly number[], wanted: readonly number[], digits: number) =>
  wanted.forEach((v, i) => expect(found[i]).toBeCloseTo(v, digits));

describe('Bradley–Terry scores', () => {
  it('of two items are the log odds', () => {
    const { scores, tie, separated } = bradleyTerry(
      ['a', 'b'],
      judgementsOf([
        [0, 30],
        [10, 0],
      ]),
    );
    expect(scores[0]! - scores[1]!).toBeCloseTo(Math.log(3), 9);
    expect({ tie, separated }).toEqual({ tie: 0, separated: false });
  });

  it('of the American League of 1987 are those of Agresti', () => {
    // Agresti, "Categorical Data Analysis", table 10.10: wins of the row over the column, 13 games a pair; log abilities
    // with Baltimore at 0: Milwaukee 1.58, Detroit 1.44, Toronto 1.29, New York 1.25, Boston 1.11, Cleveland 0.68.
    const league = ['Milwaukee', 'Detroit', 'Toronto', 'New York', 'Boston', 'Cleveland', 'Baltimore'];
    const wins = [
      [0, 7, 9, 7, 7, 9, 11],
      [6, 0, 7, 5, 11, 9, 9],
      [4, 6, 0, 7, 7, 8, 12],
      [6, 8, 6, 0, 6, 7, 10],
      [6, 2, 6, 7, 0, 7, 12],
      [4, 4, 5, 6, 6, 0, 6],
      [2, 4, 1, 3, 1, 7, 0],
    ];
    const { scores } = bradleyTerry(league, judgementsOf(wins));
    const found = scores.map((score) => score - scores[6]!);
    close(found, [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0], 1);
    // The likelihood equations: every item wins as often as is expected of it.
    wins.forEach((row, i) => {
      const expected = wins.reduce(
        (sum, other, j) =>
          i === j ? sum : sum + (row[j]! + other[i]!) / (1 + Math.exp(scores[j]! - scores[i]!)),
        0,
      );
      expect(expected).toBeCloseTo(
        row.reduce((a, b) => a + b, 0),
        6,
      );
    });
  });

  it('are found again from judgements drawn by Davidson’s model', () => {
    const truth = centred([0, 0.8, -0.5, 1.4]);
    const nu = 0.7;
    const random = seeded(11);
    const list: Judgement[] = [];
    for (let k = 0; k < 40_000; k++) {
      const first = Math.floor(random() * 4);
      const second = (first + 1 + Math.floor(random() * 3)) % 4;
      const half = (truth[first]! - truth[second]!) / 2;
      const total = Math.exp(half) + Math.exp(-half) + nu;
      const drawn = random() * total;
      const choice = drawn < nu ? 'tie' : drawn < nu + Math.exp(half) ? 'first' : 'second';
      list.push({ first, second, choice });
    }
    const { scores, tie } = bradleyTerry(['a', 'b', 'c', 'd'], list);
    close(scores, truth, 1);
    expect(tie).toBeCloseTo(nu, 1);
  });

  it('are equal when all judgements are ties, and do not depend on who is named first', () => {
    const ties = bradleyTerry(['a', 'b', 'c'], judgementsOf([[], [], []], [[0, 5, 5], [0, 0, 5], []]));
    close(ties.scores, [0, 0, 0], 6);
    const wins = judgementsOf([
      [0, 4, 2],
      [1, 0, 5],
      [3, 2, 0],
    ]);
    const turned = wins.map(({ first, second }): Judgement => ({
      first: second,
      second: first,
      choice: 'second',
    }));
    close(bradleyTerry(['a', 'b', 'c'], turned).scores, bradleyTerry(['a', 'b', 'c'], wins).scores, 9);
  });

  it('stay finite when one item wins all, and say so', () => {
    const ranking = bradleyTerry(
      ['a', 'b', 'c'],
      judgementsOf([
        [0, 5, 5],
        [0, 0, 3],
        [0, 2, 0],
      ]),
    );
    expect(ranking.separated).toBe(true);
    expect(ranking.scores.every(Number.isFinite)).toBe(true);
    expect(ranking.scores[0]).toBeGreaterThan(ranking.scores[1]!);
  });

  it('are refused for groups that were never compared, and without judgements', () => {
    const apart = judgementsOf([
      [0, 2, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 3],
      [0, 0, 1, 0],
    ]);
    expect(() => bradleyTerry(['a', 'b', 'c', 'd'], apart)).toThrow(/a, b \| c, d/);
    expect(() => bradleyTerry(['a', 'b', 'c', 'd'], apart)).toThrow(Fault);
    expect(() => bradleyTerry(['a', 'b'], [])).toThrow(/no judgements/);
  });
});

describe('the bootstrap', () => {
  const items = ['a', 'b', 'c'];
  const many = judgementsOf([
    [0, 60, 80],
    [30, 0, 50],
    [20, 40, 0],
  ]);

  it('gives intervals around the scores, the same for the same seed', () => {
    const { scores } = bradleyTerry(items, many);
    const intervals = bootstrapScores(items, many, { rounds: 200, seed: 4 });
    intervals.forEach(({ low, high }, i) => {
      expect(low).toBeLessThan(scores[i]!);
      expect(high).toBeGreaterThan(scores[i]!);
    });
    expect(bootstrapScores(items, many, { rounds: 200, seed: 4 })).toEqual(intervals);
    expect(bootstrapScores(items, many, { rounds: 200, seed: 5 })).not.toEqual(intervals);
  });

  it('gives of two items the interval of the binomial’s log odds', () => {
    const two = judgementsOf([
      [0, 70],
      [30, 0],
    ]);
    const [first] = bootstrapScores(['a', 'b'], two, { rounds: 2000 });
    // Standard error of log odds: √(1/70 + 1/30); half the difference is the score.
    const error = (1.96 * Math.sqrt(1 / 70 + 1 / 30)) / 2;
    const score = Math.log(7 / 3) / 2;
    expect(Math.abs(first!.low - (score - error))).toBeLessThan(0.05);
    expect(Math.abs(first!.high - (score + error))).toBeLessThan(0.05);
    const narrow = bootstrapScores(['a', 'b'], two, { rounds: 2000, level: 0.5 });
    expect(narrow[0]!.high - narrow[0]!.low).toBeLessThan(0.5 * (first!.high - first!.low));
  });

  it('bears judgements that a drawing leaves out', () => {
    const few = judgementsOf([
      [0, 1, 0],
      [1, 0, 1],
      [0, 1, 0],
    ]);
    const intervals = bootstrapScores(items, few, { rounds: 100 });
    expect(intervals.every(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))).toBe(true);
  });
});
