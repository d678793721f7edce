import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../renderer/state/commands';
import { fileOnDisk, OpenedFiles } from '../opened';
import { namedFiles } from './arguments';
import { links, menuTemplate } from './menu';
import { answerScheme, isOwnPage } from './scheme';

/** What of the Electron shell is plain; the rest needs its binary (docs/security.md). */

describe('the menu', () => {
  const asked: string[] = [];
  const opened: string[] = [];
  const template = menuTemplate(
    {
      ask: (action) => asked.push(action),
      open: () => asked.push('dialog'),
      openLink: (url) => opened.push(url),
    },
    { mac: false, development: false },
  );
  const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const click = (item: (typeof items)[number]) => (item.click as unknown as () => void)();

  it('has the menus that people look for', () => {
    expect(template.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Layer', 'Help']);
  });

  it('asks the window only for commands that it has, and leaves the keys to it', () => {
    const names = commands.map(({ name }) => name);
    const actions = items.filter(({ id }) => id !== undefined);
    expect(actions.length).toBeGreaterThan(10);
    for (const item of actions) {
      asked.length = 0;
      click(item);
      expect(asked).toEqual([item.id === 'file.open' ? 'dialog' : item.id]);
      expect(names).toContain(item.id);
      expect(item.accelerator === undefined || item.registerAccelerator === false).toBe(true);
    }
  });

  it('opens listed links over https only', () => {
    for (const item of items.filter(({ id, click }) => id === undefined && click)) click(item);
    expect(opened.length).toBeGreaterThan(0);
    for (const url of opened) expect(links).toContain(url);
    for (const url of links) expect(new URL(url).protocol).toBe('https:');
  });

  it('has developer tools in development only', () => {
    const has = (development: boolean) =>
      JSON.stringify(
        menuTemplate(
          { ask: () => undefined, open: () => undefined, openLink: () => undefined },
          { mac: true, development },
        ),
      ).includes('toggleDevTools');
    expect([has(false), has(true)]).toEqual([false, true]);
  });
});

describe('the files of a command line', () => {
  it('are what is left without program, folder and switches', () => {
    expect(namedFiles(['/opt/Attune/attune', '--no-sandbox', 'a.png', 'b.jpg'], true)).toEqual([
      'a.png',
      'b.jpg',
    ]);
    expect(namedFiles(['electron', '/repo', 'a.png'], false)).toEqual(['a.png']);
    expect(namedFiles(['attune'], true)).toEqual([]);
  });
});

describe('the scheme app://', () => {
  async function setUp() {
    const folder = await mkdtemp(join(tmpdir(), 'attune-scheme-'));
    const page = join(folder, 'page');
    await mkdir(page);
    await writeFile(join(page, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'secret'), 'secret');
    const files = new OpenedFiles();
    const token = files.add(await fileOnDisk(join(folder, 'secret')));
    const get = (url: string, method = 'GET') => answerScheme(new Request(url, { method }), page, files);
    return { get, token };
  }

  it('serves the page isolated', async () => {
    const { get } = await setUp();
    for (const url of ['app://attune', 'app://attune/', 'app://attune/index.html?x#y']) {
      const response = await get(url);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('<!doctype html>');
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    }
  });

  it('gives out opened files by their token', async () => {
    const { get, token } = await setUp();
    expect(await (await get(`app://attune/files/${token}`)).text()).toBe('secret');
    expect((await get('app://attune/files/0123')).status).toBe(404);
  });

  it('has no way out', async () => {
    const { get } = await setUp();
    expect((await get('app://attune/../secret')).status).not.toBe(200);
    expect((await get('app://attune/%2e%2e/secret')).status).not.toBe(200);
    expect((await get('app://attune/..%2fsecret')).status).toBe(400);
    expect((await get('app://attune/files/..%2fsecret')).status).toBe(404);
    expect((await get('app://other/index.html')).status).toBe(403);
    expect((await get('app://attune/', 'POST')).status).toBe(405);
    expect(isOwnPage('app://attune.example/')).toBe(false);
    expect(isOwnPage('https://attune/')).toBe(false);
  });
});
