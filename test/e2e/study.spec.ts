import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { REAL } from '../../src/study/pairs';
import { readKey, readRatings } from '../../src/study/ratings';
import { built } from './attune';
import { writeCase } from './pictures';

const attune = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, [join(built, 'main/attune.js'), ...args])).stdout;

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-study-'));
  for (const name of ['one', 'two', 'three']) {
    await writeCase(join(folder, 'cases', name), 480, 320);
  }
  await attune(
    ...['study', 'prepare', join(folder, 'cases'), '-o', join(folder, 'study')],
    ...['--methods', 'none,reinhard', '--raters', '1', '--sanity', '2', '--seed', '3'],
  );
});
test.afterAll(() => rm(folder, { recursive: true }));

test('a rater chooses with the keyboard, goes back, stops and goes on, and the answers rank the methods', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const address = pathToFileURL(join(folder, 'study', 'rater-01.html')).href;
  const key = readKey(await readFile(join(folder, 'study', 'key.csv'), 'utf8'), 'key.csv');
  const source = await readFile(join(folder, 'study', 'rater-01.html'), 'utf8');
  const { trials } = JSON.parse(/const plan = (\{.*\});/.exec(source)![1]!) as {
    trials: { pair: string; left: 'first' | 'second'; pictures: [string, string] }[];
  };
  expect(trials).toHaveLength(3 + 2);
  /** The key for what the rater likes: the photograph, and cut-and-paste. */
  const liking = (k: number) => {
    const pair = key.pairs.find(({ id }) => id === trials[k]!.pair)!;
    return [REAL, 'none'].includes(pair[trials[k]!.left]) ? 'ArrowLeft' : 'ArrowRight';
  };
  const count = page.locator('#count');
  const start = async () => {
    await page.goto(address);
    await page.getByLabel('Your name').fill('Ann, the first');
    await page.keyboard.press('Enter');
  };

  await start();
  await expect(count).toHaveText('1 of 5');
  const left = page.getByRole('button', { name: 'The left picture' }).locator('img');
  const right = page.getByRole('button', { name: 'The right picture' }).locator('img');
  await expect(left).toHaveAttribute('src', trials[0]!.pictures[0]);
  await expect
    .poll(() => left.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]))
    .toEqual([480, 320]);

  // Both pictures are zoomed alike; a drag is no choice.
  await left.hover();
  await page.mouse.wheel(0, -600);
  const shown = (picture: typeof left) => picture.evaluate((img) => (img as HTMLElement).style.transform);
  await expect.poll(() => shown(left)).toMatch(/scale\(2\./);
  const zoomed = await shown(left);
  expect(await shown(right)).toBe(zoomed);
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 4 });
  await page.mouse.up();
  expect(await shown(left)).not.toBe(zoomed);
  expect(await shown(right)).toBe(await shown(left));
  await expect(count).toHaveText('1 of 5');
  await page.keyboard.press('0');
  expect(await shown(right)).toBe('translate(0px, 0px) scale(1)');

  await page.keyboard.press('ArrowDown');
  await expect(count).toHaveText('2 of 5');
  await page.keyboard.press('Backspace');
  await expect(count).toHaveText('1 of 5');
  for (const k of [0, 1]) await page.keyboard.press(liking(k));
  await expect(count).toHaveText('3 of 5');

  // The window is closed and opened again: the same rater goes on.
  await start();
  await expect(count).toHaveText('3 of 5');
  for (const k of [2, 3, 4]) await page.keyboard.press(liking(k));
  await expect(page.getByText('That was the last pair')).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the answers' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('ratings-01-Ann-the-first.csv');
  const file = join(folder, 'ann.csv');
  await download.saveAs(file);
  expect(errors).toEqual([]);

  const ratings = readRatings(await readFile(file, 'utf8'), file);
  expect(ratings.map(({ pair }) => pair)).toEqual(trials.map(({ pair }) => pair));
  for (const [k, rating] of ratings.entries()) {
    expect(rating).toMatchObject({
      study: key.study,
      rater: 'Ann, the first',
      page: '01',
      left: trials[k]!.left,
    });
    expect(rating.choice).toBe(liking(k) === 'ArrowLeft' ? 'left' : 'right');
    expect(rating.ms).toBeGreaterThan(0);
  }
  const report = await attune('study', 'report', join(folder, 'study'), file, '--bootstrap', '50');
  expect(report).toContain('1 rater, 0 left out.');
  expect(report.indexOf('none ')).toBeLessThan(report.indexOf('reinhard '));
});
