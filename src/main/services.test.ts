import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventPayload } from '../contract/requests';
import type { NetworkInput, NetworkResult, SceneResult } from '../harmonize/network';
import { Fault } from '../pixels/fault';
import type { Engine } from './inference/engine-client';
import { openRecent } from './recent';
import { openRecovery } from './recovery';
import { makeServices, type Host } from './services';

const info = {
  name: 'tiny',
  version: '1',
  title: 'Tiny',
  kind: 'image' as const,
  inputWidth: 1,
  inputHeight: 1,
  isDefault: true,
};
const input: NetworkInput = {
  network: 'tiny',
  width: 1,
  height: 1,
  image: Float32Array.of(1, 2, 3),
  mask: Float32Array.of(255),
};
const result: NetworkResult = {
  kind: 'image',
  network: 'tiny',
  version: '1',
  device: 'cpu',
  fellBack: [],
  ms: 1,
  width: 1,
  height: 1,
  data: Float32Array.of(4, 5, 6),
};

const parsed: SceneResult = {
  ...result,
  kind: 'scene',
  network: 'places',
  labels: ['sky', 'sea', 'sand'],
};

function setUp(run: Engine['run'], more: Partial<Host> = {}) {
  const told: [string, unknown][] = [];
  const services = makeServices({
    keeping: { settings: async () => '', writeSettings: async () => undefined },
    sample: async () => [],
    recovery: openRecovery(join(tmpdir(), 'attune-services-test')),
    recent: openRecent(join(tmpdir(), 'attune-services-test', 'recent')),
    pathOf: () => undefined,
    tokenOf: async () => 't',
    kind: 'loopback',
    version: '1.2.3',
    registry: {
      folder: '/models',
      networks: [info],
      methods: [info],
      specs: [],
      needs: () => null,
      defaultName: 'tiny',
      scene: { name: 'places', inputWidth: 1, inputHeight: 1 },
      resolve: () => {
        throw new Error('not asked here');
      },
      info: () => info,
    },
    engine: { run, parse: async () => parsed },
    announce: (name, payload) => told.push([name, payload]),
    files: () => [{ token: 't', name: 'a.png' }],
    ...more,
  });
  return { services, told };
}
const run = { job: 'one', input: { ...input, image: Float32Array.of(1, 2, 3), mask: Float32Array.of(255) } };

describe('the services', () => {
  it('tell of the program, its networks and the files to open', async () => {
    const { services } = setUp(async () => result);
    expect(await services['app.info']({})).toEqual({
      ok: true,
      value: {
        version: '1.2.3',
        host: 'loopback',
        decodes: false,
        saves: 'download',
        networks: [info],
        scene: { name: 'places', inputWidth: 1, inputHeight: 1 },
        files: [{ token: 't', name: 'a.png' }],
        settings: '',
      },
    });
  });

  it('run a network and tell how it goes', async () => {
    const { services, told } = setUp(async (_input, _signal, onStage) => {
      onStage?.('queued');
      onStage?.('done');
      return result;
    });
    expect(await services['harmonize.run'](run)).toEqual({ ok: true, value: result });
    const stages = told.map(([, payload]) => payload as EventPayload<'harmonize.progress'>);
    expect(stages).toEqual([
      { job: 'one', stage: 'queued' },
      { job: 'one', stage: 'done' },
    ]);
  });

  it('say what is where, and why not', async () => {
    const { services } = setUp(async () => result);
    const asked = { input: { ...run.input, network: 'places' } };
    expect(await services['scene.parse'](asked)).toEqual({ ok: true, value: parsed });
    const broken = setUp(async () => result, {
      engine: {
        run: async () => result,
        parse: async () => {
          throw new Fault('network-file', 'The file is gone.');
        },
      },
    });
    expect(await broken.services['scene.parse'](asked)).toMatchObject({
      ok: false,
      error: { code: 'network-file' },
    });
  });

  it('cancel a run by its job, refuse a job twice, and forget it when it ends', async () => {
    const { services } = setUp(
      (_input, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Fault('cancelled', 'Stopped.')));
        }),
    );
    const running = services['harmonize.run'](run);
    expect(await services['harmonize.run'](run)).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect(await services['harmonize.cancel']({ job: 'one' })).toEqual({
      ok: true,
      value: { cancelled: true },
    });
    expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await services['harmonize.cancel']({ job: 'one' })).toEqual({
      ok: true,
      value: { cancelled: false },
    });
  });

  it('answer what goes wrong and never throw', async () => {
    const fault = setUp(async () => {
      throw new Fault('network-file', 'It is gone.', 'Fetch it.');
    });
    expect(await fault.services['harmonize.run'](run)).toEqual({
      ok: false,
      error: { code: 'network-file', message: 'It is gone.', hint: 'Fetch it.' },
    });
    const surprise = setUp(async () => {
      throw new TypeError('x is not y');
    });
    expect(await surprise.services['harmonize.run'](run)).toMatchObject({
      ok: false,
      error: { code: 'engine', message: 'x is not y' },
    });
  });

  it('decode pictures where the host can, and say what to do where it cannot', async () => {
    const asked = { name: 'scan.tif', bytes: Uint8Array.of(1) };
    const without = await setUp(async () => result).services['picture.decode'](asked);
    expect(without).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    expect(!without.ok && without.error.message).toContain('scan.tif');
    const file = {
      width: 1,
      height: 1,
      data: Uint8ClampedArray.of(1, 2, 3, 4),
      pages: 1,
      depth: 8 as const,
      metadata: { exif: null, xmp: null, iptc: null, density: null },
    };
    const withOne = setUp(async () => result, { decode: async () => file });
    expect(await withOne.services['picture.decode'](asked)).toEqual({ ok: true, value: file });
  });

  it('save through the host’s dialog where it has one', async () => {
    const save = { name: 'a.png', bytes: Uint8Array.of(1) };
    const without = setUp(async () => result);
    expect(await without.services['export.save'](save)).toMatchObject({ ok: false });
    const withOne = setUp(async () => result, {
      saveFile: async (name) => ({ name: `saved-${name}`, token: 't' }),
    });
    expect(await withOne.services['export.save'](save)).toEqual({
      ok: true,
      value: { saved: true, name: 'saved-a.png', token: 't' },
    });
    const declined = setUp(async () => result, { saveFile: async () => null });
    expect(await declined.services['export.save'](save)).toEqual({ ok: true, value: { saved: false } });
  });
});
