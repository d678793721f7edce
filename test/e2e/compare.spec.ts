import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AxeResults } from 'axe-core';
import type { Page } from '@playwright/test';
import { readPage } from '../../src/study/page';
import { REAL } from '../../src/study/pairs';
import { readKey, readRatings } from '../../src/study/ratings';
import { built, expect, startHost, test as base } from './attune';
import { writeCase } from './pictures';

const attune = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, [join(built, 'main/attune.js'), ...args])).stdout;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] })',
  )) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** A host that may read a study of three cases and two methods, with two sanity pairs. */
const test = base.extend<{ study: string }>({
  study: async ({ folder }, use) => {
    for (const name of ['one', 'two', 'three']) {
      await writeCase(join(folder, 'cases', name), 480, 320);
    }
    await attune(
      ...['study', 'prepare', join(folder, 'cases'), '-o', join(folder, 'study')],
      ...['--methods', 'none,reinhard', '--raters', '2', '--sanity', '2', '--seed', '3'],
    );
    await use(join(folder, 'study'));
  },
  host: async ({ folder, study }, use) => {
    const host = await startHost(join(folder, 'state'), ['--folder', study]);
    await use(host);
    const ended = new Promise((resolve) => host.process.once('exit', resolve));
    host.process.kill();
    await ended;
  },
});

test('a study in the window: keyboard choice, common zoom, progress, and answers that the report ranks', async ({
  editor,
  study,
  folder,
}) => {
  const { page } = editor;
  const key = readKey(await readFile(join(study, 'key.csv'), 'utf8'), 'key.csv');
  const { trials } = readPage(await readFile(join(study, 'rater-02.html'), 'utf8'), 'rater-02.html');
  expect(trials).toHaveLength(3 + 2);
  /** The key for what the rater likes: the photograph, and cut-and-paste. */
  const liking = (k: number) => {
    const pair = key.pairs.find(({ id }) => id === trials[k]!.pair)!;
    return [REAL, 'none'].includes(pair[trials[k]!.left]) ? 'ArrowLeft' : 'ArrowRight';
  };
  const count = page.getByTestId('pair-count');
  const dialog = page.getByRole('dialog', { name: 'Compare' });
  const begin = async () => {
    await page.getByRole('menuitem', { name: 'View' }).click();
    await page.getByRole('menuitem', { name: 'Compare…' }).click();
    // Without a layer there is only the study.
    await expect(dialog.getByRole('radio', { name: 'A prepared study' })).toBeChecked();
    await dialog.getByLabel('Study', { exact: true }).selectOption('study');
    await dialog.getByLabel('Page').selectOption({ label: '02: 5 pairs' });
    await dialog.getByLabel('Your name').fill('Ann, the first');
    await dialog.getByRole('button', { name: 'Start' }).click();
  };
  await begin();
  await expect(count).toHaveText('1 of 5');
  const left = page.getByRole('button', { name: 'The left picture' }).locator('img');
  const right = page.getByRole('button', { name: 'The right picture' }).locator('img');
  await expect
    .poll(() => left.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]))
    .toEqual([480, 320]);
  expect(await seriousFaults(page)).toEqual([]);
  const text = await page.locator('dialog').innerText();
  for (const word of ['reinhard', 'none', 'one.', 'photograph)']) expect(text).not.toContain(word);

  // Both pictures are zoomed and moved alike, by the mouse and by keys; a drag is no choice.
  const shown = (picture: typeof left) => picture.evaluate((img) => (img as HTMLElement).style.transform);
  await left.hover();
  await page.mouse.wheel(0, -600);
  await expect.poll(() => shown(left)).toMatch(/scale\(2\./);
  const zoomed = await shown(left);
  expect(await shown(right)).toBe(zoomed);
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 4 });
  await page.mouse.up();
  const dragged = await shown(left);
  expect(dragged).not.toBe(zoomed);
  expect(await shown(right)).toBe(dragged);
  await page.keyboard.press('Shift+ArrowRight');
  expect(await shown(right)).not.toBe(dragged);
  expect(await shown(right)).toBe(await shown(left));
  await expect(count).toHaveText('1 of 5');
  await page.keyboard.press('0');
  expect(await shown(right)).toBe('translate(0px, 0px) scale(1)');

  await page.keyboard.press('ArrowDown');
  await expect(count).toHaveText('2 of 5');
  await expect(left).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(count).toHaveText('1 of 5');
  for (const k of [0, 1]) {
    await expect(left).toBeVisible();
    await page.keyboard.press(liking(k));
    await expect(count).toHaveText(`${k + 2} of 5`);
  }

  // The rater stops, closes, and goes on under the same name.
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog).toContainText('2 of 5 pairs are answered.');
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await begin();
  await expect(count).toHaveText('3 of 5');
  await expect(left).toBeVisible();
  // The third by a click, the rest by keys.
  await (liking(2) === 'ArrowLeft' ? left : right).click();
  for (const k of [3, 4]) {
    await expect(count).toHaveText(`${k + 1} of 5`);
    await expect(left).toBeVisible();
    await page.keyboard.press(liking(k));
  }
  await expect(dialog).toContainText('That was the last pair. Thank you!');
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the answers' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('ratings-02-Ann-the-first.csv');
  const file = join(folder, 'ann.csv');
  await download.saveAs(file);
  await expect(dialog).toContainText('The answers are saved.');

  const ratings = readRatings(await readFile(file, 'utf8'), file);
  expect(ratings.map(({ pair, left: side }) => [pair, side])).toEqual(
    trials.map(({ pair, left: side }) => [pair, side]),
  );
  for (const [k, rating] of ratings.entries()) {
    expect(rating).toMatchObject({ study: key.study, rater: 'Ann, the first', page: '02' });
    expect(rating.choice).toBe(liking(k) === 'ArrowLeft' ? 'left' : 'right');
    expect(rating.ms).toBeGreaterThan(0);
  }
  const report = await attune('study', 'report', study, file, '--bootstrap', '50');
  expect(report).toContain('1 rater, 0 left out.');
  expect(report.indexOf('none ')).toBeLessThan(report.indexOf('reinhard '));
});

base(
  'methods on a layer are compared without names; the chosen one becomes the layer’s, in one step',
  async ({ editor }) => {
    const { page } = editor;
    await editor.openBoth();
    const before = await editor.exportedPixels();
    const dialog = page.getByRole('dialog', { name: 'Vergleichen' });
    const command = async (name: string) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
    };
    await command('Deutsch');
    await command('Vergleichen');
    await expect(dialog.getByRole('radio', { name: 'Verfahren auf der Ebene „disc“' })).toBeChecked();
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('checkbox', { name: 'Reinhard' }).check();
    await dialog.getByRole('button', { name: 'Starten' }).click();
    const count = page.getByTestId('pair-count');
    const left = page.getByRole('button', { name: 'Das linke Bild' }).locator('img');
    for (let k = 1; k <= 3; k++) {
      await expect(count).toHaveText(`${k} von 3`, { timeout: 60_000 });
      await expect(left).toBeVisible();
      expect(await page.locator('dialog').innerText()).not.toMatch(/Reinhard|Attune/);
      await page.keyboard.press('ArrowLeft');
    }
    // Nothing has changed yet.
    await expect(editor.harmonized).toHaveCount(0);
    await dialog
      .getByRole('listitem')
      .filter({ hasText: 'Reinhard' })
      .getByRole('button', { name: 'Dieses nehmen' })
      .click();
    await expect(dialog).toBeHidden();
    await command('Deutsch');
    await expect(editor.harmonized).toBeVisible();
    await expect(editor.ran).toContainText('Reinhard');
    const after = await editor.exportedPixels();
    expect(after.data.equals(before.data)).toBe(false);
    await page.keyboard.press('Control+z');
    expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
  },
);
