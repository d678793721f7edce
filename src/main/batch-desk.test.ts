import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePair } from '../cli/batch-for-tests';
import type { BatchOrder } from '../contract/batch';
import { events } from '../contract/requests';
import { noBatchDesk, openBatchDesk } from './batch-desk';
import { ChosenFolders } from './folders';
import { OpenedFiles } from './opened';
import { openRegistry } from './inference/registry';

/** Needs out/main/batch-thread.js (`npm run build`, which `npm test` does first). */

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-desk-'));
});
afterEach(() => rm(root, { recursive: true }));

const order: Omit<BatchOrder, 'folder' | 'output'> = {
  // Without a network no engine is needed.
  method: 'none',
  strength: 1,
  invert: false,
  template: '{name}-{method}',
  existing: 'skip',
  format: 'keep',
  quality: null,
  size: null,
  resume: false,
};

async function setUp(folders: readonly string[], chosen: string | null = null) {
  const told: { name: string; payload: Record<string, unknown> }[] = [];
  const files = new OpenedFiles();
  let end: (payload: Record<string, unknown>) => void = () => undefined;
  const ended = new Promise<Record<string, unknown>>((resolve) => (end = resolve));
  const never = () => Promise.reject(new Error('No network is asked for here.'));
  const desk = openBatchDesk({
    registry: await openRegistry(),
    engine: { run: never, warm: never },
    announce: (name, payload) => {
      const known = events[name].parse(payload) as Record<string, unknown>;
      told.push({ name, payload: known });
      if (name === 'batch.ended') end(known);
    },
    files,
    folders: new ChosenFolders(folders, chosen === null ? undefined : async () => chosen),
  });
  return { desk, told, files, ended };
}

describe('the batch desk of a window', { timeout: 180_000 }, () => {
  it('does a folder job: says what it found, tells of each picture, shows results by tokens', async () => {
    for (const name of ['a', 'b']) await writePair(join(root, 'in'), name);
    const { desk, told, files, ended } = await setUp([join(root, 'in'), join(root, 'out')]);
    const list = await desk['batch.folders']({});
    if (!list.ok) throw new Error(list.error.message);
    const [folder, output] = list.value.folders;
    expect(list.value).toMatchObject({ canChoose: false, folders: [{ name: 'in' }, { name: 'out' }] });
    const prepared = await desk['batch.prepare']({ ...order, folder: folder!.token, output: output!.token });
    if (!prepared.ok) throw new Error(prepared.error.message);
    expect(prepared.value.pictures).toBe(2);
    expect(prepared.value.lines.join()).toContain('2 pictures with masks');
    const { id } = prepared.value;
    expect((await desk['batch.start']({ id })).ok).toBe(true);
    expect(await desk['batch.start']({ id })).toMatchObject({ ok: false });
    expect(await ended).toMatchObject({ id, error: null, done: 2, failed: 0, left: 0 });
    const progress = told.filter(({ name }) => name === 'batch.progress');
    expect(progress.map(({ payload }) => payload.name).sort()).toEqual(['a.png', 'b.png']);
    for (const { payload } of progress)
      expect(files.get(payload.result as string)?.name).toMatch(/-none\.png$/);
    // Results are not files to open at the next start.
    expect(files.list()).toEqual([]);
    expect(await readdir(join(root, 'out'))).toContain('report.json');
  });

  it('is cancelled, and knows no folder that the person did not choose', async () => {
    for (let i = 0; i < 12; i++) await writePair(join(root, 'in'), `p${i}`, i, [900, 600]);
    const { desk, ended } = await setUp([join(root, 'in')], join(root, 'out'));
    const list = await desk['batch.folders']({});
    const asked = await desk['batch.choose']({ title: 'Results' });
    if (!list.ok || !asked.ok) throw new Error('No folders.');
    const folder = list.value.folders[0]!.token;
    const output = asked.value.folder!.token;
    expect(await desk['batch.prepare']({ ...order, folder: join(root, 'in'), output })).toMatchObject({
      ok: false,
      error: { code: 'usage' },
    });
    const prepared = await desk['batch.prepare']({ ...order, folder, output });
    if (!prepared.ok) throw new Error(prepared.error.message);
    await desk['batch.start']({ id: prepared.value.id });
    await desk['batch.cancel']({ id: prepared.value.id, drop: true });
    const { done, left } = await ended;
    expect(Number(done) + Number(left)).toBe(12);
    expect(left).toBeGreaterThan(0);
    const files = await readdir(join(root, 'out'));
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(files.filter((name) => name.endsWith('-none.png'))).toHaveLength(Number(done));
  });

  it('says what to do where there are no batches', async () => {
    const desk = noBatchDesk('Not here.');
    expect(await desk['batch.folders']({})).toEqual({ ok: true, value: { folders: [], canChoose: false } });
    expect(await desk['batch.start']({ id: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'unsupported', hint: expect.stringContaining('attune batch') },
    });
  });
});
