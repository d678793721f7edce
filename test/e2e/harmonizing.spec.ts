import { readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import sharp from 'sharp';
import { type Editor, expect, png, test } from './attune';
import { background, cutout } from './pictures';

test('cancelling leaves the layer as it was, and it can be harmonized afterwards', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  const before = await editor.exportedPixels();
  await editor.button('Harmonize layer').click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(editor.button('Harmonize layer')).toBeEnabled();
  await expect(page.getByTestId('announcement')).toContainText('cancelled');
  await expect(editor.harmonized).toBeHidden();
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
  await editor.harmonize();
  await expect(editor.harmonized).toHaveAttribute('aria-checked', 'true');
});

test('cancelling in the middle of lifting leaves the layer as it was', async ({ editor }) => {
  const { page } = editor;
  const large = await sharp(await cutout())
    .resize(2600)
    .png({ compressionLevel: 1 })
    .toBuffer();
  await editor.open(png('evening.png', await background()), png('large.png', large));
  await expect(editor.rows).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Method' }).selectOption('joint');
  // The very moment that lifting begins, faster than any hand.
  await page.evaluate(() => {
    const press = () => {
      if (!document.querySelector('[role=progressbar][aria-valuenow]')) return;
      watch.disconnect();
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true }),
      );
    };
    const watch = new MutationObserver(press);
    watch.observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  await editor.button('Harmonize layer').click();
  await expect(page.getByTestId('announcement')).toContainText('cancelled', { timeout: 60_000 });
  await expect(editor.button('Harmonize layer')).toBeEnabled();
  await expect(editor.harmonized).toBeHidden();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'History' })).not.toContainText('Harmonize');
});

test('the window answers while the layer is harmonized', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  await editor.button('Harmonize layer').click();
  await editor.drag([1100, 100], [1100, 120]);
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('textbox', { name: 'Zoom' })).toHaveValue('100 %');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'History' })).toContainText('Place disc');
  await expect(page.getByRole('list', { name: 'History' })).toContainText('Harmonize layer', {
    timeout: 60_000,
  });
});

/** The host's engine process; Linux tells children of a process. */
function childrenOf({ pid }: ChildProcess): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

test('an engine that dies in the middle is told or replaced, and the document stays', async ({
  editor,
  host,
}) => {
  test.skip(process.platform !== 'linux', 'only Linux tells which process is the engine');
  const { page } = editor;
  await editor.openBoth();
  await editor.harmonize();
  await expect.poll(() => childrenOf(host.process).length).toBeGreaterThan(0);
  await page.keyboard.press('Control+z');
  await expect(editor.button('Harmonize layer')).toBeVisible();
  await editor.button('Harmonize layer').click();
  for (const pid of childrenOf(host.process)) process.kill(pid, 'SIGKILL');
  // Either the main side restarts it within the same run, or the person is told and can try again.
  await expect(editor.button(/^Harmonize (again|layer)$/)).toBeEnabled({ timeout: 60_000 });
  await expect(editor.rows).toHaveCount(2);
  await editor.harmonize();
  await expect(editor.harmonized).toHaveAttribute('aria-checked', 'true');
});

test('a host that is gone is told, and the picture can still be exported', async ({ editor, host }) => {
  await editor.openBoth();
  const before = await editor.exportedPixels();
  host.process.kill('SIGKILL');
  await editor.button('Harmonize layer').click();
  await expect(editor.alert).toContainText('does not answer');
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
});

/** The mean colour of the middle of the disc. */
async function discOf(editor: Editor) {
  const { width, height, data } = await editor.exportedPixels();
  const mean = [0, 0, 0];
  const [x, y, side] = [Math.round(width / 2) - 60, Math.round(height / 2) - 60, 120];
  for (let v = y; v < y + side; v++) {
    for (let u = x; u < x + side; u++) {
      for (let c = 0; c < 3; c++) mean[c]! += data[4 * (v * width + u) + c]! / side ** 2;
    }
  }
  return mean as [number, number, number];
}

test('a layer agrees with the selected part of the background, is undone, and does so again', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openBoth();
  await page.getByRole('combobox', { name: 'Method' }).selectOption('reinhard');
  const agree = page.getByRole('combobox', { name: 'Match', exact: true });
  await expect(agree).toHaveValue('whole');
  await expect(agree.getByRole('option', { name: 'The selection' })).toBeDisabled();
  await editor.harmonize();
  const whole = await discOf(editor);

  // The dark ground: about 105 of red where the sky has 180.
  await page.keyboard.press('m');
  await editor.drag([5, 660], [1195, 795]);
  await expect(agree.getByRole('option', { name: 'The selection' })).toBeEnabled();
  await agree.selectOption('selection');
  await page.getByRole('button', { name: 'Harmonize again' }).click();
  await expect(agree).toHaveValue('region', { timeout: 60_000 });
  await expect(page.getByText('Agrees with a selected region')).toBeVisible();
  await page.screenshot({ path: 'test-results/reference-region.png' });
  const region = await discOf(editor);
  expect(region[0]).toBeLessThan(whole[0] - 20);
  expect(region[2]).toBeLessThan(whole[2] - 10);

  await page.keyboard.press('Control+z');
  await expect(agree).toHaveValue('whole');
  expect(await discOf(editor)).toEqual(whole);
  await page.keyboard.press('Control+Shift+Z');
  await expect(agree).toHaveValue('region');
  expect(await discOf(editor)).toEqual(region);

  // Without the selection the region still counts; it can be selected again, and let go of.
  await page.keyboard.press('Control+d');
  await editor.button('Harmonize again').click();
  await page.getByRole('tab', { name: 'History' }).click();
  const harmonizings = page.getByRole('list', { name: 'History' }).getByText('Harmonize layer');
  await expect(harmonizings).toHaveCount(3, { timeout: 60_000 });
  expect(await discOf(editor)).toEqual(region);
  await editor.button('Select it').click();
  await expect(agree.getByRole('option', { name: 'The selection' })).toBeEnabled();
  await agree.selectOption('whole');
  await editor.button('Harmonize again').click();
  await expect(harmonizings).toHaveCount(4, { timeout: 60_000 });
  await expect(page.getByText('Agrees with a selected region')).toBeHidden();
  expect(await discOf(editor)).toEqual(whole);
});

test('the judge of realism recolours a layer, and says that it did', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  const before = await discOf(editor);
  const method = page.getByRole('combobox', { name: 'Method' });
  await method.selectOption('realism');
  await editor.harmonize();
  await expect(editor.ran).toContainText('Zhu et al. 2015');
  expect(await discOf(editor)).not.toEqual(before);
});
