import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, png, test, type Editor } from './attune';
import { background } from './pictures';

/** The picture as it shows, from the exported file: alpha at points of the document. */
async function alphas(editor: Editor, points: readonly (readonly [number, number])[]) {
  const { width, data } = await editor.exportedPixels();
  return points.map(([x, y]) => data[4 * (y * width + x) + 3]!);
}

/** Offered by the tool's bar while something is selected. */
const deselect = (editor: Editor) =>
  editor.page.getByRole('toolbar', { name: 'Tool options' }).getByRole('button', { name: 'Deselect' });
const history = (editor: Editor) => editor.page.getByRole('list', { name: 'History' }).getByRole('button');

test('a rectangle and an ellipse become a mask, which is painted, undone, saved and opened again', async ({
  editor,
  folder,
}) => {
  const { page } = editor;
  await editor.open(png('evening.png', await background(600, 400)));
  await expect(editor.rows).toHaveCount(1);

  // A rectangle, an ellipse added with Shift, a corner taken away with Alt.
  await page.keyboard.press('m');
  await expect(page.getByRole('toolbar', { name: 'Tool options' })).toContainText('Rectangle selection');
  await editor.drag([100, 100], [300, 300]);
  await expect(deselect(editor)).toBeVisible();
  await page.keyboard.press('Shift+M');
  await page.keyboard.down('Shift');
  await editor.drag([350, 100], [550, 300]);
  await page.keyboard.up('Shift');
  await page.keyboard.press('m');
  await page.keyboard.down('Alt');
  await editor.drag([80, 80], [150, 150]);
  await page.keyboard.up('Alt');
  await page.screenshot({ path: 'test-results/selection.png' });
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(history(editor).filter({ hasText: 'Rectangle selection' })).toHaveCount(2);
  await expect(history(editor).filter({ hasText: 'Ellipse selection' })).toHaveCount(1);

  // Undone and done again, step by step; what is selected is no change of the picture.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+Z');

  // The mask shows just that.
  await page.getByRole('button', { name: 'Add layer mask' }).first().click();
  await expect(deselect(editor)).toBeHidden();
  const inRectangle = [200, 200] as const;
  const inEllipse = [450, 200] as const;
  const besideEllipse = [355, 105] as const;
  const inCorner = [120, 120] as const;
  const outside = [30, 350] as const;
  const points = [inRectangle, inEllipse, besideEllipse, inCorner, outside];
  expect(await alphas(editor, points)).toEqual([255, 255, 0, 0, 0]);

  // The brush hides, in one step a stroke; the eraser shows.
  await page.keyboard.press('b');
  const sized = page.getByRole('spinbutton', { name: 'Size', exact: true });
  await sized.fill('40');
  await sized.press('Enter');
  await page.getByRole('spinbutton', { name: 'Hardness' }).fill('100');
  await page.getByRole('spinbutton', { name: 'Hardness' }).press('Enter');
  await editor.drag([150, 200], [250, 200]);
  await expect(history(editor).filter({ hasText: 'Brush' })).toHaveCount(1);
  await page.screenshot({ path: 'test-results/brush.png' });
  await page.keyboard.press('e');
  await editor.drag([20, 350], [100, 350]);
  await expect(history(editor).filter({ hasText: 'Eraser' })).toHaveCount(1);
  expect(await alphas(editor, points)).toEqual([0, 255, 0, 0, 255]);
  await page.keyboard.press('Control+z');
  expect(await alphas(editor, points)).toEqual([0, 255, 0, 0, 0]);
  await page.keyboard.press('Control+z');
  expect(await alphas(editor, points)).toEqual([255, 255, 0, 0, 0]);
  await page.keyboard.press('Control+Shift+Z');
  await page.keyboard.press('Control+Shift+Z');
  const painted = await editor.exportedPixels();
  expect(await alphas(editor, points)).toEqual([0, 255, 0, 0, 255]);

  // A stroke that changes nothing is no step.
  await editor.drag([30, 350], [90, 350]);
  await expect(history(editor).filter({ hasText: 'Eraser' })).toHaveCount(1);

  // Saved as PSD and opened again: the same mask, pixel by pixel.
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Save project' });
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const path = join(folder, (await download).suggestedFilename());
  await (await download).saveAs(path);
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Control+Alt+w');
  await page.getByRole('tab', { name: 'Layers' }).click();
  await editor.open({
    name: 'mask.psd',
    mimeType: 'image/vnd.adobe.photoshop',
    buffer: await readFile(path),
  });
  await expect(editor.rows).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Mask of evening' })).toBeVisible();
  expect((await editor.exportedPixels()).data.equals(painted.data)).toBe(true);
});

test('the wand, changes of the selection, thumbnails and the quick mask', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();

  // The wand on the disc's own layer takes what is transparent around it; inverted, the disc.
  await page.keyboard.press('w');
  const tolerance = page.getByRole('spinbutton', { name: 'Tolerance' });
  await tolerance.fill('10');
  await tolerance.press('Enter');
  const corner = await editor.at(375, 175);
  await page.mouse.click(corner.x, corner.y);
  await expect(deselect(editor)).toBeVisible();
  await page.keyboard.press('Control+Shift+I');

  // Shrunk by the dialog, deselected, selected again.
  await page.getByRole('menuitem', { name: 'Select', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Shrink…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Shrink selection' });
  await dialog.getByLabel('Radius').fill('20');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Control+d');
  await expect(deselect(editor)).toBeHidden();
  await page.keyboard.press('Control+Shift+D');
  await expect(deselect(editor)).toBeVisible();

  // Moved by its inside, then shown as red.
  await page.keyboard.press('m');
  await editor.drag([600, 400], [620, 400]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('q');
  await page.screenshot({ path: 'test-results/quick-mask.png' });
  await page.keyboard.press('q');

  // As a mask that hides: a hole in the disc, 20 pixels inside its rim.
  const before = await editor.exportedPixels();
  await page.getByRole('menuitem', { name: 'Layer', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Add layer mask that hides the selection' }).click();
  await expect(page.getByRole('button', { name: 'Mask of disc' })).toBeVisible();
  await page.getByRole('button', { name: 'Show evening' }).click();
  const [middle, rim] = await alphas(editor, [
    [600, 400],
    [600 + 184, 400],
  ]);
  expect([middle, rim]).toEqual([0, 255]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);

  // Ctrl and a click on the thumbnail selects the layer's pixels; a lasso takes some away; a click lets go of all.
  await editor
    .row('disc')
    .locator('.thumbnail')
    .click({ modifiers: ['Control'] });
  await expect(deselect(editor)).toBeVisible();
  await page.keyboard.press('Shift+L');
  for (const [x, y] of [
    [500, 300],
    [700, 300],
    [600, 500],
  ] as const) {
    const place = await editor.at(x, y);
    await page.keyboard.down('Alt');
    await page.mouse.click(place.x, place.y);
    await page.keyboard.up('Alt');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(history(editor).filter({ hasText: 'Polygon lasso' })).toHaveCount(1);
  await page.screenshot({ path: 'test-results/lasso.png' });
  await page.keyboard.press('m');
  const away = await editor.at(50, 50);
  await page.mouse.click(away.x, away.y);
  await expect(deselect(editor)).toBeHidden();
});

test('painting on a layer without a mask gives it a white one, inside the selection only; Escape takes it back', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.open(png('evening.png', await background(600, 400)));
  await expect(editor.rows).toHaveCount(1);
  await page.keyboard.press('m');
  await editor.drag([300, 0], [600, 400]);
  await page.keyboard.press('b');
  const from = await editor.at(250, 200);
  const to = await editor.at(350, 200);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Mask of evening' })).toBeHidden();
  await editor.drag([250, 200], [350, 200]);
  await expect(page.getByRole('button', { name: 'Mask of evening' })).toBeVisible();
  // A straight line from where the stroke ended.
  const below = await editor.at(350, 350);
  await page.keyboard.down('Shift');
  await page.mouse.click(below.x, below.y);
  await page.keyboard.up('Shift');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(history(editor).filter({ hasText: 'Brush' })).toHaveCount(2);
  expect(
    await alphas(editor, [
      [280, 200],
      [350, 200],
      [350, 280],
      [450, 280],
    ]),
  ).toEqual([255, 0, 0, 255]);
});

test('what the network has a name for is selected by a click on the name and by a click in the picture', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openBoth();
  await page.keyboard.press('Shift+W');
  const bar = page.getByRole('toolbar', { name: 'Tool options' });
  await expect(bar).toContainText('Select by content');
  const names = bar.getByRole('group', { name: 'What is to be seen' }).getByRole('button');
  await expect(names.first()).toBeVisible();
  await page.screenshot({ path: 'test-results/content.png' });

  // Everything of the first name: a share of the picture as large as it says, but for the refinement to the edges.
  const said = Number(/(\d+) %/.exec((await names.first().textContent()) ?? '')?.[1]) / 100;
  await names.first().click();
  await expect(deselect(editor)).toBeVisible();
  await expect(editor.row('disc')).toBeVisible();
  await page.waitForTimeout(500);
  await page.screenshot({ path: 'test-results/content-selected.png' });
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(history(editor).filter({ hasText: 'Select by content' })).toHaveCount(1);
  await page.getByRole('tab', { name: 'Layers' }).click();
  await editor.rows.last().click();
  await bar.getByRole('button', { name: 'Add layer mask' }).click();
  await editor.rows
    .first()
    .getByRole('button', { name: /^Show / })
    .click();
  const { data } = await editor.exportedPixels();
  let shown = 0;
  for (let i = 3; i < data.length; i += 4) shown += data[i]! / 255;
  const share = shown / (data.length / 4);
  expect(share).toBeGreaterThan(said / 2);
  expect(share).toBeLessThan(Math.min(1, 2 * said + 0.05));
});

test('what is selected is copied and cut to layers and the clipboard, cleared and filled', async ({
  editor,
}) => {
  const { page } = editor;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await editor.open(png('evening.png', await background(600, 400)));
  await expect(editor.rows).toHaveCount(1);
  const before = await editor.exportedPixels();
  const [inside, outside] = [[200, 200] as const, [400, 200] as const];
  const eye = () => page.getByRole('button', { name: 'Show evening', exact: true });

  // Ctrl+J: what is selected as a layer of its own, where it was; with nothing selected the layer itself.
  await page.keyboard.press('m');
  await editor.drag([100, 100], [300, 300]);
  await page.keyboard.press('Control+j');
  await expect(editor.rows).toHaveCount(2);
  await expect(editor.row('evening copy')).toHaveAttribute('aria-selected', 'true');
  await expect(deselect(editor)).toBeHidden();
  await eye().click();
  expect(await alphas(editor, [inside, outside])).toEqual([255, 0]);
  await eye().click();
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
  await page.keyboard.press('Delete');
  await expect(editor.rows).toHaveCount(1);

  // Delete clears what is selected, not the layer; undo brings it back.
  await editor.row('evening').click();
  await page.keyboard.press('Control+Shift+d');
  await expect(deselect(editor)).toBeVisible();
  await page.keyboard.press('Delete');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(history(editor).filter({ hasText: 'Clear' })).toHaveCount(1);
  await expect(editor.rows).toHaveCount(0);
  expect(await alphas(editor, [inside, outside])).toEqual([0, 255]);
  await page.keyboard.press('Control+z');
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);

  // Fill, half as strong: the colour over what is there.
  await page.keyboard.press('Shift+F5');
  const dialog = page.getByRole('dialog', { name: 'Fill' });
  await dialog.getByLabel('Colour').fill('#ff0000');
  await dialog.getByRole('spinbutton', { name: 'Opacity' }).fill('50');
  await page.screenshot({ path: 'test-results/fill.png' });
  await dialog.getByRole('button', { name: 'Fill' }).click();
  await expect(history(editor).filter({ hasText: 'Fill' })).toHaveCount(1);
  const filled = await editor.exportedPixels();
  const [was, is] = [before, filled].map(({ data, width }) => {
    const at = 4 * (inside[1] * width + inside[0]);
    return Array.from(data.subarray(at, at + 4));
  });
  is!.forEach((value, c) =>
    expect(Math.abs(value - (was![c]! + (c === 0 || c === 3 ? 255 : 0)) / 2)).toBeLessThanOrEqual(1),
  );
  await page.keyboard.press('Control+z');

  // Cut to a layer: together they are what was there.
  await page.keyboard.press('Control+Shift+j');
  await page.getByRole('tab', { name: 'Layers' }).click();
  await expect(editor.rows).toHaveCount(2);
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
  await eye().click();
  expect(await alphas(editor, [inside, outside])).toEqual([255, 0]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(editor.rows).toHaveCount(1);

  // Cut and paste by the clipboard.
  await page.keyboard.press('Control+x');
  await expect.poll(async () => (await alphas(editor, [inside]))[0]).toBe(0);
  await page.keyboard.press('Control+v');
  await expect(editor.rows).toHaveCount(2);
  const place = await editor.place();
  expect([place.width, place.height]).toEqual([200, 200]);
});
