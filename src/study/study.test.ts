import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../pixels/fault';
import { csv, parseCsv } from './csv';
import { EDITED, planStudy, REAL, type StudyOptions, type StudyPlan } from './pairs';
import { mergeRatings, type Rating, readKey, readRatings, writeKey, writeRatings } from './ratings';
import { OVERALL, report, reportCsv, reportText } from './report';

const cases = (set: string, count: number) =>
  Array.from({ length: count }, (_, k) => ({ set, name: `case${k}` }));
const options: StudyOptions = {
  cases: cases('street', 8),
  methods: ['none', 'xue', 'ours'],
  sanity: cases('street', 6),
  raters: 6,
  perRater: 8,
  sanityPerRater: 3,
  seed: 7,
};

/** A rater's answers: the photograph in sanity pairs unless careless, the method that comes later in the list, mostly. */
function answers(plan: StudyPlan, page: number, rater: string, careless = false): Rating[] {
  const pairs = new Map(plan.pairs.map((pair) => [pair.id, pair]));
  const order = [EDITED, 'none', 'xue', 'ours', REAL];
  return plan.pages[page]!.map(({ pair: id, left }, k): Rating => {
    const pair = pairs.get(id)!;
    const better = order.indexOf(pair.first) > order.indexOf(pair.second) ? 'first' : 'second';
    const wrong = careless || (pair.kind === 'compare' && k % 5 === 2);
    const side = (better === left) === wrong ? 'right' : 'left';
    const choice = pair.kind === 'compare' && k % 7 === 3 ? 'tie' : side;
    return { study: 's', rater, page: String(page + 1), pair: id, left, choice, ms: 900 };
  });
}

describe('a plan', () => {
  const plan = planStudy(options);

  it('has every pair of methods on every case, and the sanity pairs, once each', () => {
    const compare = plan.pairs.filter(({ kind }) => kind === 'compare');
    const names = compare.map(({ name, first, second }) => [name, ...[first, second].sort()].join());
    expect(new Set(names).size).toBe(8 * 3);
    expect(plan.pairs).toHaveLength(8 * 3 + 6);
    expect(new Set(plan.pairs.map(({ id }) => id)).size).toBe(30);
    for (const { first, second } of plan.pairs.filter(({ kind }) => kind === 'sanity')) {
      expect([first, second].sort()).toEqual([EDITED, REAL].sort());
    }
  });

  it('hands the pairs out evenly, with random sides and order', () => {
    const asked = new Map<string, number>();
    for (const page of plan.pages) {
      expect(page).toHaveLength(8 + 3);
      expect(new Set(page.map(({ pair }) => pair)).size).toBe(11);
      for (const { pair } of page) asked.set(pair, (asked.get(pair) ?? 0) + 1);
    }
    const compare = plan.pairs.filter(({ kind }) => kind === 'compare');
    expect(compare.map(({ id }) => asked.get(id))).toEqual(compare.map(() => 2));
    const trials = plan.pages.flat();
    const left = trials.filter((trial) => trial.left === 'first').length / trials.length;
    expect(left).toBeGreaterThan(0.3);
    expect(left).toBeLessThan(0.7);
    expect(plan.pages[0]!.map(({ pair }) => pair)).not.toEqual(plan.pages[3]!.map(({ pair }) => pair));
  });

  it('is the same for the same seed only', () => {
    expect(planStudy(options)).toEqual(plan);
    expect(planStudy({ ...options, seed: 8 })).not.toEqual(plan);
  });

  it('needs two methods and a case', () => {
    expect(() => planStudy({ ...options, methods: ['none'] })).toThrow(/two methods/);
    expect(() => planStudy({ ...options, cases: [] })).toThrow(Fault);
  });
});

describe('CSV', () => {
  it('goes there and back whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
    const row = fc
      .array(cell, { minLength: 2, maxLength: 4 })
      .filter((cells) => cells.some((one) => one !== ''));
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        expect(parseCsv(csv(rows))).toEqual(rows);
      }),
    );
    expect(parseCsv('\ufeffa,b\r\n\r\n1,\r\n')).toEqual([
      ['a', 'b'],
      ['1', ''],
    ]);
    expect(() => parseCsv('"open')).toThrow(/not closed/);
  });

  it('of ratings and keys is read again, and what is wrong is named with file and line', () => {
    const plan = planStudy(options);
    const ratings = answers(plan, 0, 'Ann, B.');
    expect(readRatings(writeRatings(ratings), 'a.csv')).toEqual(ratings);
    expect(readKey(writeKey('s', plan.pairs), 'key.csv')).toEqual({ study: 's', pairs: plan.pairs });
    const head = 'study,rater,page,pair,left,choice,ms\n';
    expect(() => readRatings(`${head}s,a,1,p1,first,up,3\n`, 'a.csv')).toThrow(
      /a\.csv, line 2: choice is “up”/,
    );
    expect(() => readRatings(`${head}s,a,1,p1,first,left,soon\n`, 'a.csv')).toThrow(/ms is “soon”/);
    expect(() => readRatings('study,rater\n', 'a.csv')).toThrow(/no column “page”/);
    expect(() => readKey('study,pair,kind,set,case,first,second\n', 'k.csv')).toThrow(/names no study/);
  });
});

describe('merging', () => {
  const plan = planStudy(options);
  const file = (name: string, ratings: Rating[]) => ({ file: name, ratings });
  const ann = answers(plan, 0, 'Ann');

  it('joins raters, counts the same answer once, and refuses contradictions and other studies', () => {
    const bob = answers(plan, 1, 'Bob');
    expect(mergeRatings([file('a', ann), file('b', bob), file('c', ann)])).toEqual([...ann, ...bob]);
    const other = ann.map((one) => ({ ...one, choice: 'tie' as const, ms: 1 }));
    expect(() => mergeRatings([file('a', ann), file('b', other)])).toThrow(/Ann answered .* in a and in b/);
    const elsewhere = bob.map((one) => ({ ...one, study: 't' }));
    expect(() => mergeRatings([file('a', ann), file('b', elsewhere)])).toThrow(/b is of the study t/);
  });
});

describe('a report', () => {
  const plan = planStudy(options);
  const key = { study: 's', pairs: plan.pairs };
  const settings = { pass: 0.8, rounds: 200, seed: 1 };
  const good = [0, 1, 2, 3, 4].flatMap((page) => answers(plan, page, `rater ${page}`));

  it('ranks the methods as the raters chose, with intervals and counts', () => {
    const { raters, rankings } = report(key, good, settings);
    expect(raters.every((rater) => rater.counted && rater.right === 3 && rater.asked === 3)).toBe(true);
    expect(rankings.map(({ set }) => set)).toEqual([OVERALL]);
    const [{ methods, judgements }] = rankings as [(typeof rankings)[0]];
    expect(judgements).toBe(5 * 8);
    expect(methods.map(({ method }) => method)).toEqual(['ours', 'xue', 'none']);
    for (const { score, low, high, wins, losses, ties } of methods) {
      expect(low).toBeLessThanOrEqual(score);
      expect(high).toBeGreaterThanOrEqual(score);
      expect(wins + losses + ties).toBeGreaterThan(20);
    }
    expect(methods.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(0, 9);
  });

  it('leaves careless raters out and says so', () => {
    const careless = answers(plan, 5, 'Zoe', true);
    const with5 = report(key, [...good, ...careless], settings);
    expect(with5.rankings).toEqual(report(key, good, settings).rankings);
    expect(with5.raters.find(({ rater }) => rater === 'Zoe')).toEqual({
      rater: 'Zoe',
      ratings: 11,
      right: 0,
      asked: 3,
      counted: false,
    });
    expect(reportText(with5)).toContain('6 raters, 1 left out: Zoe (0 of 3 sanity pairs right).');
    const lenient = report(key, [...good, ...careless], { ...settings, pass: 0 });
    expect(lenient.rankings[0]!.judgements).toBe(6 * 8);
    expect(() => report(key, careless, settings)).toThrow(/no judgements/);
  });

  it('ranks each set by itself, then all', () => {
    const two = planStudy({
      ...options,
      cases: [...cases('a', 4), ...cases('b', 4)],
      raters: 4,
      perRater: 24,
    });
    const ratings = [0, 1, 2].flatMap((page) => answers(two, page, `r${page}`));
    const made = report({ study: 's', pairs: two.pairs }, ratings, settings);
    expect(made.rankings.map(({ set, judgements }) => [set, judgements])).toEqual([
      ['a', 36],
      ['b', 36],
      [OVERALL, 72],
    ]);
    const lines = parseCsv(reportCsv(made));
    expect(lines[0]).toEqual(['set', 'method', 'score', 'low', 'high', 'wins', 'losses', 'ties']);
    expect(lines).toHaveLength(1 + 9);
  });

  it('refuses answers of another study, and methods that were never compared', () => {
    expect(() => report({ ...key, study: 't' }, good, settings)).toThrow(/does not belong to t/);
    const apart = plan.pairs.map((pair, k) => ({
      ...pair,
      first: `${pair.first}${k % 2}`,
      second: `${pair.second}${k % 2}`,
    }));
    expect(() =>
      report({ study: 's', pairs: apart.map((p) => ({ ...p, kind: 'compare' as const })) }, good, settings),
    ).toThrow(/never compared/);
  });
});
