import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImage, createMask } from '../pixels/image';
import { parseCsv } from '../study/csv';
import { EDITED, REAL } from '../study/pairs';
import { readKey, writeRatings, type Rating } from '../study/ratings';
import type { StudyReport } from '../study/report';
import { attune, pixelsOf, writeCase } from './command-for-tests';
import { heavilyEdited } from './study';

let folder = '';
const at = (...names: string[]) => join(folder, ...names);

interface Page {
  study: string;
  page: string;
  trials: { pair: string; left: 'first' | 'second'; pictures: string[] }[];
}

async function pageOf(path: string): Promise<Page> {
  const html = await readFile(path, 'utf8');
  return JSON.parse(/const plan = (\{.*\});/.exec(html)![1]!) as Page;
}

/** Prefers reinhard's results; tells the photograph in sanity pairs unless careless. */
async function rate(name: string, file: string, careless = false): Promise<void> {
  const { pairs } = readKey(await readFile(at('study', 'key.csv'), 'utf8'), 'key.csv');
  const { study, page, trials } = await pageOf(at('study', file));
  const ratings = trials.map(({ pair: id, left }, k): Rating => {
    const pair = pairs.find((one) => one.id === id)!;
    const liked = pair.kind === 'sanity' ? REAL : k % 4 === 0 ? 'none' : 'reinhard';
    const side = pair[left] === liked ? 'left' : 'right';
    const other = side === 'left' ? 'right' : 'left';
    return { study, rater: name, page, pair: id, left, choice: careless ? other : side, ms: 1000 };
  });
  await writeFile(at(`${name}.csv`), writeRatings(ratings));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-study-'));
  for (const name of ['one', 'two', 'three', 'four']) {
    await mkdir(at('cases', name), { recursive: true });
    await writeCase(at('cases', name));
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('attune study', () => {
  it('makes pages that say nothing of the methods, pictures and a key', async () => {
    const args = ['study', 'prepare', at('cases'), '-o', at('study'), '--methods', 'none,reinhard'];
    const ran = await attune([
      ...args,
      '--raters',
      '3',
      '--pairs',
      '4',
      '--sanity',
      '2',
      '--size',
      '64',
      '--json',
    ]);
    expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      pairs: 4 + 4,
      pages: ['rater-01.html', 'rater-02.html', 'rater-03.html'],
      key: at('study', 'key.csv'),
    });
    const key = readKey(await readFile(at('study', 'key.csv'), 'utf8'), 'key.csv');
    expect(
      key.pairs
        .filter(({ kind }) => kind === 'compare')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['four', 'one', 'three', 'two']);
    const pictures = await readdir(at('study', 'pictures'));
    expect(pictures).toHaveLength(4 * 2 + 4 * 2);
    const html = await readFile(at('study', 'rater-01.html'), 'utf8');
    for (const word of ['reinhard', 'none,', REAL, EDITED, 'four']) expect(html).not.toContain(word);
    const { trials } = await pageOf(at('study', 'rater-01.html'));
    expect(trials).toHaveLength(6);
    for (const picture of trials.flatMap((trial) => trial.pictures)) {
      expect((await pixelsOf(at('study', picture))).length).toBe(4 * 64 * 43);
    }
    const again = await attune(args);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('holds something already');
  });

  it('merges raters, leaves out the careless one and ranks the methods', async () => {
    await rate('Ann', 'rater-01.html');
    await rate('Bob', 'rater-02.html');
    await rate('Zoe', 'rater-03.html', true);
    const merged = await attune([
      'study',
      'merge',
      at('Ann.csv'),
      at('Bob.csv'),
      at('Ann.csv'),
      '-o',
      at('all.csv'),
    ]);
    expect(merged.code).toBe(0);
    expect(merged.stdout).toContain('12 answers of 2 raters');
    const args = ['study', 'report', at('study'), at('all.csv'), at('Zoe.csv'), '--bootstrap', '100'];
    const ran = await attune([...args, '--json', '-o', at('scores.csv')]);
    expect(ran.code).toBe(0);
    const { raters, rankings } = JSON.parse(ran.stdout) as StudyReport;
    expect(raters.map(({ rater, counted }) => [rater, counted])).toEqual([
      ['Ann', true],
      ['Bob', true],
      ['Zoe', false],
    ]);
    expect(rankings[0]!.judgements).toBe(8);
    expect(rankings[0]!.methods.map(({ method }) => method).sort()).toEqual(['none', 'reinhard']);
    const scores = parseCsv(await readFile(at('scores.csv'), 'utf8'));
    expect(scores).toHaveLength(3);
    const text = await attune(args);
    expect(text.stdout).toContain('3 raters, 1 left out: Zoe (0 of 2 sanity pairs right).');
  });

  it('says plainly what is wrong', async () => {
    const refusal = async (code: number, args: string[], ...words: string[]) => {
      const ran = await attune(['study', ...args]);
      expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
      for (const word of words) expect(ran.stderr.trimEnd().split('\n').at(-1)).toContain(word);
    };
    await refusal(1, ['report', at('study'), at('gone.csv')], at('gone.csv'), 'does not exist');
    await refusal(1, ['report', at('cases'), at('Ann.csv')], 'key.csv', 'does not exist');
    await writeFile(at('broken.csv'), 'study,rater\n1,2\n');
    await refusal(1, ['report', at('study'), at('broken.csv')], at('broken.csv'), 'no column');
    await refusal(2, ['prepare', at('cases'), '-o', at('new'), '--methods', 'none'], 'two methods');
    await refusal(2, ['prepare', at('cases'), '-o', at('new'), '--raters', '0'], 'whole number');
    await refusal(1, ['prepare', at('nowhere'), '-o', at('new')], 'does not exist');
  });

  it('spoils the foreground for sanity pairs, and only that', () => {
    const image = createImage(4, 1);
    image.data.fill(120);
    const mask = createMask(4, 1);
    mask.data.set([0, 0, 255, 255]);
    const out = heavilyEdited(image, mask).data;
    expect([...out.subarray(0, 8)]).toEqual(new Array(8).fill(120));
    expect([...out.subarray(8, 12)]).toEqual([190, 44, 190, 120]);
  });
});
