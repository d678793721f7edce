import { expect, it } from 'vitest';
import { toCsv, type BatchReport } from './report';

const report: BatchReport = {
  version: 1,
  state: 'finished',
  started: '2026-01-01T00:00:00.000Z',
  seconds: 1,
  folder: '/in',
  output: '/out',
  settings: { method: 'none', strength: 1, invert: false, lift: 'bilateral', format: 'keep', flatten: false },
  counts: { done: 1, earlier: 0, skipped: 0, failed: 1, left: 0, passedOver: 1 },
  pictures: [
    {
      picture: '=a, "b".jpg',
      output: 'a.jpg',
      state: 'done',
      network: 'colormap',
      device: 'cpu',
      width: 3,
      height: 2,
      bytes: 9,
      ms: { decode: 1, network: 2, lift: 3, encode: 4 },
      notices: [],
      error: null,
    },
    {
      picture: 'c.jpg',
      output: null,
      state: 'failed',
      network: null,
      device: null,
      width: null,
      height: null,
      bytes: null,
      ms: null,
      notices: [],
      error: { code: 'mask', message: 'Two\nlines', hint: '' },
    },
  ],
  passedOver: [{ path: 'd_mask.png', error: { code: 'not-found', message: 'No picture.', hint: 'Add it.' } }],
};

it('the table is plain CSV: quoted where needed, no formulas, as many fields in every row', () => {
  const lines = toCsv(report).split('\r\n');
  expect(lines[1]).toBe('"\'=a, ""b"".jpg",a.jpg,done,colormap,cpu,3,2,9,1,2,3,4,,,');
  expect(lines[2]).toBe('c.jpg,,failed,,,,,,,,,,mask,"Two\nlines",');
  expect(lines[3]).toBe('d_mask.png,,passed over,,,,,,,,,,not-found,No picture.,Add it.');
  for (const line of [lines[0]!, lines[3]!]) expect(line.split(',')).toHaveLength(15);
});
