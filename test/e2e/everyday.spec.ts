import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, png, startHost, test } from './attune';
import { background, cutout, pixelsOf } from './pictures';

/** A photograph that says who made it, when it was turned and how many dots an inch it has. */
async function photograph() {
  return sharp(await background(600, 400))
    .withExif({ IFD0: { Copyright: 'Ada Lovelace', Model: 'Difference Engine' } })
    .withXmp(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/></rdf:RDF></x:xmpmeta>',
    )
    .withMetadata({ density: 240 })
    .jpeg({ quality: 95 })
    .toBuffer();
}

test('an export carries what the photograph said of itself, or nothing, at the resolution asked for', async ({
  editor,
  folder,
}) => {
  const { page } = editor;
  await editor.open({ name: 'street.jpg', mimeType: 'image/jpeg', buffer: await photograph() });
  await expect(editor.rows).toHaveCount(1);
  await editor.open(png('disc.png', await cutout(200)));
  await expect(editor.rows).toHaveCount(2);

  const exported = async (format: string, metadata: boolean, layers = true) => {
    await page.keyboard.press('Control+Shift+E');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await dialog.getByRole('radio', { name: format }).check();
    if (format !== 'ORA') await dialog.getByRole('checkbox', { name: 'Metadata' }).setChecked(metadata);
    if (/PSD|ORA/.test(format)) await dialog.getByRole('checkbox', { name: 'All layers' }).setChecked(layers);
    await expect(dialog.getByLabel('Resolution')).toHaveValue('240');
    await dialog.getByLabel('Resolution').fill('300');
    await expect(dialog.getByTestId('estimate')).toContainText('B');
    if (format === 'TIFF') await page.screenshot({ path: 'test-results/export.png' });
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export' }).click();
    const path = join(folder, `${metadata}-${layers}-${(await download).suggestedFilename()}`);
    await (await download).saveAs(path);
    await expect(dialog).toBeHidden();
    return path;
  };

  for (const format of ['PNG', 'JPEG', 'WebP', 'TIFF']) {
    const kept = await sharp(await exported(format, true)).metadata();
    expect(kept.exif?.includes('Ada Lovelace') || format === 'TIFF', format).toBe(true);
    if (format === 'TIFF')
      expect((await readFile(join(folder, 'true-true-street.tif'))).includes('Ada Lovelace')).toBe(true);
    if (format !== 'WebP') expect(Math.round(kept.density ?? 0), format).toBe(300);
    expect(kept.xmp?.toString(), format).toContain('dc:format');
    const stripped = await sharp(await exported(format, false)).metadata();
    expect([stripped.exif, stripped.xmp, stripped.iptc], format).toEqual([undefined, undefined, undefined]);
    if (format !== 'WebP') expect(Math.round(stripped.density ?? 0), format).toBe(300);
  }

  const flat = await exported('PSD', true, false);
  const layered = await exported('PSD', false);
  const ora = await exported('ORA', true);
  const shown = (await editor.exportedPixels()).data;
  for (const [path, rows] of [
    [flat, 1],
    [layered, 2],
    [ora, 2],
  ] as const) {
    await page.keyboard.press('Control+Alt+w');
    const unsaved = page.getByRole('button', { name: 'Close without' });
    if (await unsaved.isVisible()) await unsaved.click();
    await expect(editor.rows).toHaveCount(0);
    await editor.open({ name: path, mimeType: '', buffer: await readFile(path) });
    await expect(editor.rows).toHaveCount(rows);
    expect((await editor.exportedPixels()).data.equals(shown)).toBe(true);
  }
  expect((await readFile(flat)).includes('Ada Lovelace')).toBe(true);
  expect((await readFile(layered)).includes('Ada Lovelace')).toBe(false);
});

test('TIFF, SVG and 16-bit PNG open by the host’s decoder', async ({ editor }) => {
  const { page } = editor;
  const tiff = await sharp(await background(300, 200))
    .tiff({ compression: 'lzw', predictor: 'horizontal' })
    .toBuffer();
  await editor.open({ name: 'scan.tif', mimeType: 'image/tiff', buffer: tiff });
  await expect(page.locator('footer')).toContainText('300 × 200 px');
  expect((await editor.exportedPixels()).data.equals((await pixelsOf(tiff)).data)).toBe(true);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#f80"/></svg>';
  await editor.open({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) });
  await expect(editor.rows).toHaveCount(2);
  expect(await editor.place()).toMatchObject({ width: 40, height: 20 });
  const words = Uint16Array.from({ length: 48 }, (_, i) => i * 1200);
  const deep = await sharp(words, { raw: { width: 4, height: 4, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  await editor.open(png('deep.png', deep));
  await expect(editor.rows).toHaveCount(3);
  await expect(page.getByRole('status').filter({ hasText: '16 bits' })).toBeVisible();
});

test('recent files are offered with their pictures, in the next sitting too, and never one that is gone', async ({
  editor,
  host,
  folder,
  page,
}) => {
  await editor.open(png('evening.png', await background(300, 200)));
  await expect(editor.rows).toHaveCount(1);
  const menu = async () => {
    await page.getByRole('menuitem', { name: 'File' }).click();
    return page.getByRole('menu', { name: 'File' });
  };
  await expect((await menu()).getByRole('menuitem', { name: 'evening.png' })).toBeVisible();
  await page.keyboard.press('Escape');
  host.process.kill();

  // Named on the command line: the host knows where it lies.
  await writeFile(join(folder, 'disc.png'), await cutout(100));
  const state = join(folder, 'state');
  const second = await startHost(state, [join(folder, 'disc.png')]);
  const visit = async (address: string) => {
    await page.goto('about:blank');
    await page.goto(address);
  };
  await visit(second.address);
  await expect(editor.row('disc')).toBeVisible();
  await expect((await menu()).getByRole('menuitem', { name: 'disc.png' })).toBeVisible();
  second.process.kill();

  const third = await startHost(state);
  try {
    await visit(third.address);
    const recent = page.getByRole('region', { name: 'Recent files' });
    await expect(recent.getByRole('button')).toHaveText(['disc.png', 'evening.png']);
    for (const picture of await recent.locator('img').all()) {
      await expect(picture).toHaveJSProperty('complete', true);
      expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    }
    await page.screenshot({ path: 'test-results/recent.png' });
    await rm(join(folder, 'disc.png'));
    await recent.getByRole('button', { name: 'disc.png' }).click();
    await expect(editor.alert).toContainText('no longer there');
    await expect(recent.getByRole('button')).toHaveText(['evening.png']);
    await recent.getByRole('button', { name: 'evening.png' }).click();
    await expect(editor.row('evening')).toBeVisible();
    await expect(page.locator('footer')).toContainText('300 × 200 px');
    await (await menu()).getByRole('menuitem', { name: 'Clear recent files' }).click();
    await expect((await menu()).getByRole('menuitem', { name: 'evening.png' })).toHaveCount(0);
  } finally {
    third.process.kill();
  }
});

test('keys are looked up, changed, taken over, reset, and kept for the next sitting', async ({
  editor,
  host,
  folder,
  page,
}) => {
  await editor.openBoth();
  await page.keyboard.press('F1');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.screenshot({ path: 'test-results/keys.png' });
  await dialog.getByRole('searchbox', { name: 'Search commands' }).fill('via copy');
  const duplicate = dialog.getByRole('group', { name: 'Layer via copy' });
  await expect(dialog.getByRole('group')).toHaveCount(1);
  await duplicate.getByRole('button', { name: 'Ctrl+J', exact: true }).click();
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('alert')).toContainText('press others');
  await page.keyboard.press('Control+z');
  await expect(dialog.getByRole('alert')).toContainText('Ctrl+Z already means “Undo”');
  await page.screenshot({ path: 'test-results/keys-conflict.png' });
  await dialog.getByRole('button', { name: 'Leave it' }).click();
  await duplicate.getByRole('button', { name: 'Ctrl+J', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await duplicate.getByRole('button', { name: 'Ctrl+J', exact: true }).click();
  await page.keyboard.press('Control+e');
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await expect(duplicate.getByRole('button', { name: 'Ctrl+E', exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await page.keyboard.press('Control+j');
  await page.keyboard.press('Control+e');
  await expect(editor.rows).toHaveCount(3);
  await expect
    .poll(() => readFile(join(folder, 'state', 'settings.json'), 'utf8').catch(() => ''))
    .toContain('"layer.via-copy":["Ctrl+E"]');
  host.process.kill();

  const next = await startHost(join(folder, 'state'));
  try {
    await page.goto('about:blank');
    await page.goto(next.address);
    const unsaved = page.getByRole('dialog', { name: 'Unsaved work' });
    await page.getByRole('combobox', { name: 'Method' }).waitFor();
    if (await unsaved.isVisible()) await unsaved.getByRole('button', { name: 'Discard' }).click();
    await page.keyboard.press('F1');
    await dialog.getByRole('searchbox', { name: 'Search commands' }).fill('layer');
    await expect(duplicate.getByRole('button', { name: 'Ctrl+E', exact: true })).toBeVisible();
    const merge = dialog.getByRole('group', { name: 'Merge layers' });
    await merge.getByRole('button', { name: 'Reset the keys of Merge layers' }).click();
    await expect(merge.getByRole('button', { name: 'Ctrl+E', exact: true })).toBeVisible();
    await expect(duplicate.getByRole('button', { name: 'Ctrl+E', exact: true })).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Reset all' }).click();
    await expect(duplicate.getByRole('button', { name: 'Ctrl+J', exact: true })).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Reset all' })).toBeDisabled();
  } finally {
    next.process.kill();
  }
});

test('a moved layer snaps to the document’s middle and edges, with guides; Ctrl and View ▸ Snap switch it off', async ({
  editor,
  page,
}) => {
  await editor.openBoth();
  const from = [600, 400] as const;
  const middle = (place: { x: number; y: number; width: number; height: number }) => [
    place.x + place.width / 2,
    place.y + place.height / 2,
  ];
  // The cut-out lies in the middle; away and nearly back again.
  await editor.drag(from, [430, 250]);
  await page.screenshot({ path: 'test-results/away.png' });
  const grab = await editor.at(430, 250);
  const back = await editor.at(604, 396);
  await page.mouse.move(grab.x, grab.y);
  await page.mouse.down();
  await page.mouse.move(back.x - 40, back.y, { steps: 4 });
  await page.mouse.move(back.x, back.y, { steps: 4 });
  await expect(page.locator('.guide.down')).toHaveCount(1);
  await expect(page.locator('.guide.across')).toHaveCount(1);
  await page.screenshot({ path: 'test-results/snapping.png' });
  await page.keyboard.down('Control');
  await page.mouse.move(back.x + 0.6, back.y);
  await expect(page.locator('.guide')).toHaveCount(0);
  await page.keyboard.up('Control');
  await page.mouse.move(back.x, back.y);
  await page.mouse.up();
  await expect(page.locator('.guide')).toHaveCount(0);
  const [x, y] = middle(await editor.place());
  expect(Math.abs(x! - 600)).toBeLessThanOrEqual(0.5);
  expect(Math.abs(y! - 400)).toBeLessThanOrEqual(0.5);

  // The right handle, near the right edge of the document.
  const place = await editor.place();
  const handle = await editor.at(place.x + place.width, place.y + place.height / 2);
  const edge = await editor.at(1196, place.y + place.height / 2);
  await page.mouse.move(handle.x, handle.y);
  await page.mouse.down();
  await page.mouse.move(edge.x - 30, edge.y, { steps: 4 });
  await page.mouse.move(edge.x, edge.y, { steps: 4 });
  await page.mouse.up();
  const wide = await editor.place();
  expect(wide.x + wide.width).toBeCloseTo(1200, 0);
  expect(wide.x).toBeCloseTo(place.x, 0);
  expect(wide.height).toBeCloseTo(place.height, 0);
  await page.keyboard.press('Control+z');

  await page.getByRole('menuitem', { name: 'View' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Snap' }).click();
  await editor.drag(from, [604, 396]);
  const [freeX] = middle(await editor.place());
  expect(Math.abs(freeX! - 604)).toBeLessThanOrEqual(1.5);
});

test('the status bar tells place and colour under the pointer; the pixel grid shows from 800 %; layers are mirrored', async ({
  editor,
  page,
}) => {
  const picture = await background(300, 200);
  await editor.open(png('evening.png', picture));
  await expect(editor.rows).toHaveCount(1);
  const { data } = await pixelsOf(picture);
  const colour = [...data.subarray(4 * (80 * 300 + 120), 4 * (80 * 300 + 120) + 3)];
  const spot = await editor.at(120.5, 80.5);
  await page.mouse.move(spot.x, spot.y);
  await expect(page.getByTestId('place')).toHaveText('120, 80');
  await expect(page.getByTestId('color')).toContainText(colour.join(' '));
  await expect(page.getByTestId('color')).toContainText(`#${Buffer.from(colour).toString('hex')}`);
  await expect(page.getByTestId('pixel-grid')).toHaveCount(0);
  const zoom = page.locator('footer').getByRole('textbox', { name: 'Zoom' });
  await zoom.fill('800');
  await zoom.press('Enter');
  await expect(page.getByTestId('pixel-grid')).toBeVisible();
  await page.screenshot({ path: 'test-results/pixel-grid.png' });
  await page.keyboard.press('Control+0');

  await page.getByRole('button', { name: /Lock evening/ }).click();
  const before = await editor.exportedPixels();
  await page.getByRole('menuitem', { name: 'Layer', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Flip horizontal' }).click();
  const after = await editor.exportedPixels();
  for (const [x, y] of [
    [0, 0],
    [120, 80],
    [299, 199],
  ] as const) {
    const at = 4 * (y * 300 + x);
    const mirrored = 4 * (y * 300 + 299 - x);
    expect([...after.data.subarray(mirrored, mirrored + 4)]).toEqual([...before.data.subarray(at, at + 4)]);
  }
  await page.keyboard.press('Control+z');
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
});

test('a large PSD is unpacked by several threads, and is the same', async ({ editor, folder, page }) => {
  test.slow();
  await editor.open(png('evening.png', await background(1500, 1000)), png('disc.png', await cutout(400)));
  await expect(editor.rows).toHaveCount(2);
  await editor.row('evening').click();
  for (let i = 0; i < 2; i++) await page.keyboard.press('Control+j');
  await expect(editor.rows).toHaveCount(4);
  const before = await editor.exportedPixels();
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Save project' });
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const path = join(folder, 'large.psd');
  await (await download).saveAs(path);
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Control+Alt+w');
  await expect(editor.rows).toHaveCount(0);
  await editor.open({ name: 'large.psd', mimeType: '', buffer: await readFile(path) });
  await expect(editor.rows).toHaveCount(4);
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
  // A click falls through what is transparent: the threads told of the alpha too.
  const corner = await editor.at(560, 310);
  await page.mouse.click(corner.x, corner.y);
  await expect(editor.row('evening copy 2')).toHaveAttribute('aria-selected', 'true');
});
