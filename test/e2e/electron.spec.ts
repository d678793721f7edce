import { _electron, expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../..');

/** Electron's binary, as its package keeps it; null when it was not downloaded. */
function electronBinary(): string | null {
  const folder = dirname(require.resolve('electron/package.json'));
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const binary = join(folder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(binary) ? binary : null;
}

test('the editor opens in Electron', async () => {
  const binary = electronBinary();
  test.skip(binary === null, 'Electron’s binary is not here; `npx install-electron` gets it');
  const args = [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  const app = await _electron.launch({ executablePath: binary!, args });
  try {
    const page = await app.firstWindow();
    await expect(page.getByText('Drop a photograph here')).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Method' })).toContainText(/./);
  } finally {
    await app.close();
  }
});
