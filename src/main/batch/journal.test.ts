import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, readJournal, type JournalEntry } from './journal';

let folder = '';
const path = () => join(folder, 'journal');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

const done = (picture: string): JournalEntry => ({
  event: 'done',
  picture,
  output: `${picture}.out`,
  key: 'k',
  result: {
    network: null,
    device: 'cpu',
    width: 1,
    height: 1,
    bytes: 3,
    ms: { decode: 0, network: 0, lift: 0, encode: 0 },
    notices: [],
  },
});

describe('the journal', () => {
  it('keeps what was written, over runs', async () => {
    const first = await Journal.open(path(), true);
    await first.write([{ event: 'batch', version: 1, id: 'one', settings: 's' }]);
    await Promise.all(['a', 'b', 'c'].map((name) => first.write([done(name)])));
    await first.close();
    const second = await Journal.open(path(), false);
    await second.write([{ event: 'planned', picture: 'd', output: 'd.out' }]);
    await second.close();
    const state = await readJournal(path());
    expect(state.batch).toEqual({ id: 'one', settings: 's' });
    expect([...state.done.keys()]).toEqual(['a', 'b', 'c']);
    expect(state.planned.get('d')).toBe('d.out');
  });

  it('holds whole lines however it was cut, and goes on after the cut', async () => {
    const journal = await Journal.open(path(), true);
    for (const name of ['a', 'b', 'ü']) await journal.write([done(name)]);
    await journal.close();
    const whole = await readFile(path());
    for (let length = whole.length; length >= 0; length -= 7) {
      await truncate(path(), length);
      const before = [...(await readJournal(path())).done.keys()];
      expect(['a', 'b', 'ü'].slice(0, before.length)).toEqual(before);
      const again = await Journal.open(path(), false);
      await again.write([done('later')]);
      await again.close();
      expect([...(await readJournal(path())).done.keys()]).toEqual([...before, 'later']);
      await truncate(path(), length);
    }
  });

  it('passes over what is no entry, and is empty when it is not there', async () => {
    expect((await readJournal(path())).batch).toBeNull();
    await appendFile(path(), '{"event":"done"}\nnull\n[]\n{"event":"batch","version":2,"id":"x"}\n');
    const state = await readJournal(path());
    expect(state).toEqual({ batch: null, planned: new Map(), done: new Map() });
  });
});
