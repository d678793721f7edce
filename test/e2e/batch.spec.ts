import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, startHost, test as base } from './attune';
import { composite, mask, pixelsOf } from './pictures';

/** A host that may read one folder and write another. */
const test = base.extend<{ pictures: string; results: string }>({
  pictures: async ({ folder }, use) => {
    await mkdir(join(folder, 'shop', 'shelf'), { recursive: true });
    await use(join(folder, 'shop'));
  },
  results: async ({ folder }, use) => use(join(folder, 'done')),
  host: async ({ folder, pictures, results }, use) => {
    const host = await startHost(join(folder, 'state'), ['--folder', pictures, '--folder', results]);
    await use(host);
    const ended = new Promise((resolve) => host.process.once('exit', resolve));
    host.process.kill();
    await ended;
  },
});

async function write(path: string, seed: number, width = 480, height = 320): Promise<void> {
  await writeFile(`${path}.png`, await composite(width, height, seed));
  await writeFile(`${path}_mask.png`, await mask(width, height));
}

interface Report {
  readonly counts: Readonly<Record<string, number>>;
  readonly state: string;
}
const reportIn = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;

test('a folder from the dialog: what was found, start, progress, results as pictures, errors, a report', async ({
  editor,
  pictures,
  results,
}) => {
  const { page } = editor;
  await write(join(pictures, 'chair'), 1);
  await write(join(pictures, 'shelf', 'lamp'), 2);
  await write(join(pictures, 'torn'), 3);
  await writeFile(join(pictures, 'torn.png'), (await readFile(join(pictures, 'torn.png'))).subarray(0, 4000));
  await writeFile(join(pictures, 'lone_mask.png'), await mask(48, 32));

  await page.getByRole('menuitem', { name: 'File' }).click();
  await page.getByRole('menuitem', { name: 'Batch…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Batch' });
  // The two folders that the host was started with.
  await expect(dialog.getByLabel('Pictures').locator('option:checked')).toHaveText('shop');
  await expect(dialog.getByLabel('Results', { exact: true }).locator('option:checked')).toHaveText('done');
  await dialog.getByLabel('Format').selectOption('jpeg');
  await dialog.getByLabel('Longest side').fill('240');
  await dialog.getByRole('button', { name: 'Look' }).click();
  await expect(dialog).toContainText('3 pictures with masks');
  await expect(dialog).toContainText('lone_mask.png is a mask without a picture.');
  await expect(readdir(results)).rejects.toThrow();

  // Another choice has to be looked at again.
  await dialog.getByLabel('Strength').fill('90');
  await dialog.getByLabel('Strength').press('Tab');
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog).toContainText('2 done, 1 failed', { timeout: 100_000 });
  await expect(dialog.getByRole('alert')).toContainText('torn.png');
  await expect(dialog.getByRole('progressbar')).toHaveJSProperty('value', 1);
  const shown = dialog.getByRole('img');
  await expect(shown).toHaveCount(2);
  await expect
    .poll(() =>
      shown.evaluateAll((all) =>
        all.map((one) => [one.getAttribute('alt'), (one as HTMLImageElement).naturalWidth]),
      ),
    )
    .toEqual(
      expect.arrayContaining([
        ['chair.png', 240],
        [join('shelf', 'lamp.png'), 240],
      ]),
    );

  const method = await page.getByRole('combobox', { name: 'Method' }).last().inputValue();
  const made = await pixelsOf(join(results, `chair-${method}.jpg`));
  expect([made.width, made.height]).toEqual([240, 160]);
  expect(await readdir(join(results, 'shelf'))).toEqual([`lamp-${method}.jpg`]);
  expect((await reportIn(results)).counts).toMatchObject({ done: 2, failed: 1, left: 0 });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a batch is cancelled with the pictures in the works finished, and goes on later', async ({
  editor,
  pictures,
  results,
}) => {
  const { page } = editor;
  await write(join(pictures, 'p00'), 1, 1000, 750);
  for (let k = 1; k < 16; k++) {
    const name = `p${String(k).padStart(2, '0')}`;
    await copyFile(join(pictures, 'p00.png'), join(pictures, `${name}.png`));
    await copyFile(join(pictures, 'p00_mask.png'), join(pictures, `${name}_mask.png`));
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Batch');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Batch' });
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog).toContainText(/[1-9]\d* \/ 16/, { timeout: 60_000 });
  // A dialog with a running batch is not closed by a slip.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toContainText(/\d+ done, \d+ left\./, { timeout: 100_000 });
  const { counts, state } = await reportIn(results);
  expect(state).toBe('interrupted');
  expect(counts.done! + counts.left!).toBe(16);
  expect(counts.left).toBeGreaterThan(0);
  const made = async () => (await readdir(results)).filter((name) => name.endsWith('.png'));
  expect(await made()).toHaveLength(counts.done!);

  // It goes on where it was.
  await expect(dialog.getByRole('checkbox', { name: 'Go on with an interrupted batch' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog).toContainText(`${counts.left} done. The folder`, { timeout: 100_000 });
  expect((await reportIn(results)).counts).toMatchObject({
    done: counts.left,
    earlier: counts.done,
    left: 0,
  });
  expect(await made()).toHaveLength(16);
});
