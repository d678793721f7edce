import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRecent } from './recent';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'attune-recent-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const small = Uint8Array.of(1, 2, 3);
const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value);
const home = () => join(folder, 'state', 'recent');
const open = (limits = { entries: 3, copy: 100, copies: 150 }) => {
  let time = 0;
  return openRecent(home(), limits, () => ++time);
};

describe('the recent files', () => {
  it('are listed from the newest, with their small pictures, over all sittings', async () => {
    await writeFile(join(folder, 'street.png'), 'street');
    const recent = open();
    expect(await recent.list()).toEqual([]);
    await recent.keep('street.png', small, { path: join(folder, 'street.png') });
    await recent.keep('sofa.png', bytes(5), { bytes: bytes(10) });
    const next = await open().list();
    expect(next.map(({ name, copy }) => [name, copy])).toEqual([
      ['sofa.png', true],
      ['street.png', false],
    ]);
    expect(next[1]!.thumbnail).toEqual(small);
    const { path, name } = await recent.open(next[1]!.id);
    expect([path, name]).toEqual([join(folder, 'street.png'), 'street.png']);
    expect((await recent.list())[0]!.name).toBe('street.png');
  });

  it('name nothing that cannot be opened', async () => {
    await writeFile(join(folder, 'street.png'), 'street');
    const recent = open();
    await recent.keep('street.png', small, { path: join(folder, 'street.png') });
    const [entry] = await recent.list();
    await rm(join(folder, 'street.png'));
    expect(await recent.list()).toEqual([]);
    await expect(recent.open(entry!.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(recent.open('0'.repeat(64))).rejects.toMatchObject({ code: 'not-found' });
    // It is only out of reach: back again, it is listed again.
    await writeFile(join(folder, 'street.png'), 'street');
    expect(await recent.list()).toHaveLength(1);
  });

  it('keep few copies, of few bytes, and of each name the newest', async () => {
    const recent = open();
    await recent.keep('huge.psd', small, { bytes: bytes(101) });
    expect(await recent.list()).toEqual([]);
    await recent.keep('a.psd', small, { bytes: bytes(60, 1) });
    await recent.keep('a.psd', small, { bytes: bytes(60, 2) });
    expect(await recent.list()).toHaveLength(1);
    await recent.keep('b.psd', small, { bytes: bytes(60, 3) });
    await recent.keep('c.psd', small, { bytes: bytes(60, 4) });
    expect((await recent.list()).map(({ name }) => name)).toEqual(['c.psd', 'b.psd']);
    for (const i of [1, 2, 3, 4]) await recent.keep(`${i}.png`, small, { bytes: bytes(i) });
    expect((await recent.list()).map(({ name }) => name)).toEqual(['4.png', '3.png', '2.png']);
    expect(await readdir(home())).toHaveLength(7);
    await recent.clear();
    expect(await recent.list()).toEqual([]);
    expect(await readdir(join(folder, 'state'))).toEqual([]);
  });

  it('begin anew when their list is damaged', async () => {
    const recent = open();
    await recent.keep('a.png', small, { bytes: bytes(5) });
    await writeFile(join(home(), 'list.json'), '{"version":1,"files":[{"id":"../../etc"}]}');
    expect(await recent.list()).toEqual([]);
    await recent.keep('b.png', small, { bytes: bytes(6) });
    expect(await recent.list()).toHaveLength(1);
  });

  it('stay whole when many are put there at once', async () => {
    const recent = open({ entries: 12, copy: 100, copies: 1000 });
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => recent.keep(`${i}.png`, small, { bytes: bytes(9, i) })),
    );
    expect((await recent.list()).map(({ name }) => name)).toEqual([...'9876543210'].map((i) => `${i}.png`));
  });
});
