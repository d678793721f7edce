import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { modelsFolder } from '../place';
import { tinyModels } from './onnx-for-tests';
import { openRegistry, readNetwork } from './registry';

async function fault(work: Promise<unknown> | (() => unknown)): Promise<Fault> {
  const error: unknown = await (typeof work === 'function' ? Promise.resolve().then(work) : work).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw new Error(`expected a Fault, got ${String(error)}`);
}

async function editIndex(folder: string, edit: (index: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, 'index.json');
  const index = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  edit(index);
  await writeFile(path, JSON.stringify(index));
}

describe('the list of networks', () => {
  it('names the networks and the default', async () => {
    const registry = await openRegistry(
      await tinyModels({ name: 'first', width: 8, height: 4 }, { name: 'second', kind: 'colorMap' }),
    );
    expect(registry.defaultName).toBe('first');
    expect(registry.networks).toEqual([
      {
        name: 'first',
        version: '1',
        title: 'Tiny first',
        kind: 'image',
        inputWidth: 8,
        inputHeight: 4,
        isDefault: true,
      },
      {
        name: 'second',
        version: '1',
        title: 'Tiny second',
        kind: 'colorMap',
        inputWidth: 3,
        inputHeight: 2,
        isDefault: false,
      },
    ]);
    expect(registry.resolve('second').output.channels).toBe(30);
    expect(registry.info('second')).toBe(registry.networks[1]);
  });

  it('refuses an unknown name and names the known ones', async () => {
    const registry = await openRegistry(await tinyModels({ name: 'first' }, { name: 'second' }));
    const unknown = await fault(() => registry.resolve('third'));
    expect(unknown.code).toBe('usage');
    expect(unknown.message).toContain('third');
    expect(unknown.hint).toContain('first, second');
    expect((await fault(() => registry.info('none'))).message).toContain('not a network');
  });

  it('lists classical methods beside the networks, the one with a network only when that is there', async () => {
    const without = await openRegistry(await tinyModels({ name: 'first' }));
    expect(without.methods.map(({ name }) => name)).toEqual(['first', 'reinhard', 'lalonde', 'xue']);
    expect(without.needs('lalonde')).toBeNull();
    expect(without.needs('first')?.name).toBe('first');
    expect(without.info('xue')).toMatchObject({ kind: 'transfer', inputWidth: 512, isDefault: false });
    const absent = await fault(() => without.needs('realism'));
    expect(absent.code).toBe('network-file');
    expect(absent.message).toContain('realism');
    expect(absent.message).toContain('index.json');

    const realism = { name: 'realism', kind: 'score', batch: 13, width: 8, height: 8 } as const;
    const registry = await openRegistry(await tinyModels({ name: 'first' }, realism));
    expect(registry.networks.map(({ name }) => name)).toEqual(['first']);
    expect(registry.specs.map(({ name }) => name)).toEqual(['first', 'realism']);
    expect(registry.needs('realism')).toMatchObject({ kind: 'score', batch: 13 });
    expect(registry.info('realism')).toMatchObject({ kind: 'transfer', inputWidth: 8 });
    const folder = await tinyModels(realism, { name: 'other' });
    expect((await fault(openRegistry(folder))).message).toContain('default');
  });

  it('knows the network that parses scenes, which is no method', async () => {
    const registry = await openRegistry(
      await tinyModels({ name: 'first' }, { name: 'places', kind: 'scene' }),
    );
    expect(registry.scene).toEqual({ name: 'places', inputWidth: 3, inputHeight: 2 });
    expect(registry.methods.map(({ name }) => name)).not.toContain('places');
    expect((await fault(() => registry.needs('places'))).code).toBe('usage');
    expect((await openRegistry(await tinyModels({ name: 'first' }))).scene).toBeNull();
    const folder = await tinyModels({ name: 'first' }, { name: 'places', kind: 'scene' });
    await editIndex(folder, (index) => {
      (index.networks as { labels?: string[] }[])[1]!.labels = ['sky', 'sea', 'sand'];
    });
    expect((await fault(openRegistry(folder))).message).toContain('as many as there are labels');
  });

  it('refuses a missing list, one that is no JSON and one that is malformed', async () => {
    const missing = await fault(openRegistry('/nowhere'));
    expect(missing.code).toBe('network-file');
    expect(missing.message).toContain(join('/nowhere', 'index.json'));

    const folder = await tinyModels({ name: 'first' });
    await editIndex(folder, (index) => (index.default = 'other'));
    expect((await fault(openRegistry(folder))).message).toContain('default');
    await editIndex(folder, (index) => (index.networks = []));
    expect((await fault(openRegistry(folder))).message).toContain('networks');
    await writeFile(join(folder, 'index.json'), '{"version":');
    expect((await fault(openRegistry(folder))).message).toContain('not JSON');
  });

  it('lets no file name lead out of its folder', async () => {
    const folder = await tinyModels({ name: 'first' });
    await editIndex(folder, (index) => {
      (index.networks as { file: string }[])[0]!.file = '../elsewhere.onnx';
    });
    expect((await fault(openRegistry(folder))).message).toContain('plain file name');
  });
});

describe('a network’s file', () => {
  it('is read when its length and sha256 are right', async () => {
    const folder = await tinyModels({ name: 'plain' });
    const spec = (await openRegistry(folder)).resolve('plain');
    expect((await readNetwork(folder, spec)).length).toBe(spec.bytes);
  });

  it('is refused when it is missing, truncated or altered', async () => {
    const folder = await tinyModels({ name: 'plain' });
    const spec = (await openRegistry(folder)).resolve('plain');
    const path = join(folder, spec.file);
    const bytes = await readFile(path);

    await writeFile(path, bytes.subarray(0, bytes.length - 7));
    const truncated = await fault(readNetwork(folder, spec));
    expect(truncated.message).toContain(`${spec.bytes - 7} bytes instead of ${spec.bytes}`);

    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    expect((await fault(readNetwork(folder, spec))).message).toContain('sha256');

    await rm(path);
    const missing = await fault(readNetwork(folder, spec));
    expect(missing.code).toBe('network-file');
    expect(missing.message).toContain(path);
    expect(missing.hint).toContain('git checkout');
  });

  it('as shipped is what models/index.json says', async () => {
    const registry = await openRegistry(modelsFolder());
    for (const spec of registry.specs) {
      expect((await readNetwork(registry.folder, spec)).length).toBe(spec.bytes);
    }
  });
});
