import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect, test } from './attune';
import { pixelsOf } from './pictures';

test('the whole way with the keyboard alone', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  const before = await editor.place();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  const after = await editor.place();
  expect([after.x - before.x, after.y - before.y]).toEqual([1, 10]);

  await page.keyboard.press('Control+Shift+H');
  await expect(editor.harmonized).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+Shift+B');
  await expect(editor.harmonized).toHaveAttribute('aria-checked', 'false');
  await page.keyboard.press('Control+Shift+B');
  await page.keyboard.down('\\');
  await expect(page.getByText('Before', { exact: true }).first()).toBeVisible();
  await page.keyboard.up('\\');

  // The layers, as a tree grid: arrows choose, F2 renames, Ctrl+, hides, Ctrl+[ lowers, Delete deletes.
  await editor.row('disc').focus();
  await page.keyboard.press('ArrowDown');
  await expect(editor.row('evening')).toBeFocused();
  await expect(editor.row('evening')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('F2');
  await page.keyboard.type('dusk');
  await page.keyboard.press('Enter');
  await expect(editor.row('dusk')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('button', { name: 'Show disc' })).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('Control+[');
  await expect(editor.rows.first()).toContainText('dusk');
  await page.keyboard.press('Delete');
  await expect(editor.rows).toHaveCount(1);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  await expect(editor.rows.first()).toContainText('disc');

  // The menus.
  await page.getByRole('menuitem', { name: 'File' }).focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Export…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('layers: opacity, visibility, order, duplicate and lock reach the exported picture', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openBoth();
  const both = await editor.exportedPixels();
  const opacity = page.getByRole('slider', { name: 'Opacity' });
  await opacity.fill('0');
  const none = await editor.exportedPixels();
  await opacity.fill('50');
  const half = await editor.exportedPixels();
  const middle = 4 * (400 * 1200 + 600);
  for (let c = middle; c < middle + 3; c++) {
    expect(Math.abs(half.data[c]! - (both.data[c]! + none.data[c]!) / 2)).toBeLessThanOrEqual(1);
  }
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: 'Show disc' }).click();
  expect((await editor.exportedPixels()).data.equals(none.data)).toBe(true);
  await page.getByRole('button', { name: 'Show disc' }).click();

  await page.keyboard.press('Control+j');
  await expect(editor.rows.first()).toContainText('disc copy');
  await editor.rows.first().dragTo(editor.rows.last(), { targetPosition: { x: 100, y: 40 } });
  await expect(editor.rows.last()).toContainText('disc copy');
  expect((await editor.exportedPixels()).data.equals(both.data)).toBe(true);

  // The background is locked in its place; unlocked it moves.
  await editor.row('evening').click();
  await editor.drag([200, 200], [260, 200]);
  expect((await editor.place()).x).toBe(0);
  await page.getByRole('button', { name: 'Lock evening' }).click();
  await editor.drag([200, 200], [260, 200]);
  expect((await editor.place()).x).toBeCloseTo(60, -0.5);
});

test('a drag is one step of the history, and Escape takes it back', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  const start = await editor.place();
  await editor.drag([600, 400], [700, 400]);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'History' }).getByRole('button')).toHaveText([
    'Opened',
    'Place disc',
    'Move layer',
  ]);
  await page.getByRole('button', { name: 'Place disc' }).click();
  expect(await editor.place()).toEqual(start);
  const from = await editor.at(600, 400);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 50, from.y + 50, { steps: 3 });
  expect((await editor.place()).x).not.toBe(start.x);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await editor.place()).toEqual(start);
});

test('a click goes through what is transparent', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  const corner = await editor.at(600 - 190, 400 - 190);
  await page.mouse.click(corner.x, corner.y);
  await expect(editor.row('evening')).toHaveAttribute('aria-selected', 'true');
  const middle = await editor.at(600, 400);
  await page.mouse.click(middle.x, middle.y);
  await expect(editor.row('disc')).toHaveAttribute('aria-selected', 'true');
});

test('zooming goes to the pointer, panning follows the hand', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  const zoom = page.getByRole('textbox', { name: 'Zoom' });
  const point = await editor.at(300, 200);
  await page.mouse.move(point.x, point.y);
  await page.mouse.wheel(0, -300);
  await expect.poll(async () => Number.parseFloat(await zoom.inputValue())).toBeGreaterThan(120);
  const after = await editor.at(300, 200);
  expect(Math.hypot(after.x - point.x, after.y - point.y)).toBeLessThan(2);
  await page.keyboard.press('Control+1');
  await expect(zoom).toHaveValue('100 %');
  const held = await editor.at(600, 400);
  for (const button of ['middle', 'left'] as const) {
    const from = await editor.at(600, 400);
    if (button === 'left') await page.keyboard.down('Space');
    await page.mouse.move(held.x, held.y);
    await page.mouse.down({ button });
    await page.mouse.move(held.x + 40, held.y - 30, { steps: 4 });
    await page.mouse.up({ button });
    if (button === 'left') await page.keyboard.up('Space');
    const to = await editor.at(600, 400);
    expect([Math.round(to.x - from.x), Math.round(to.y - from.y)]).toEqual([40, -30]);
  }
  await page.keyboard.press('Control+0');
  const paper = (await page.locator('.paper').boundingBox())!;
  const stage = (await page.getByRole('application', { name: 'Canvas' }).boundingBox())!;
  expect(paper.x).toBeGreaterThan(stage.x);
  expect(paper.x + paper.width).toBeLessThan(stage.x + stage.width);
});

test('JPEG exports lie on white, and a changed document is not closed without asking', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  await page.getByRole('button', { name: 'Show evening' }).click();
  const jpeg = await pixelsOf(await editor.export('JPEG'));
  expect([...jpeg.data.subarray(0, 3)].every((value) => value >= 253)).toBe(true);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Alt+w');
  const dialog = page.getByRole('dialog', { name: 'Close without exporting?' });
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  await expect(editor.rows).toHaveCount(2);
  await page.keyboard.press('Control+Alt+w');
  await dialog.getByRole('button', { name: 'Close without exporting' }).click();
  await expect(page.getByText('Drop a photograph here')).toBeVisible();
});

test('axe finds nothing serious on any screen', async ({ editor }) => {
  const { page } = editor;
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const check = async (screen: string) => {
    await page.evaluate(source);
    const results = await page.evaluate(() =>
      (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    expect(told, screen).toEqual([]);
  };
  await check('empty');
  await editor.openBoth();
  await check('two layers');
  await editor.harmonize();
  await check('harmonized');
  await page.getByRole('tab', { name: 'History' }).click();
  await check('history');
  await page.getByRole('menuitem', { name: 'Layer' }).click();
  await check('menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+E');
  await check('export');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await check('keys');
});
