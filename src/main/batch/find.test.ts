import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeImage } from '../files/encode';
import { createImage } from '../../pixels/image';
import { checkMaskRules, findWork, MASK_RULES, type FindRules } from './find';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-find-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Files by their names alone: finding does not open pictures. */
async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), name);
  }
}

async function find(rules: Partial<FindRules> = {}) {
  const found = await findWork(folder, {
    masks: MASK_RULES,
    background: null,
    projects: ['.psd'],
    leaveOut: [],
    ...rules,
  });
  const short = (path: string) => relative(folder, path);
  return {
    ...found,
    pairs: found.pictures.map((one) =>
      one.kind === 'pair' ? `${short(one.path)} ${short(one.mask)}` : `${short(one.path)} ${one.kind}`,
    ),
    wrong: found.problems.map(({ path }) => short(path)),
    over: found.passedOver.map(({ path }) => short(path)),
  };
}

describe('finding work', () => {
  it('pairs by the three rules, in all folders, numbers by value', async () => {
    await files('p10.jpg', 'p10_mask.png', 'p2.png', 'p2-mask.jpg', 'a/q.webp', 'a/masks/q.png', 'notes.txt');
    const found = await find();
    expect(found.pairs).toEqual(['a/q.webp a/masks/q.png', 'p2.png p2-mask.jpg', 'p10.jpg p10_mask.png']);
    expect(found).toMatchObject({ folders: 3, otherFiles: 1, problems: [], passedOver: [] });
    expect(found.pictures[1]!.size).toBe('p2.png'.length + 'p2-mask.jpg'.length);
  });

  it('takes other rules', async () => {
    await files('x.jpg', 'matte/x-m.png', 'x_mask.png');
    expect((await find({ masks: ['matte/{name}-m'] })).pairs).toEqual(['x.jpg matte/x-m.png']);
    for (const rule of ['{name}', 'mask', '../{name}', '{name}/{name}', '{name}/m', '/a/{name}', '']) {
      expect(() => checkMaskRules([rule])).toThrow('does not say where masks are');
    }
  });

  it('names masks without pictures, pictures without masks and pictures with two masks', async () => {
    await files('lone_mask.png', 'bare.jpg', 'two.jpg', 'two_mask.png', 'masks/two.png', 'masks/none.png');
    const found = await find();
    expect(found.pairs).toEqual([]);
    expect(found.over).toEqual(['bare.jpg', 'lone_mask.png', 'masks/none.png']);
    expect(found.passedOver.map(({ error }) => error.message).join()).toContain(
      'is a mask without a picture',
    );
    expect(found.wrong).toEqual(['two.jpg']);
    expect(found.problems[0]!.error.message).toContain('more than one mask: masks/two.png, two_mask.png');
  });

  it('gives one mask to two pictures of a name, and takes a picture named like a mask for a picture', async () => {
    await files('a.jpg', 'a.png', 'a_mask.png', 'gas-mask.jpg', 'gas-mask_mask.png');
    expect((await find()).pairs).toEqual([
      'a.jpg a_mask.png',
      'a.png a_mask.png',
      'gas-mask.jpg gas-mask_mask.png',
    ]);
  });

  it('finds projects, leaves out hidden files and the folder of the results', async () => {
    await files('comp.PSD', '.hidden.jpg', '.git/x.jpg', 'out/y.jpg', 'out/y_mask.png');
    const found = await find({ leaveOut: [join(folder, 'out')] });
    expect(found.pairs).toEqual(['comp.PSD project']);
    expect(found.over).toEqual([]);
  });

  it('tells cut-outs from their headers', async () => {
    const opaque = createImage(4, 4);
    opaque.data.fill(255);
    await encodeImage(join(folder, 'back.png'), opaque);
    await encodeImage(join(folder, 'photo.png'), opaque);
    await encodeImage(join(folder, 'cut.png'), createImage(4, 4));
    await files('broken.png');
    const found = await find({ background: join(folder, 'back.png') });
    expect(found.pairs).toEqual(['cut.png cutout']);
    expect(found.over).toEqual(['photo.png']);
    expect(found.wrong).toEqual(['broken.png']);
  });

  it('goes round links that lead in a circle, and tells of links to nowhere', async () => {
    await files('a/x.jpg', 'a/x_mask.png');
    await symlink(folder, join(folder, 'a', 'again'));
    await symlink(join(folder, 'gone.jpg'), join(folder, 'link.jpg'));
    const found = await find();
    expect(found.pairs).toEqual(['a/x.jpg a/x_mask.png']);
    expect(found.wrong).toEqual(['link.jpg']);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'tells of a folder that may not be read and goes on (root may read everything: skipped as root)',
    async () => {
      await files('a/x.jpg', 'b.jpg', 'b_mask.png');
      await chmod(join(folder, 'a'), 0);
      const found = await find();
      await chmod(join(folder, 'a'), 0o755);
      expect(found.wrong).toEqual(['a']);
      expect(found.pairs).toEqual(['b.jpg b_mask.png']);
    },
  );

  it('refuses what is no folder', async () => {
    await files('x.jpg');
    const rules = { masks: MASK_RULES, background: null, projects: [], leaveOut: [] };
    await expect(findWork(join(folder, 'x.jpg'), rules)).rejects.toMatchObject({ code: 'unreadable' });
    await expect(findWork(join(folder, 'gone'), rules)).rejects.toMatchObject({ code: 'not-found' });
  });
});
