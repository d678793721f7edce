import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StudyPage, writePage } from '../study/page';
import { ChosenFolders } from './folders';
import { OpenedFiles } from './opened';
import { openStudyDesk } from './study-desk';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-study-desk-'));
  await mkdir(join(root, 'pictures'));
});
afterEach(() => rm(root, { recursive: true }));

const picture = (k: number) => `pictures/${String(k).padStart(16, '0')}.png`;
const page = (study: string, number: string, pairs: number): StudyPage => ({
  study,
  page: number,
  trials: Array.from({ length: pairs }, (_, k) => ({
    pair: `p${k}`,
    left: k % 2 === 0 ? ('first' as const) : ('second' as const),
    pictures: [picture(k), picture(k + 1)] as [string, string],
  })),
});

async function write(one: StudyPage): Promise<void> {
  const html = writePage('<script>\nconst plan = /*PLAN*/ null;\n</script>', one);
  await writeFile(join(root, `rater-${one.page}.html`), html);
}

function setUp() {
  const files = new OpenedFiles();
  const folders = new ChosenFolders([root]);
  return { files, desk: openStudyDesk({ folders, files }), folder: folders.list.folders[0]!.token };
}

describe('the studies of a window', () => {
  it('are opened by pages, whose pictures are read by tokens', async () => {
    await write(page('s', '01', 2));
    await write(page('s', '02', 1));
    for (let k = 0; k < 3; k++) await writeFile(join(root, picture(k)), `picture ${k}`);
    const { desk, files, folder } = setUp();
    expect(await desk['study.open']({ folder })).toEqual({
      ok: true,
      value: {
        study: 's',
        pages: [
          { page: '01', pairs: 2 },
          { page: '02', pairs: 1 },
        ],
      },
    });
    const asked = await desk['study.page']({ folder, page: '01' });
    if (!asked.ok) throw new Error(asked.error.message);
    expect(asked.value.pairs.map(({ pair, left }) => [pair, left])).toEqual([
      ['p0', 'first'],
      ['p1', 'second'],
    ]);
    const [first, second] = asked.value.pairs as [
      (typeof asked.value.pairs)[0],
      (typeof asked.value.pairs)[0],
    ];
    expect(await readFile(files.get(second.pictures[1])!.path!, 'utf8')).toBe('picture 2');
    // The same picture has one token; none of them is opened at the next start.
    expect(second.pictures[0]).toBe(first.pictures[1]);
    expect(files.list()).toEqual([]);
  });

  it('are refused with what is wrong: no study, two of them, a picture or page that is gone, a foreign folder', async () => {
    const { desk, folder } = setUp();
    const refused = async (asked: Promise<unknown>, message: RegExp) =>
      expect(await asked).toMatchObject({ ok: false, error: { message: expect.stringMatching(message) } });
    await refused(desk['study.open']({ folder }), /holds no study/);
    await refused(desk['study.open']({ folder: root }), /no such folder/);
    await write(page('s', '01', 2));
    await refused(desk['study.page']({ folder, page: '01' }), /There is no file/);
    await refused(desk['study.page']({ folder, page: '02' }), /rater-02\.html cannot be read/);
    await refused(desk['study.page']({ folder, page: '../01' }), /no page/);
    await write(page('t', '02', 1));
    await refused(desk['study.open']({ folder }), /rater-02\.html is of another study/);
    await writeFile(join(root, 'rater-01.html'), '<html>');
    await refused(desk['study.open']({ folder }), /rater-01\.html is no page/);
  });
});
