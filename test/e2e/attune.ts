import { test as base, expect, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { background, cutout, pixelsOf } from './pictures';

const root = join(import.meta.dirname, '../..');
const environment = process.env;

/** The real host, as `npm start` runs it. */
export interface Host {
  readonly address: string;
  readonly process: ChildProcess;
}

/** The build under test: `ATTUNE_OUT`, else the repository's own. */
export const built = process.env.ATTUNE_OUT ?? join(root, 'out');

export async function startHost(state: string, files: readonly string[] = []): Promise<Host> {
  const process = spawn('node', [join(built, 'main/host.js'), ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environment, ATTUNE_STATE: state },
  });
  const address = await new Promise<string>((resolve, reject) => {
    let heard = '';
    process.stdout.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      const found = /http:\/\/\S+/.exec(heard);
      if (found) resolve(found[0]);
    });
    process.once('exit', (code) => reject(new Error(`The host ended with ${code}: ${heard}`)));
  });
  return { address, process };
}

/** The editor as a person uses it. */
export class Editor {
  readonly page: Page;
  readonly #folder: string;
  #downloads = 0;
  constructor(page: Page, folder: string) {
    this.page = page;
    this.#folder = folder;
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }
  row(name: string) {
    return this.page.getByRole('row').filter({ hasText: name });
  }
  get rows() {
    return this.page.getByRole('row');
  }
  get harmonized() {
    return this.page.getByRole('switch', { name: 'Harmonized' });
  }
  get ran() {
    return this.page.getByTestId('ran');
  }
  get alert() {
    return this.page.getByRole('alert');
  }
  field(name: string) {
    return this.page.getByRole('spinbutton', { name });
  }

  /** Opens files by the dialog. */
  async open(...files: { name: string; mimeType: string; buffer: Buffer }[]) {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.keyboard.press('Control+o');
    await (await chooser).setFiles(files);
  }

  /** The usual document: a background and a cut-out above it. */
  async openBoth() {
    await this.open(png('evening.png', await background()), png('disc.png', await cutout()));
    await expect(this.rows).toHaveCount(2);
    await expect(this.row('disc')).toHaveAttribute('aria-selected', 'true');
  }

  /** A point of the document on the page. */
  async at(x: number, y: number) {
    const paper = (await this.page.locator('.paper').boundingBox())!;
    const size = /(\d+) × (\d+) px/.exec(await this.page.locator('footer').innerText())!;
    return {
      x: paper.x + (x / Number(size[1])) * paper.width,
      y: paper.y + (y / Number(size[2])) * paper.height,
    };
  }

  /** Drags with the mouse between points of the document. */
  async drag(from: readonly [number, number], to: readonly [number, number]) {
    const start = await this.at(...from);
    const end = await this.at(...to);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.page.mouse.up();
  }

  /** Position of the selected layer's content, from the panel. */
  async place() {
    const read = async (name: string) => Number(await this.field(name).inputValue());
    return {
      x: await read('Left edge, document pixels'),
      y: await read('Top edge, document pixels'),
      width: await read('Width, document pixels (keeps proportions)'),
      height: await read('Height, document pixels (keeps proportions)'),
    };
  }

  async harmonize() {
    await this.button(/^Harmonize (layer|again)$/).click();
    await expect(this.button('Harmonize again')).toBeVisible({ timeout: 60_000 });
  }

  /** Exports by the dialog; resolves to the file's path. */
  async export(format: 'PNG' | 'JPEG' = 'PNG'): Promise<string> {
    await this.page.keyboard.press('Control+Shift+E');
    const dialog = this.page.getByRole('dialog', { name: 'Export' });
    await dialog.getByLabel('Name').fill(`export ${++this.#downloads}`);
    await dialog.getByRole('radio', { name: format }).check();
    const download = this.page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export' }).click();
    const path = join(this.#folder, (await download).suggestedFilename());
    await (await download).saveAs(path);
    await expect(dialog).toBeHidden();
    return path;
  }

  async exportedPixels() {
    return pixelsOf(await this.export());
  }
}

/** A PNG file for the browser's file dialog. */
export function png(name: string, buffer: Buffer) {
  return { name, mimeType: 'image/png', buffer };
}

interface Fixtures {
  /** An empty folder of the test's own. */
  folder: string;
  /** Paths given to the host on its command line. */
  files: Record<string, () => Promise<Buffer>>;
  host: Host;
  editor: Editor;
}

export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  files: [{}, { option: true }],
  host: async ({ files, folder }, use) => {
    const paths: string[] = [];
    for (const [name, make] of Object.entries(files)) {
      await writeFile(join(folder, name), await make());
      paths.push(join(folder, name));
    }
    const host = await startHost(join(folder, 'state'), paths);
    await use(host);
    const ended = new Promise((resolve) => host.process.once('exit', resolve));
    if (host.process.exitCode === null && host.process.signalCode === null) {
      host.process.kill();
      await ended;
    }
  },
  editor: async ({ page, host, folder }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
    // A listener that stays, from before the page is there: Playwright takes file dialogs over only while somebody listens,
    // and switching that on, for every dialog or just before the first, loses one now and then.
    page.on('filechooser', () => undefined);
    await page.goto(host.address);
    await expect(page.getByRole('combobox', { name: 'Method' })).toContainText(/./);
    await use(new Editor(page, folder));
    expect(faults, 'errors nobody caught in the window').toEqual([]);
  },
});

export { expect };
export { root };
