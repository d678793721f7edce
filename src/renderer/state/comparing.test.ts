import { describe, expect, it } from 'vitest';
import type { AskedPair } from '../../contract/study';
import { readRatings } from '../../study/ratings';
import { Comparison } from './comparing.svelte';
import { Comparisons } from './comparisons';
import { pairsOf, rankingOf, type Tried } from './trying';

const pairs: AskedPair[] = [
  { pair: 'p3', left: 'second', pictures: ['a', 'b'] },
  { pair: 'p1', left: 'first', pictures: ['c', 'd'] },
];
const asked = { study: 's', page: '01', pairs };

describe('a comparison', () => {
  it('keeps choices and times, takes one back, and writes what a study report reads', () => {
    let clock = 100;
    const one = new Comparison(asked, 'Ann, the first', () => clock);
    expect([one.pair, one.next]).toEqual([pairs[0], ['c', 'd']]);
    clock = 350;
    one.shown();
    clock = 1350.4;
    one.choose('right');
    clock = 1400;
    one.choose('left');
    expect(one.pair).toBeNull();
    one.choose('tie');
    expect(one.answers).toHaveLength(2);
    one.back();
    clock = 2000;
    one.choose('tie');
    expect(readRatings(one.csv, 'a.csv')).toEqual([
      {
        study: 's',
        rater: 'Ann, the first',
        page: '01',
        pair: 'p3',
        left: 'second',
        choice: 'right',
        ms: 1000,
      },
      { study: 's', rater: 'Ann, the first', page: '01', pair: 'p1', left: 'first', choice: 'tie', ms: 600 },
    ]);
    expect(one.fileName).toBe('ratings-01-Ann-the-first.csv');
  });

  it('goes on where the same rater stopped, with the pictures of now', () => {
    const all = new Comparisons();
    all.of(asked, 'Ann').choose('left');
    const again = {
      ...asked,
      pairs: pairs.map((one) => ({ ...one, pictures: ['x', 'y'] as [string, string] })),
    };
    expect(all.of(again, 'Ann').pair).toEqual(again.pairs[1]);
    expect(all.of(again, 'Bob').answers).toEqual([]);
    expect(all.of({ ...asked, page: '02' }, 'Ann').answers).toEqual([]);
  });
});

describe('methods on a layer', () => {
  const tried = ['none', 'colormap', 'xue'].map((method): Tried => ({
    method,
    harmonization: null,
    bytes: 0,
    url: `blob:${method}`,
  }));

  it('are asked in every pair once, sides and order by chance, and ranked by the choices', () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { key, asked: page } = pairsOf(tried, seed);
      expect(key.map(({ first, second }) => [first, second].sort().join())).toHaveLength(3);
      const seen = page.pairs.map(({ pictures }) => pictures.join(' '));
      orders.add(seen.join(' | '));
      expect(new Set(page.pairs.map(({ pictures }) => [...pictures].sort().join())).size).toBe(3);
      const liking = ['blob:xue', 'blob:none', 'blob:colormap'];
      const comparison = new Comparison(page, 'me');
      while (comparison.pair) {
        expect(rankingOf(key, comparison)).toBeNull();
        const [left, right] = comparison.pair.pictures;
        comparison.choose(liking.indexOf(left) < liking.indexOf(right) ? 'left' : 'right');
      }
      const ranking = rankingOf(key, comparison)!;
      expect(ranking.map(({ method, wins, losses }) => [method, wins, losses])).toEqual([
        ['xue', 2, 0],
        ['none', 1, 1],
        ['colormap', 0, 2],
      ]);
    }
    expect(orders.size).toBeGreaterThan(5);
  });

  it('are ranked even when nobody can tell', () => {
    const { key, asked: page } = pairsOf(tried.slice(0, 2), 3);
    const comparison = new Comparison(page, 'me');
    comparison.choose('tie');
    expect(rankingOf(key, comparison)!.map(({ ties, score }) => [ties, Math.abs(score) < 1e-6])).toEqual([
      [1, true],
      [1, true],
    ]);
  });
});
