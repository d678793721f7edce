import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { NetworkInput, NetworkResult } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { openEngine, type Engine, type EngineOptions, type Stage } from './engine-client';
import { forkEngine, type EngineProcess, workHere } from './engine-process';
import { tinyModels, tinyOnnx, type TinyNetwork } from './onnx-for-tests';
import { openRegistry } from './registry';

/** Real engine processes and real ONNX Runtime; needs `npm run build` (which `npm test` does first). */

const engines: Engine[] = [];
afterEach(() => engines.splice(0).forEach((engine) => engine.dispose()));

interface Setup {
  readonly engine: Engine;
  readonly folder: string;
  readonly notices: string[];
  /** Every process that was started. */
  readonly processes: EngineProcess[];
}

async function setUp(networks: TinyNetwork[], options: Partial<EngineOptions> = {}): Promise<Setup> {
  const folder = await tinyModels(...networks);
  const notices: string[] = [];
  const processes: EngineProcess[] = [];
  const engine = openEngine({
    registry: await openRegistry(folder),
    order: ['cpu'],
    start: () => {
      const started = forkEngine();
      processes.push(started);
      return started;
    },
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  engines.push(engine);
  return { engine, folder, notices, processes };
}

/** Red 0…5, green 100…105, blue 200…205; mask 0, 51, … 255. */
const picture = (network: string): NetworkInput => ({
  network,
  width: 3,
  height: 2,
  image: Float32Array.from({ length: 18 }, (_, i) => 100 * Math.floor(i / 6) + (i % 6)),
  mask: Float32Array.from({ length: 6 }, (_, i) => 51 * i),
});

/** A network whose run takes seconds, and a picture for it. */
const slow: TinyNetwork = { name: 'slow', width: 512, height: 512, graph: { repeat: 400 } };
const large: NetworkInput = {
  network: 'slow',
  width: 512,
  height: 512,
  image: new Float32Array(3 * 512 * 512),
  mask: new Float32Array(512 * 512),
};

const faultOf = async (run: Promise<unknown>): Promise<Fault> => {
  const outcome = await run.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof Fault) return outcome;
  throw new Error(`expected a Fault, got ${String(outcome)}`);
};
const plane = (result: NetworkResult, c: number) =>
  [...result.data.subarray(6 * c, 6 * c + 6)].map((value) => Math.round(value * 1000) / 1000);

/** Waits until a run has come to a stage. */
function stageReached(engine: Engine, input: NetworkInput, wanted: Stage, signal?: AbortSignal) {
  let run!: Promise<NetworkResult>;
  const reached = new Promise<void>((resolve) => {
    run = engine.run(input, signal, (stage) => {
      if (stage === wanted) resolve();
    });
  });
  run.catch(() => undefined);
  return reached.then(() => run.then.bind(run) as typeof run.then);
}

describe('a run', () => {
  it('gives the network planes in its colour order, normalised, then the mask', async () => {
    const { engine } = await setUp([
      { name: 'plain' },
      {
        name: 'swapped',
        colorOrder: 'BGR',
        mean: [200, 100, 0],
        scale: [1, 10, 100],
        maskMean: 51,
        maskScale: 1 / 51,
        // First output plane: its first input plane (blue); second: the mask; third: its third (red).
        graph: {
          mix: [
            [1, 0, 0, 0],
            [0, 0, 0, 1],
            [0, 0, 1, 0],
          ],
        },
      },
    ]);
    const plain = await engine.run(picture('plain'));
    expect([...plain.data]).toEqual([...picture('plain').image]);
    const swapped = await engine.run(picture('swapped'));
    expect(plane(swapped, 0)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(plane(swapped, 1)).toEqual([-1, 0, 1, 2, 3, 4]);
    expect(plane(swapped, 2)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('says what ran, where and for how long, and goes through its stages', async () => {
    const { engine, notices } = await setUp([{ name: 'map', kind: 'colorMap' }]);
    const stages: Stage[] = [];
    const result = await engine.run(picture('map'), undefined, (stage) => stages.push(stage));
    expect(result).toMatchObject({
      kind: 'colorMap',
      network: 'map',
      version: '1',
      device: 'cpu',
      fellBack: [],
    });
    expect(result.data).toEqual(new Float32Array(180));
    expect(result.ms).toBeGreaterThan(0);
    expect(stages).toEqual(['queued', 'loading', 'running', 'done']);
    const again: Stage[] = [];
    await engine.run(picture('map'), undefined, (stage) => again.push(stage));
    expect(again).toEqual(['queued', 'running', 'done']);
    expect(notices).toEqual([]);
  });

  it('parses scenes with the network that does, and with no other', async () => {
    const scene: TinyNetwork = { name: 'scene', kind: 'scene', colorOrder: 'BGR' };
    const { engine } = await setUp([{ name: 'plain' }, scene]);
    const input = picture('scene');
    const result = await engine.parse(input);
    expect(result).toMatchObject({ kind: 'scene', network: 'scene', device: 'cpu', labels: ['sky', 'sea'] });
    // The planes stay in the order of the labels: they are no colours.
    expect([...result.data]).toEqual([...input.image.subarray(12), ...input.image.subarray(6, 12)]);
    expect((await faultOf(engine.parse(picture('plain')))).message).toContain('no scenes');
    expect((await faultOf(engine.run(input))).message).toContain('no network “scene”');
  });

  it('of a classical method needs no network, or asks one for scores of many pictures at once', async () => {
    const realism: TinyNetwork = {
      name: 'realism',
      kind: 'score',
      batch: 13,
      width: 8,
      height: 8,
      // The brighter the red, the better.
      graph: { mix: [[0.2, 0, 0, 0]], bias: [-20] },
    };
    const { engine } = await setUp([{ name: 'plain' }, realism]);
    const input = (network: string, side: number): NetworkInput => ({
      network,
      width: side,
      height: side,
      image: Float32Array.from({ length: 3 * side * side }, (_, i) => 60 + ((i * 7) % 50)),
      mask: Float32Array.from({ length: side * side }, (_, i) => (i % side < side / 2 ? 255 : 0)),
    });
    await engine.warm('lalonde');
    for (const name of ['reinhard', 'lalonde', 'xue']) {
      const result = await engine.run(input(name, 64));
      expect(result).toMatchObject({ kind: 'transfer', network: name, device: 'cpu', fellBack: [] });
    }
    await engine.warm('realism');
    const result = await engine.run(input('realism', 8));
    expect(result).toMatchObject({ kind: 'transfer', transfer: 'affine', network: 'realism', device: 'cpu' });
    const [red, , blue, lift] = result.data as unknown as [number, number, number, number];
    expect(85 * red + lift).toBeGreaterThan(95);
    expect(blue).toBeGreaterThan(0.4);
    const wrong = await faultOf(engine.run(input('realism', 9)));
    expect(wrong.code).toBe('size-mismatch');
  });

  it('uses a network that was warmed', async () => {
    const { engine, processes } = await setUp([{ name: 'plain' }]);
    await engine.warm('plain');
    const stages: Stage[] = [];
    await engine.run(picture('plain'), undefined, (stage) => stages.push(stage));
    expect(stages).toEqual(['queued', 'running', 'done']);
    expect(processes).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('names an unknown network and a wrong size', async () => {
    const { engine } = await setUp([{ name: 'plain' }]);
    expect((await faultOf(engine.run(picture('other')))).code).toBe('usage');
    const wrong = { ...picture('plain'), width: 2, height: 3 };
    expect(await faultOf(engine.run(wrong))).toMatchObject({ code: 'size-mismatch' });
  });

  it('names a network file that was altered, is no network, or is of another shape', async () => {
    const bgr = { mix: [[1, 0, 0, 0] as const] };
    const { engine, folder } = await setUp([
      { name: 'altered' },
      { name: 'garbage', file: new Uint8Array(64).fill(7) },
      {
        name: 'truncated',
        file: tinyOnnx({ width: 3, height: 2, outputName: 'image', ...bgr }).subarray(0, 60),
      },
      { name: 'grey', graph: bgr },
      { name: 'wide', graph: { width: 5 } },
      { name: 'renamed', graph: { outputName: 'picture' } },
    ]);
    const path = join(folder, 'altered.onnx');
    const bytes = await readFile(path);
    bytes[20]! ^= 255;
    await writeFile(path, bytes);
    const refusal = async (name: string) => {
      const fault = await faultOf(engine.run(picture(name)));
      expect(fault.code).toBe('network-file');
      return fault.message;
    };
    expect(await refusal('altered')).toContain('sha256');
    expect(await refusal('garbage')).toContain('garbage.onnx');
    expect(await refusal('truncated')).toContain('truncated.onnx');
    expect(await refusal('grey')).toContain('[1, 1, 2, 3]');
    expect(await refusal('wide')).toContain('“input” is float32 [1, 4, 2, 5]');
    expect(await refusal('renamed')).toContain('“image” is missing');
  });

  it('lets no values through that are not finite', async () => {
    const { engine } = await setUp([{ name: 'broken', graph: { bias: [0, NaN, 0] } }]);
    const fault = await faultOf(engine.run(picture('broken')));
    expect(fault).toMatchObject({ code: 'engine' });
    expect(fault.message).toContain('not finite');
  });
});

describe('cancelling', () => {
  it('answers at once although a run cannot be stopped, and the next run is served by a new process', async () => {
    const { engine, processes } = await setUp([slow, { name: 'plain' }]);
    const stop = new AbortController();
    const settled = await stageReached(engine, large, 'running', stop.signal);
    stop.abort();
    const outcome = settled(
      () => 'finished',
      (error: unknown) => error,
    );
    const later = new Promise((resolve) => setImmediate(resolve, 'later'));
    expect(await Promise.race([outcome, later])).toMatchObject({ code: 'cancelled' });
    expect((await engine.run(picture('plain'))).device).toBe('cpu');
    expect(processes).toHaveLength(2);
  });

  it('keeps the process of a run that ends by itself in time', async () => {
    const { engine, processes } = await setUp([{ name: 'plain' }], { grace: 20_000 });
    await engine.warm('plain');
    const stop = new AbortController();
    const run = engine.run(picture('plain'), stop.signal);
    stop.abort();
    expect((await faultOf(run)).code).toBe('cancelled');
    await engine.run(picture('plain'));
    expect(processes).toHaveLength(1);
  });

  it('drops a run that waits and leaves the others alone', async () => {
    const { engine, processes } = await setUp([{ name: 'plain' }]);
    const stop = new AbortController();
    const first = engine.run(picture('plain'));
    const second = engine.run(picture('plain'), stop.signal);
    const third = engine.run(picture('plain'));
    stop.abort();
    expect((await faultOf(second)).code).toBe('cancelled');
    expect((await first).device).toBe('cpu');
    expect((await third).device).toBe('cpu');
    expect(processes).toHaveLength(1);
    expect((await faultOf(engine.run(picture('plain'), AbortSignal.abort()))).code).toBe('cancelled');
  });
});

describe('an engine that dies', () => {
  it('is started again, and what ran and what waited is done', async () => {
    const { engine, processes, notices } = await setUp([slow, { name: 'plain' }]);
    const settled = await stageReached(engine, large, 'running');
    const waiting = engine.run(picture('plain'));
    processes[0]!.kill();
    expect((await settled((result) => result)).device).toBe('cpu');
    expect((await waiting).device).toBe('cpu');
    expect(processes).toHaveLength(2);
    expect(notices).toEqual([expect.stringContaining('killed by SIGKILL')]);
  });

  it('is given up for a run that it dies of twice, not for the others', async () => {
    const { engine, processes } = await setUp([slow, { name: 'plain' }], {});
    const stage = (stage: Stage) => {
      if (stage === 'running') processes.at(-1)!.kill();
    };
    const doomed = engine.run(large, undefined, stage);
    const other = engine.run(picture('plain'));
    const fault = await faultOf(doomed);
    expect(fault.code).toBe('engine');
    expect(fault.message).toContain('died twice');
    expect((await other).device).toBe('cpu');
  });

  it('while idle is started again by the next run', async () => {
    const { engine, processes } = await setUp([{ name: 'plain' }]);
    await engine.run(picture('plain'));
    const gone = new Promise((resolve) => processes[0]!.onExit(resolve));
    processes[0]!.kill();
    await gone;
    expect((await engine.run(picture('plain'))).device).toBe('cpu');
  });

  it('and cannot start says why', async () => {
    const { engine } = await setUp([{ name: 'plain' }], { start: () => forkEngine('/nowhere/engine.js') });
    const fault = await faultOf(engine.run(picture('plain')));
    expect(fault.code).toBe('engine');
    expect(fault.message).toContain('exit code 1');
  });
});

describe('falling back', () => {
  it('reports a device that was asked for and is not there', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml';
    const { engine, notices } = await setUp([{ name: 'plain' }], { order: [absent, 'cpu'] });
    const result = await engine.run(picture('plain'));
    expect(result.device).toBe('cpu');
    expect(result.fellBack).toEqual([`${absent}: ONNX Runtime has it not on this machine`]);
    await engine.run(picture('plain'));
    expect(notices).toEqual([
      `Not run on ${absent}: ONNX Runtime has it not on this machine. It runs on cpu.`,
    ]);
  });

  it('never names WebGPU when the CPU did the work', async () => {
    const { engine } = await setUp([{ name: 'plain' }], { order: ['webgpu', 'cpu'] });
    const result = await engine.run(picture('plain'));
    expect([...result.data]).toEqual([...picture('plain').image]);
    // Without a GPU: a reason and the CPU; with one: no reason and WebGPU.
    expect(result.fellBack.map((reason) => reason.split(':')[0])).toEqual(
      result.device === 'cpu' ? ['webgpu'] : [],
    );
  });

  it('goes on without a device that takes the process down', async () => {
    const lost: unknown[] = [];
    const dies = (): EngineProcess => {
      let hear: (message: unknown) => void = () => undefined;
      let end: (reason: string) => void = () => undefined;
      return {
        onMessage: (listener) => (hear = listener),
        onExit: (listener) => (end = listener),
        send: ({ id }) =>
          queueMicrotask(() => {
            hear({ type: 'trying', id, device: 'webgpu', stage: 'loading' });
            end('killed by SIGSEGV');
          }),
        kill: () => undefined,
        hold: () => undefined,
      };
    };
    const start = () => {
      const started = lost.length === 0 ? dies() : forkEngine();
      const send: EngineProcess['send'] = (message) => {
        lost.push(message.lost);
        started.send(message);
      };
      return { ...started, send };
    };
    const { engine, notices } = await setUp([{ name: 'plain' }], { order: ['webgpu', 'cpu'], start });
    const reason = 'the engine process died with it (killed by SIGSEGV)';
    const result = await engine.run(picture('plain'));
    expect(lost).toEqual([[], [{ device: 'webgpu', reason }]]);
    expect(result.device).toBe('cpu');
    expect(result.fellBack).toEqual([`webgpu: ${reason}`]);
    expect(notices).toEqual([`Not run on webgpu: ${reason}. It runs on cpu.`]);
  });
});

describe('an engine in this process', () => {
  it('answers and fails as one of its own does', async () => {
    const { engine, folder } = await setUp([{ name: 'plain' }, { name: 'broken' }], { start: workHere({}) });
    await engine.warm('plain');
    const result = await engine.run(picture('plain'));
    expect([...result.data]).toEqual([...picture('plain').image]);
    expect([result.network, result.device]).toEqual(['plain', 'cpu']);
    await writeFile(join(folder, 'broken.onnx'), 'nothing');
    expect((await faultOf(engine.run(picture('broken')))).code).toBe('network-file');
    const stopped = AbortSignal.abort();
    expect((await faultOf(engine.run(picture('plain'), stopped))).code).toBe('cancelled');
  });
});
