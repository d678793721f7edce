import sharp from 'sharp';
import { expect, png, test } from './attune';
import { background, cutout } from './pictures';

test.describe('named on the command line', () => {
  test.use({ files: { 'evening.png': () => background(), 'disc.png': () => cutout() } });
  test('files open as the document and its layers', async ({ editor }) => {
    await expect(editor.rows).toHaveCount(2);
    await expect(editor.row('disc')).toHaveAttribute('aria-selected', 'true');
    await expect(editor.page.locator('footer')).toContainText('1200 × 800 px');
  });
});

test('dropped pictures become layers where they are dropped', async ({ editor }) => {
  const { page } = editor;
  const drop = async (name: string, bytes: Buffer, at: { x: number; y: number }) => {
    const transfer = await page.evaluateHandle(
      ({ name, base64 }) => {
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: 'image/png' }));
        return data;
      },
      { name, base64: bytes.toString('base64') },
    );
    const stage = page.getByRole('application', { name: 'Canvas' });
    const where = { clientX: at.x, clientY: at.y, dataTransfer: transfer };
    await stage.dispatchEvent('dragover', where);
    await stage.dispatchEvent('drop', where);
  };
  await drop('evening.png', await background(), { x: 600, y: 400 });
  await expect(editor.rows).toHaveCount(1);
  await drop('disc.png', await cutout(), await editor.at(300, 200));
  await expect(editor.rows).toHaveCount(2);
  const place = await editor.place();
  expect(place.x + place.width / 2).toBeCloseTo(300, -0.5);
  expect(place.y + place.height / 2).toBeCloseTo(200, -0.5);
});

test('a picture pasted from the clipboard becomes a layer', async ({ editor, context }) => {
  const { page } = editor;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await editor.open(png('evening.png', await background()));
  await expect(editor.rows).toHaveCount(1);
  const base64 = (await cutout(200)).toString('base64');
  await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const blob = new Blob([bytes], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
  }, base64);
  await page.getByRole('application', { name: 'Canvas' }).focus();
  await page.keyboard.press('Control+v');
  await expect(editor.rows).toHaveCount(2);
});

test('a photograph taken sideways stands upright, and a larger picture is scaled to fit', async ({
  editor,
}) => {
  const sideways = await sharp(await background(300, 200))
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  await editor.open({ name: 'sideways.jpg', mimeType: 'image/jpeg', buffer: sideways });
  await expect(editor.page.locator('footer')).toContainText('200 × 300 px');
  await editor.open(png('large.png', await cutout(600)));
  await expect(editor.rows).toHaveCount(2);
  expect((await editor.place()).width).toBeLessThanOrEqual(200);
});

test('files that cannot be opened are told, and leave the document as it is', async ({ editor }) => {
  await editor.openBoth();
  const before = await editor.exportedPixels();
  const whole = await background(300, 200);
  const damaged = Buffer.from(whole);
  damaged.fill(0x55, 60, 400);
  const cases: readonly [name: string, bytes: Buffer, message: RegExp][] = [
    ['empty.png', Buffer.alloc(0), /“empty.png” is empty/],
    ['short.png', whole.subarray(0, whole.length / 2), /“short.png” is cut short/],
    ['short.jpg', (await sharp(whole).jpeg().toBuffer()).subarray(0, 900), /“short.jpg” is cut short/],
    ['damaged.png', damaged, /“damaged.png” is (damaged|cut short)/],
    ['notes.txt', Buffer.from('Dear Sir'), /“notes.txt” is not a picture/],
    ['layers.psd', Buffer.from('8BPS\0\x01'), /layers.psd/],
    [
      'short.tif',
      (await sharp(whole).tiff().toBuffer()).subarray(0, 900),
      /“short.tif” is (damaged|not a picture)/,
    ],
    ['shot.nef', await sharp(whole).tiff().toBuffer(), /“shot.nef” is a raw camera file/],
    ['huge.png', hugePng(), /“huge.png”.*65535×65535/],
  ];
  for (const [name, buffer, message] of cases) {
    await editor.open({ name, mimeType: 'application/octet-stream', buffer });
    await expect(editor.alert).toContainText(message);
    await editor.alert.getByRole('button', { name: 'Close message' }).click();
  }
  await expect(editor.rows).toHaveCount(2);
  expect((await editor.exportedPixels()).data.equals(before.data)).toBe(true);
});

/** A PNG that claims to be larger than anything that fits. */
function hugePng(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(65535, 0);
  header.writeUInt32BE(65535, 4);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IEND', Buffer.alloc(0))]);
}
