import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, startHost, test } from './attune';
import { pixelsOf } from './pictures';

for (const format of ['psd', 'ora'] as const) {
  test(`a document saved as ${format.toUpperCase()} and opened again is the same`, async ({
    editor,
    folder,
  }) => {
    const { page } = editor;
    await editor.openBoth();
    await editor.drag([600, 400], [500, 330]);
    await page.getByRole('slider', { name: 'Opacity' }).fill('60');
    await page.getByRole('combobox', { name: 'Mode' }).selectOption('multiply');
    await page.keyboard.press('Control+g');
    const before = await editor.exportedPixels();

    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: 'Save project' });
    await dialog.getByRole('radio', { name: format.toUpperCase() }).check();
    await dialog.getByLabel('Name').fill('work');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const path = join(folder, `work.${format}`);
    await (await download).saveAs(path);
    await expect(dialog).toBeHidden();
    await expect(page).toHaveTitle(/^evening/);

    await page.keyboard.press('Control+Alt+w');
    await expect(editor.rows).toHaveCount(0);
    await editor.open({ name: `work.${format}`, mimeType: '', buffer: await readFile(path) });
    await expect(editor.rows).toHaveCount(3);
    await expect(editor.row('disc')).toContainText('Multiply');
    await expect(editor.row('disc')).toHaveAttribute('aria-level', '2');
    const after = await editor.exportedPixels();
    let most = 0;
    for (let i = 0; i < after.data.length; i++)
      most = Math.max(most, Math.abs(after.data[i]! - before.data[i]!));
    expect(most).toBeLessThanOrEqual(1);
  });
}

test('a new document, adjustment layers, crop, and every export format', async ({ editor, folder }) => {
  const { page } = editor;
  await page.getByRole('menuitem', { name: 'File' }).click();
  await page.getByRole('menuitem', { name: 'New…' }).click();
  const fresh = page.getByRole('dialog', { name: 'New document' });
  await fresh.getByLabel('Width').fill('300');
  await fresh.getByLabel('Height').fill('200');
  await fresh.getByLabel('Ground').selectOption('Gray');
  await fresh.getByRole('button', { name: 'Create' }).click();
  await expect(page.locator('footer')).toContainText('300 × 200 px');

  const adjust = async (name: string) => {
    await page.getByRole('menuitem', { name: 'Image' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await adjust('Exposure');
  await page.getByRole('slider', { name: 'Exposure' }).fill('1');
  const brighter = await editor.exportedPixels();
  expect(brighter.data[0]).toBeGreaterThan(165);
  await page.keyboard.press('Control+z');
  expect((await editor.exportedPixels()).data[0]).toBe(128);
  await adjust('Levels');
  await page.getByRole('slider', { name: 'Input white' }).fill('200');
  expect((await editor.exportedPixels()).data[0]).toBe(Math.round((128 * 255) / 200));
  await page.screenshot({ path: 'test-results/levels.png' });
  await adjust('Curves');
  await page.getByRole('slider', { name: 'Point 1' }).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowUp');
  await page.screenshot({ path: 'test-results/curves.png' });
  expect((await editor.exportedPixels()).data[0]).toBeGreaterThan(165);

  // Crop by a corner and Enter.
  await page.keyboard.press('c');
  const corner = (await page.locator('.handle.se').boundingBox())!;
  const frame = (await page.getByRole('group', { name: 'Crop frame' }).boundingBox())!;
  await page.mouse.move(corner.x + 8, corner.y + 8);
  await page.mouse.down();
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.press('Enter');
  await expect(page.locator('footer')).toContainText('150 × 100 px');

  for (const [label, kind] of [
    ['WebP', 'webp'],
    ['AVIF', 'heif'],
    ['TIFF', 'tiff'],
  ] as const) {
    await page.keyboard.press('Control+Shift+E');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await dialog.getByRole('radio', { name: label }).check();
    await dialog.getByLabel('Width, pixels').fill('75');
    await expect(dialog.getByTestId('estimate')).toContainText('B');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export' }).click();
    const path = join(folder, (await download).suggestedFilename());
    await (await download).saveAs(path);
    await expect(dialog).toBeHidden();
    expect(await sharp(path).metadata()).toMatchObject({ format: kind, width: 75, height: 50 });
    expect(Math.abs((await pixelsOf(path)).data[0]! - 175)).toBeLessThan(15);
  }
});

test('the sample opens by itself, and its background is harmonized to the cut-out', async ({ editor }) => {
  const { page } = editor;
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(editor.rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Background to this layer' }).click();
  await expect(editor.row('background')).toContainText('100 %', { timeout: 60_000 });
  await page.keyboard.press('y');
  const line = page.getByRole('slider', { name: /Split view/ });
  await line.focus();
  await page.keyboard.press('ArrowRight');
  await expect(line).toHaveAttribute('aria-valuenow', '52');
  await page.screenshot({ path: 'test-results/split.png' });
});

test('after kill -9 the next start offers the work back, pixel by pixel', async ({
  editor,
  host,
  folder,
  page,
}) => {
  await editor.openBoth();
  await editor.drag([600, 400], [500, 330]);
  // The disc agrees with a part of the background, and a corner of it is cut away.
  await page.keyboard.press('m');
  await editor.drag([5, 660], [1195, 795]);
  await page.getByRole('combobox', { name: 'Method' }).selectOption('reinhard');
  const agree = page.getByRole('combobox', { name: 'Match', exact: true });
  await agree.selectOption('selection');
  await editor.harmonize();
  await expect(agree).toHaveValue('region');
  await editor.drag([300, 130], [500, 330]);
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+d');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'History' }).getByText('Deselect')).toHaveCount(1);
  await page.getByRole('tab', { name: 'Layers' }).click();
  const before = await editor.exportedPixels();
  await page.keyboard.press('Control+j');
  await page.getByRole('slider', { name: 'Opacity' }).fill('0');
  // The record is written a moment after the last change; then everything dies at once.
  const states = join(folder, 'state', 'recovery');
  await expect
    .poll(async () => {
      for (const sitting of await readdir(states).catch(() => [])) {
        const record = await readFile(join(states, sitting, 'record.json'), 'utf8').catch(() => '');
        if (record.includes('disc copy') && /"opacity":0,/.test(record)) return true;
      }
      return false;
    })
    .toBe(true);
  host.process.kill('SIGKILL');

  const next = await startHost(join(folder, 'state'));
  try {
    await page.goto('about:blank');
    await page.goto(next.address);
    const dialog = page.getByRole('dialog', { name: 'Unsaved work' });
    await page.screenshot({ path: 'test-results/recover.png' });
    await dialog.getByRole('button', { name: 'Open it again' }).click();
    await expect(editor.rows).toHaveCount(3);
    await expect(editor.row('disc copy')).toContainText('0 %');
    await editor.row('disc').last().click();
    await expect(editor.harmonized).toBeChecked();
    await expect(page.getByRole('combobox', { name: 'Match', exact: true })).toHaveValue('region');
    expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
  } finally {
    next.process.kill();
  }
});
