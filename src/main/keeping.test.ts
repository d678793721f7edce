import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeeping } from './keeping';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'attune-keeping-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the settings that are kept', () => {
  it('are nothing at first, and what was written for the next sitting', async () => {
    const state = join(folder, 'state');
    expect(await openKeeping(state).settings()).toBe('');
    await openKeeping(state).writeSettings('{"theme":"light"}');
    expect(await openKeeping(state).settings()).toBe('{"theme":"light"}');
  });

  it('are those written last, however fast one change follows the other', async () => {
    const keeping = openKeeping(folder);
    for (let round = 0; round < 20; round++) {
      // Longer texts first: without turns, they would be done last.
      const texts = [400_000, 20_000, 10].map((length) => `${round}`.padEnd(length, '.'));
      await Promise.all(texts.map((text) => keeping.writeSettings(text)));
      expect((await keeping.settings()).length).toBe(10);
    }
  });

  it('are written although the change before them could not be', async () => {
    const state = join(folder, 'state');
    const keeping = openKeeping(state);
    await writeFile(state, 'a file in the way');
    await expect(keeping.writeSettings('1')).rejects.toThrow();
    await rm(state);
    await keeping.writeSettings('2');
    expect(await keeping.settings()).toBe('2');
  });
});
