import { expect, png, test } from './attune';
import { background, cutout } from './pictures';

test('groups, clipping, blend modes and tags, with the pointer as a person does', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  await editor.open(png('moon.png', await cutout()));
  await expect(editor.rows).toHaveCount(3);

  // Two layers chosen with Ctrl, grouped with a key.
  await editor.row('disc').click({ modifiers: ['Control'] });
  await expect(page.locator('[role=row][aria-selected=true]')).toHaveCount(2);
  await page.keyboard.press('Control+g');
  await expect(editor.rows).toHaveCount(4);
  await expect(editor.row('Group')).toHaveAttribute('aria-expanded', 'true');
  await expect(editor.row('disc')).toHaveAttribute('aria-level', '2');

  // Hidden with the group, dimmed; the group closed and opened with the keyboard.
  await editor.row('Group').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(editor.rows).toHaveCount(2);
  await page.keyboard.press('ArrowRight');
  await expect(editor.rows).toHaveCount(4);
  const both = await editor.exportedPixels();
  await page.getByRole('button', { name: 'Show Group' }).click();
  await expect(editor.row('disc')).toHaveClass(/hidden/);
  const none = await editor.exportedPixels();
  expect(none.data.equals(both.data)).toBe(false);
  await page.keyboard.press('Control+z');

  // Dragged out of the group, and back into it.
  await editor.row('moon').dragTo(editor.row('evening'), { targetPosition: { x: 120, y: 42 } });
  await expect(editor.rows.last()).toContainText('moon');
  await expect(editor.row('moon')).toHaveAttribute('aria-level', '1');
  await editor.row('moon').dragTo(editor.row('Group'), { targetPosition: { x: 120, y: 24 } });
  await expect(editor.row('moon')).toHaveAttribute('aria-level', '2');
  // With Alt and arrows too.
  await editor.row('moon').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(editor.row('moon')).toHaveAttribute('aria-level', '1');
  await page.keyboard.press('Control+z');

  // Alt and a click clips to the layer below.
  await editor.row('moon').click({ modifiers: ['Alt'] });
  await expect(editor.row('moon')).toContainText('↳');
  await page.keyboard.press('Control+z');
  await expect(editor.row('moon')).not.toContainText('↳');

  // Arrowing through blend modes is one step and seen at once.
  await editor.row('disc').click();
  const mode = page.getByRole('combobox', { name: 'Mode' });
  await mode.selectOption('multiply');
  await expect(editor.row('disc')).toContainText('Multiply');
  await mode.selectOption('screen');
  await page.getByRole('tab', { name: 'History' }).click();
  const steps = page.getByRole('list', { name: 'History' }).getByRole('button');
  await expect(steps.filter({ hasText: 'Change blend mode' })).toHaveCount(1);
  await page.getByRole('tab', { name: 'Layers' }).click();

  // The context menu: a colour tag.
  await editor.row('disc').click({ button: 'right' });
  await page.getByRole('menuitemcheckbox', { name: 'Violet' }).click();
  await expect(editor.row('disc')).toHaveClass(/tag-violet/);
  await page.screenshot({ path: 'test-results/layers.png' });

  // Rename, and Tab to the next row.
  await editor.row('disc').dblclick({ position: { x: 140, y: 20 } });
  await page.keyboard.type('sun');
  await page.keyboard.press('Tab');
  await expect(editor.row('sun')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Layer name' })).toBeFocused();
  await page.keyboard.press('Escape');
});

test('dragging across eyes hides every layer under the pointer, in one step', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  await editor.open(png('moon.png', await cutout()));
  await expect(editor.row('moon')).toHaveAttribute('aria-selected', 'true');
  const eye = async (name: string) => {
    const box = (await page.getByRole('button', { name: `Show ${name}` }).boundingBox())!;
    return [box.x + box.width / 2, box.y + box.height / 2] as const;
  };
  await page.mouse.move(...(await eye('moon')));
  await page.mouse.down();
  await page.mouse.move(...(await eye('disc')), { steps: 4 });
  await page.mouse.move(...(await eye('evening')), { steps: 4 });
  await page.mouse.up();
  for (const name of ['moon', 'disc', 'evening']) {
    await expect(page.getByRole('button', { name: `Show ${name}` })).toHaveAttribute('aria-pressed', 'false');
  }
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Show evening' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: 'Show moon' })).toHaveAttribute('aria-pressed', 'true');
});

test('several chosen layers move together, and merge into one that looks the same', async ({ editor }) => {
  const { page } = editor;
  await editor.openBoth();
  await editor.open(png('moon.png', await cutout()));
  await expect(editor.row('moon')).toHaveAttribute('aria-selected', 'true');
  await editor.drag([600, 400], [450, 300]);
  await editor.row('disc').click({ modifiers: ['Control'] });
  await editor.drag([450, 300], [500, 330]);
  await editor.row('moon').click();
  const moon = await editor.place();
  await editor.row('disc').click();
  const disc = await editor.place();
  expect([disc.x - moon.x, disc.y - moon.y]).toEqual([150, 100]);
  const before = await editor.exportedPixels();
  await editor.row('moon').click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+e');
  await expect(editor.rows).toHaveCount(2);
  const after = await editor.exportedPixels();
  let most = 0;
  for (let i = 0; i < after.data.length; i++)
    most = Math.max(most, Math.abs(after.data[i]! - before.data[i]!));
  expect(most).toBeLessThanOrEqual(2);

  // Flattened: what is hidden is dropped, and it looks the same.
  await page.keyboard.press('Control+j');
  await expect(editor.rows).toHaveCount(3);
  await page.keyboard.press('Control+,');
  await page.getByRole('menubar').getByRole('menuitem', { name: 'Layer' }).click();
  await page.getByRole('menuitem', { name: 'Flatten image' }).click();
  await expect(editor.rows).toHaveCount(1);
  expect((await editor.exportedPixels()).data.equals(after.data)).toBe(true);
});

test('palette, themes, language and the sizes of the document', async ({ editor }) => {
  const { page } = editor;
  await editor.open(png('evening.png', await background()));
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search commands' }).fill('light th');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.screenshot({ path: 'test-results/light.png' });
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');

  await editor.open(png('evening.png', await background()));
  await expect(editor.rows).toHaveCount(1);
  await page.keyboard.press('Control+Alt+c');
  const dialog = page.getByRole('dialog', { name: 'Canvas size' });
  await dialog.getByLabel('Width').fill('1000');
  await dialog.getByRole('radio', { name: 'Left, top' }).check();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('footer')).toContainText('1000 × 800 px');
  await page.keyboard.press('Control+Alt+i');
  const image = page.getByRole('dialog', { name: 'Image size' });
  await image.getByLabel('Width').fill('500');
  await expect(image.getByLabel('Height')).toHaveValue('400');
  await image.getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('footer')).toContainText('500 × 400 px');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.locator('footer')).toContainText('1200 × 800 px');
});
