import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepUnfinished } from './sweep';

it('removes what killed writes of these files left, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attune-sweep-'));
  const leftovers = [
    '.a.png.123-0a1b2c3d.tmp',
    '.b.png.123-0a1b2c3d.tmp',
    '.a.png.tmp',
    'a.png.1-0a1b2c3d.tmp',
  ];
  for (const name of leftovers) await mkdir(join(folder, name));
  await writeFile(join(folder, leftovers[0]!, 'file'), 'half');
  await writeFile(join(folder, 'a.png'), 'whole');
  await sweepUnfinished([join(folder, 'a.png'), join(folder, 'gone', 'c.png')]);
  expect((await readdir(folder)).sort()).toEqual([...leftovers.slice(1), 'a.png'].sort());
  await rm(folder, { recursive: true });
});
