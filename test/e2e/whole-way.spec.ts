import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, root, test } from './attune';
import { pixelsOf } from './pictures';

test('a composite is harmonized from opening to export, with the pixels of the command line', async ({
  editor,
  folder,
}) => {
  const { page } = editor;
  await editor.openBoth();

  // Move the cut-out by its middle, then scale it by its lower right corner.
  const before = await editor.place();
  await editor.drag([600, 400], [760, 470]);
  const moved = await editor.place();
  expect(moved.x - before.x).toBeCloseTo(160, -0.5);
  expect(moved.y - before.y).toBeCloseTo(70, -0.5);
  expect(moved.width).toBe(before.width);
  const corner = [moved.x + moved.width, moved.y + moved.height] as const;
  await editor.drag(corner, [corner[0] - 100, corner[1] - 100]);
  const scaled = await editor.place();
  expect(scaled.width).toBeLessThan(moved.width - 90);
  expect(scaled.x).toBeCloseTo(moved.x, 0);
  await page.screenshot({ path: 'test-results/two-layers.png' });

  // What the command line gets: the flattened composite, and the layer's coverage as a mask.
  const composite = await editor.export();
  await page.getByRole('button', { name: 'Show evening' }).click();
  const alone = await editor.export();
  await page.getByRole('button', { name: 'Show evening' }).click();
  const mask = join(folder, 'mask.png');
  await sharp(alone).extractChannel('alpha').toColourspace('b-w').toFile(mask);

  // Harmonize, watching the progress.
  await editor.row('disc').click();
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const line = document.querySelector('[data-testid=announcement]')!;
    new MutationObserver(() => heard.push(line.textContent ?? '')).observe(line, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await editor.button('Harmonize layer').click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(editor.harmonized).toHaveAttribute('aria-checked', 'true', { timeout: 60_000 });
  const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard.join('\n'));
  // The network itself takes 3 ms and may begin and end between two frames; starting the engine and loading take longer.
  expect(heard).toMatch(/Asking the engine|Loading the network|Running the network/);
  expect(heard).toContain('Applying at full size');
  await expect(editor.ran).toContainText(/Attune colour map .* · \w+ · \d/);
  await page.screenshot({ path: 'test-results/harmonized.png' });

  const exported = await pixelsOf(await editor.export());
  const flat = await pixelsOf(composite);
  const coverage = await sharp(mask).extractChannel(0).raw().toBuffer();
  expect(coverage.length).toBe(1200 * 800);
  const output = join(folder, 'by-command.png');
  const command = spawnSync(
    'node',
    [join(root, 'scripts/attune.mjs'), 'harmonize', composite, '--mask', mask, '-o', output, '--json'],
    { encoding: 'utf8' },
  );
  expect(command.stderr + command.stdout).toContain('"method"');
  const commanded = await pixelsOf(output);
  let inside = 0;
  let difference = 0;
  let change = 0;
  let strayed = 0;
  for (let p = 0; p < coverage.length; p++) {
    for (let c = 4 * p; c < 4 * p + 3; c++) {
      if (coverage[p] === 255) {
        inside += 1;
        difference += Math.abs(exported.data[c]! - commanded.data[c]!);
        change += Math.abs(exported.data[c]! - flat.data[c]!);
      } else if (coverage[p] === 0 && exported.data[c] !== flat.data[c]) strayed += 1;
    }
  }
  test.info().annotations.push({
    type: 'measured',
    description: `mean difference ${(difference / inside).toFixed(3)}, change ${(change / inside).toFixed(2)} levels`,
  });
  expect(inside).toBeGreaterThan(100_000);
  expect(strayed, 'background pixels that changed').toBe(0);
  expect(change / inside, 'the harmonization shows').toBeGreaterThan(1);
  expect(difference / inside, 'mean difference from the command line').toBeLessThanOrEqual(1);

  // Strength, on and off, before: after the fact.
  const strength = page.getByRole('slider', { name: 'Strength' });
  await strength.fill('0');
  expect((await editor.exportedPixels()).data.equals(flat.data)).toBe(true);
  await strength.fill('50');
  await expect(editor.row('disc')).toContainText('50 %');
  const half = await editor.exportedPixels();
  const middle =
    4 * (Math.round(scaled.y + scaled.height / 2) * 1200 + Math.round(scaled.x + scaled.width / 2));
  for (let c = middle; c < middle + 3; c++) {
    expect(Math.abs(half.data[c]! - (exported.data[c]! + flat.data[c]!) / 2)).toBeLessThanOrEqual(1);
  }
  await editor.harmonized.click();
  await expect(editor.row('disc')).toContainText('off');
  expect((await editor.exportedPixels()).data.equals(flat.data)).toBe(true);

  // Undo all the way to the composite, and back.
  await page.keyboard.press('Control+z');
  await expect(editor.row('disc')).toContainText('50 %');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  await expect(editor.button('Harmonize layer')).toBeVisible();
  expect((await editor.exportedPixels()).data.equals(flat.data)).toBe(true);
  await page.keyboard.press('Control+Shift+z');
  await expect(editor.row('disc')).toContainText('100 %');
  expect((await editor.exportedPixels()).data.equals(exported.data)).toBe(true);
});

test('harmonizing sees what lies under the layer, and refuses what has nothing under or around it', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openBoth();
  await editor.row('evening').click();
  await editor.button('Harmonize layer').click();
  await expect(editor.alert).toContainText('Nothing visible lies under layer “evening”');
  await editor.alert.getByRole('button', { name: 'Close message' }).click();

  // A layer over the whole picture leaves nothing to agree with.
  await page.keyboard.press('Control+j');
  await expect(editor.rows).toHaveCount(3);
  await page.keyboard.press('Control+Shift+]');
  await page.keyboard.press('Control+Shift+H');
  await expect(editor.alert).toContainText('covers the whole picture');
  await expect(editor.rows).toHaveCount(3);
});
