import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPage, type StudyPage, writePage } from './page';

const TEMPLATE = '<script>\n      const plan = /*PLAN*/ null;\n      const next = {};\n</script>';
const name = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 16, maxLength: 16 })
  .map((digits) => `pictures/${digits.join('')}.png`);
const page = fc.record({
  study: fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }),
  page: fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
  trials: fc.array(
    fc.record({
      pair: fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
      left: fc.constantFrom('first' as const, 'second' as const),
      pictures: fc.tuple(name, name),
    }),
    { maxLength: 5 },
  ),
});

describe('a page of a study', () => {
  it('is read as it was written, whatever its words, and never ends its script', () => {
    fc.assert(
      fc.property(page, (written) => {
        const html = writePage(TEMPLATE, written);
        expect(readPage(html, 'rater-01.html')).toEqual(written);
        expect(html.split('</script>')).toHaveLength(2);
      }),
    );
  });

  it('is refused when it is another file, cut short, or names a picture outside its folder', () => {
    const good: StudyPage = {
      study: 's',
      page: '01',
      trials: [
        {
          pair: 'p1',
          left: 'first',
          pictures: ['pictures/0123456789abcdef.png', 'pictures/00ff00ff00ff00ff.png'],
        },
      ],
    };
    const html = writePage(TEMPLATE, good);
    expect(readPage(html, 'a.html')).toEqual(good);
    for (const bad of [
      '',
      TEMPLATE,
      html.slice(0, 60),
      html.replace('pictures/0123456789abcdef.png', '../../secret/0123456789.png'),
      html.replace('pictures/0123456789abcdef.png', 'pictures/..%2f..%2fsecret.png'),
      html.replace('"first"', '"third"'),
    ]) {
      expect(() => readPage(bad, 'a.html')).toThrow(/a\.html is no page of a study/);
    }
  });
});
