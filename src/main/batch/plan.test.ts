import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Found } from './find';
import { checkTemplate, planOutputs, type PlanOptions } from './plan';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-plan-'));
  await mkdir(join(root, 'in'));
  await mkdir(join(root, 'out'));
});
afterEach(() => rm(root, { recursive: true }));

const pairs = (...names: string[]): Found => ({
  pictures: names.map((name) => ({
    kind: 'pair',
    path: join(root, 'in', name),
    mask: join(root, 'in', `${name}-mask.png`),
    size: 1,
  })),
  problems: [],
  passedOver: [],
  folders: 1,
  otherFiles: 0,
});

async function plan(found: Found, options: Partial<PlanOptions> = {}) {
  const planned = await planOutputs(found, {
    folder: join(root, 'in'),
    output: join(root, 'out'),
    template: '{name}-{method}',
    existing: 'skip',
    settings: { method: 'colormap', format: 'keep', flatten: false },
    ...options,
  });
  return {
    ...planned,
    outputs: planned.pictures.map(({ work }) => relative(join(root, 'out'), work.output)),
  };
}

describe('planning outputs', () => {
  it('mirrors folders and names by the template; formats that are not written become PNG', async () => {
    const found = pairs('a.JPG', 'sub/deep/b.tif', 'c.gif');
    expect((await plan(found)).outputs).toEqual([
      'a-colormap.JPG',
      'sub/deep/b-colormap.tif',
      'c-colormap.png',
    ]);
    const settings = { method: 'joint', format: 'jpeg', flatten: false } as const;
    expect((await plan(found, { template: '{method}/{name}', settings })).outputs).toEqual([
      'joint/a.jpg',
      'sub/deep/joint/b.jpg',
      'joint/c.jpg',
    ]);
  });

  it('refuses templates that name nothing or lead elsewhere', () => {
    for (const bad of ['x', '{method}', '../{name}', '{name}-{date}', '/{name}', '{name}{']) {
      expect(() => checkTemplate(bad), bad).toThrow();
    }
    checkTemplate('{method}/{name}');
  });

  it('never lets two pictures share an output', async () => {
    const found = pairs('a.jpg', 'a.gif', 'a.png', 'b.jpg');
    const { outputs, problems } = await plan(found);
    expect(outputs).toEqual(['a-colormap.jpg', 'b-colormap.jpg']);
    expect(problems).toHaveLength(2);
    expect(problems[0]!.error.message).toMatch(/a\.gif and .*a\.png would both become .*a-colormap\.png/);
    const numbered = await plan(found, { existing: 'number' });
    expect(numbered.outputs).toEqual([
      'a-colormap.jpg',
      'a-colormap.png',
      'a-colormap-2.png',
      'b-colormap.jpg',
    ]);
  });

  it('skips, overwrites or numbers what is there', async () => {
    await writeFile(join(root, 'out', 'a-colormap.jpg'), '');
    await writeFile(join(root, 'out', 'a-colormap-2.jpg'), '');
    const found = pairs('a.jpg', 'b.jpg');
    const skip = await plan(found);
    expect(skip.outputs).toEqual(['b-colormap.jpg']);
    expect(skip.skipped).toHaveLength(1);
    expect((await plan(found, { existing: 'overwrite' })).outputs[0]).toBe('a-colormap.jpg');
    expect((await plan(found, { existing: 'number' })).outputs[0]).toBe('a-colormap-3.jpg');
  });

  it('keeps the outputs that an interrupted run chose', async () => {
    await writeFile(join(root, 'out', 'a-colormap.jpg'), '');
    const chosen = new Map([[join(root, 'in', 'a.jpg'), join(root, 'out', 'a-colormap.jpg')]]);
    const { outputs } = await plan(pairs('a.jpg', 'a.JPG'), { chosen, existing: 'number' });
    expect(outputs).toEqual(['a-colormap.jpg', 'a-colormap.JPG']);
  });

  it('never overwrites a picture of the batch, not even through a link', async () => {
    await writeFile(join(root, 'in', 'a.jpg'), 'the picture');
    await symlink(join(root, 'in', 'a.jpg'), join(root, 'out', 'a-colormap.jpg'));
    const { outputs, problems } = await plan(pairs('a.jpg'), { existing: 'overwrite' });
    expect(outputs).toEqual([]);
    expect(problems[0]!.error.message).toContain('which is a picture of this batch');
  });

  it('keeps projects projects unless they are to be flattened', async () => {
    const found = {
      ...pairs(),
      pictures: [{ kind: 'project', path: join(root, 'in', 'c.psd'), size: 1 }],
    } as Found;
    expect((await plan(found)).outputs).toEqual(['c-colormap.psd']);
    const settings = { method: 'm', format: 'keep', flatten: true } as const;
    expect((await plan(found, { settings })).outputs).toEqual(['c-m.png']);
  });
});
