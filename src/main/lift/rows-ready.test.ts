import { describe, expect, it } from 'vitest';
import { RowsReady } from './rows-ready';

/** Whether a promise has settled by now, and how. */
async function stateOf(promise: Promise<void>): Promise<'open' | 'final' | 'failed'> {
  const settled = promise.then(
    () => 'final' as const,
    () => 'failed' as const,
  );
  return Promise.race([settled, new Promise<'open'>((resolve) => setImmediate(() => resolve('open')))]);
}

describe('rows that become final', () => {
  it('waits for every row that is still being made, in whatever order they are done', async () => {
    const rows = new RowsReady(100, { from: 20, to: 60 });
    const waits = [
      rows.wait({ from: 0, to: 20 }),
      rows.wait({ from: 10, to: 30 }),
      rows.wait({ from: 25, to: 50 }),
      rows.wait({ from: 60, to: 100 }),
    ];
    const states = () => Promise.all(waits.map(stateOf));
    expect(await states()).toEqual(['final', 'open', 'open', 'final']);
    rows.finish({ from: 40, to: 60 });
    expect(await states()).toEqual(['final', 'open', 'open', 'final']);
    rows.finish({ from: 20, to: 30 });
    expect(await states()).toEqual(['final', 'final', 'open', 'final']);
    rows.finish({ from: 30, to: 40 });
    expect(await states()).toEqual(['final', 'final', 'final', 'final']);
  });

  it('tells who waits, and who asks later, that rows never will be final', async () => {
    const rows = new RowsReady(100, { from: 20, to: 60 });
    const early = rows.wait({ from: 0, to: 100 });
    rows.finish({ from: 20, to: 40 });
    rows.fail(new Error('The network is broken.'));
    await expect(early).rejects.toThrow('The network is broken.');
    await expect(rows.wait({ from: 30, to: 50 })).rejects.toThrow('The network is broken.');
    await rows.wait({ from: 0, to: 40 });
  });

  it('refuses rows that are not there', async () => {
    await expect(new RowsReady(10, null).wait({ from: 0, to: 11 })).rejects.toThrow('no rows 0 to 11');
  });
});
