import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { buildIfStale, root } from './build.mjs';

// `node scripts/pictures.mjs` takes the README's picture anew: the sample project in the editor, before and after.
// ATTUNE_CHROMIUM names the browser, as for the end-to-end tests.
buildIfStale();
const sample = (name) => join(root, 'resources', 'sample', name);
const host = spawn(process.execPath, [
  join(root, 'out/main/host.js'),
  sample('background.jpg'),
  sample('cutout.png'),
]);
const address = await new Promise((resolve, reject) => {
  let heard = '';
  host.stdout.on('data', (chunk) => {
    heard += chunk;
    const found = /http:\/\/\S+/.exec(heard);
    if (found) resolve(found[0]);
  });
  host.once('exit', () => reject(new Error(`The host ended: ${heard}`)));
});
const browser = await chromium.launch({
  executablePath: process.env.ATTUNE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1080, height: 680 } });
await page.goto(address);
await page.getByRole('row').nth(1).waitFor();
const shoot = async () => {
  await page.waitForTimeout(700);
  return page.screenshot();
};
const before = await shoot();
await page.keyboard.press('Control+Shift+H');
await page.getByTestId('ran').waitFor({ timeout: 60_000 });
const after = await shoot();
await browser.close();
host.kill();

const gap = 16;
const { width, height } = await sharp(before).metadata();
mkdirSync(join(root, 'docs', 'images'), { recursive: true });
await sharp({ create: { width: 2 * width + gap, height, channels: 3, background: '#ffffff' } })
  .composite([
    { input: before, left: 0, top: 0 },
    { input: after, left: width + gap, top: 0 },
  ])
  .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
  .toFile(join(root, 'docs', 'images', 'editor.jpg'));
console.log('Wrote docs/images/editor.jpg.');
