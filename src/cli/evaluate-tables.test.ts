import { describe, expect, it } from 'vitest';
import { csvRows, csvTables, evaluationOf, markdownTables, plainTable, type Row } from './evaluate-tables';
import { chosen, contactSheet, difference } from './evaluate-sheet';
import { TimeLeft } from './evaluate-time';

const row = (set: string, name: string, method: string, mse: number, psnr: number): Row => ({
  set,
  case: name,
  method,
  mse,
  psnr,
  fmse: 2 * mse,
  ssim: 0.9,
  ms: 10,
});
const rows = [
  row('objects', '1', 'none', 100, 28),
  row('objects', '1', 'ours', 40, 32),
  row('objects', '2', 'none', 300, 23.5),
  row('objects', '2', 'ours', 60, 30),
  row('a|b', '1', 'none', 10, 38),
  row('a|b', '1', 'ours', 20, 35),
];
const sets = Object.fromEntries(
  ['objects', 'a|b'].map((name) => [
    name,
    evaluationOf(
      rows.filter(({ set }) => set === name),
      ['none', 'ours'],
    ),
  ]),
);

describe('the tables', () => {
  it('hold the means of each set, a table a metric, methods × sets, the best in bold', () => {
    expect(markdownTables(sets).split('\n\n')[0]).toBe(
      [
        '| MSE  | objects (2 cases) | a\\|b (1 case) |',
        '| ---- | ----------------: | ------------: |',
        '| none |             200.0 |      **10.0** |',
        '| ours |          **50.0** |          20.0 |',
      ].join('\n'),
    );
    expect(
      markdownTables(sets)
        .split('\n\n')
        .map((table) => table.slice(2, 6)),
    ).toEqual(['MSE ', 'PSNR', 'fMSE', 'SSIM', 'Time']);
    expect(sets.objects!.methods.none).toEqual({ mse: 200, psnr: 25.75, fmse: 400, ssim: 0.9, ms: 10 });
    expect(plainTable(sets['a|b']!).split('\n')[3]).toBe('none    10.00  38.00  20.00  0.9000  10.0');
  });

  it('are CSV with whole numbers too', () => {
    const lines = csvTables(sets).trimEnd().split('\n');
    expect(lines[0]).toBe('metric,method,objects,a|b');
    expect(lines[1]).toBe('mse,none,200,10');
    expect(lines).toHaveLength(1 + 5 * 2);
    expect(csvRows([row('a,b', '1"', 'none', 1, 2)]).split('\n')[1]).toBe('"a,b","1""",none,1,2,2,0.9,10');
  });
});

describe('the contact sheet', () => {
  it('shows cases spread over the set, and all when there are few', () => {
    expect(chosen([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual([1, 5, 8]);
    expect(chosen(['a', 'b'], 3)).toEqual(['a', 'b']);
    expect(chosen(['a', 'b'], 0)).toEqual([]);
  });

  it('has composite, every method with its difference, and truth, with names made safe', () => {
    const one = { name: '<1>', composite: '', mask: '', real: '' };
    const measured = [row('s&t', '<1>', 'none', 100, 28), row('s&t', '<1>', 'ours', 40, 32)];
    const html = contactSheet([{ name: 's&t', cases: [one] }], ['none', 'ours'], measured);
    for (const role of ['composite', 'is-none', 'off-none', 'is-ours', 'off-ours', 'truth']) {
      expect(html).toContain(`src="sheet/s%26t/%3C1%3E/${role}.jpg"`);
    }
    expect(html).toContain('32.00 dB');
    expect(html).not.toContain('<1>');
  });

  it('shows differences four times as strong', () => {
    const image = (r: number) => ({ width: 1, height: 1, data: new Uint8ClampedArray([r, 50, 90, 10]) });
    expect([...difference(image(100), image(110)).data]).toEqual([40, 0, 0, 255]);
    expect([...difference(image(0), image(200)).data]).toEqual([255, 0, 0, 255]);
  });
});

describe('the time left', () => {
  it('is the mean of what was done, in words', () => {
    const time = new TimeLeft(100, 0);
    expect(time.words()).toBe('');
    time.done(500);
    time.done(1500);
    expect(time.words()).toBe('2 min left');
    const short = new TimeLeft(3, 0);
    short.done(2000);
    expect(short.words()).toBe('4 s left');
    const long = new TimeLeft(1000, 0);
    long.done(10_000);
    expect(long.words()).toBe('2 h 47 min left');
  });
});
