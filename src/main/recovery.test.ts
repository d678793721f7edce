import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../pixels/fault';
import { openRecovery } from './recovery';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-recovery-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('unsaved work', () => {
  it('is offered once its sitting has ended, and not before', async () => {
    const first = openRecovery(folder);
    await first.put('a', bytes(1, 2, 3));
    await first.record('{"n":1}', ['a']);
    expect(await openRecovery(folder).unsaved()).toBeNull();
    const later = openRecovery(folder, () => false);
    // The very same process: its own folder never counts.
    const found = await later.unsaved();
    expect(found?.record).toBe('{"n":1}');
    expect(await later.piece(found!.sitting, 'a')).toEqual(bytes(1, 2, 3));
    await later.forget(found!.sitting);
    expect(await later.unsaved()).toBeNull();
  });

  it('writes every piece once and lets go of those no longer named', async () => {
    const recovery = openRecovery(folder);
    await recovery.put('a', bytes(1));
    await recovery.put('b', bytes(2));
    expect(await recovery.missing(['a', 'b', 'c'])).toEqual(['c']);
    await recovery.record('{}', ['b']);
    expect(await recovery.missing(['a', 'b'])).toEqual(['a']);
    await recovery.clear();
    expect(await readdir(folder)).toEqual([]);
  });

  it('touches nothing outside its folder', async () => {
    const recovery = openRecovery(folder);
    for (const name of ['../x', 'a/b', '..', '.hidden', '']) {
      await expect(recovery.put(name, bytes(1))).rejects.toBeInstanceOf(Fault);
      await expect(recovery.piece('1-a', name)).rejects.toBeInstanceOf(Fault);
    }
    await expect(recovery.piece('../..', 'a')).rejects.toBeInstanceOf(Fault);
  });

  it('is forgotten when its sitting ended before there was a record', async () => {
    await openRecovery(folder).put('a', bytes(1));
    expect(await openRecovery(folder, () => false).unsaved()).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });
});
