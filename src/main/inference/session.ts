import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor, listSupportedBackends } from 'onnxruntime-node';
import type { ScorePictures } from '../../harmonize/classical/realism';
import type { NetworkInput, NetworkResult, SceneResult } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { cpuThreads, defaultOrder, plan, type Device, type PassedOver } from './devices';
import { librariesInstalled } from './libraries';
import { readNetwork, type NetworkSpec } from './registry';
import { checkOutput, fromTensor, sameShape, type TensorData, toTensor } from './tensor';

/** Told before a device is tried, so that a crash can be laid at its door. */
export type Trying = (device: Device, stage: 'loading' | 'running') => void;

interface Loaded {
  readonly session: InferenceSession;
  readonly device: Device;
}

/**
 * A network that stays loaded. It sits on the first device of the order that could load it; a device that fails,
 * while loading or while running, is passed over for good and reported with every later result.
 */
export class WarmNetwork {
  readonly #spec: NetworkSpec;
  readonly #folder: string;
  readonly #tries: Device[];
  readonly #passedOver: PassedOver[];
  #loaded: Loaded | null = null;

  /** `order`: the devices to try, or null for the machine's own; `lost`: devices that took a process down before. */
  constructor(
    spec: NetworkSpec,
    folder: string,
    order: readonly Device[] | null,
    lost: readonly PassedOver[],
  ) {
    const planned = plan(
      order ?? defaultOrder(process),
      order !== null,
      listSupportedBackends(),
      librariesInstalled,
    );
    const isLost = (device: Device) => lost.some((one) => one.device === device);
    this.#spec = spec;
    this.#folder = folder;
    this.#tries = planned.tries.filter((device) => !isLost(device));
    this.#passedOver = [...planned.passedOver, ...lost];
  }

  get device(): Device | null {
    return this.#loaded?.device ?? null;
  }

  /** The devices passed over, each with its reason, as people read it. */
  get fellBack(): string[] {
    return this.#passedOver.map(({ device, reason }) => `${device}: ${reason}`);
  }

  get version(): string {
    return this.#spec.version;
  }

  /** Loads the network on the first device that can. Throws a Fault `network-file`. */
  async load(trying: Trying): Promise<Loaded> {
    if (this.#loaded) return this.#loaded;
    const bytes = await readNetwork(this.#folder, this.#spec);
    for (;;) {
      const device = this.#next();
      trying(device, 'loading');
      try {
        const session = await createSession(bytes, device);
        this.#loaded = { session, device };
        break;
      } catch (error) {
        if (device === 'cpu') {
          throw new Fault(
            'network-file',
            `ONNX Runtime cannot load the network “${this.#spec.name}” (${join(this.#folder, this.#spec.file)}): ${firstLine(error)}.`,
            'Restore it with `git checkout -- models`, or install Attune again.',
          );
        }
        this.#passOver(device, `could not load the network (${firstLine(error)})`);
      }
    }
    this.#checkShapes(this.#loaded.session);
    return this.#loaded;
  }

  /** Runs the network. Throws a Fault: `size-mismatch`, `network-file` or `engine`. */
  async run(input: NetworkInput, trying: Trying): Promise<NetworkResult | SceneResult> {
    const spec = this.#spec;
    if (spec.kind === 'score') {
      throw new Fault('usage', `The network “${spec.name}” scores pictures and harmonizes none.`);
    }
    const [width, height] = [spec.input.width, spec.input.height];
    const tensor = new Tensor('float32', toTensor(input, spec), [1, 4, height, width]);
    const { value, device, ms } = await this.#onDevice(tensor, trying, (output) => fromTensor(output, spec));
    const ran = {
      network: spec.name,
      version: spec.version,
      device,
      fellBack: this.fellBack,
      ms,
      width: spec.output.width,
      height: spec.output.height,
      data: value,
    };
    return spec.kind === 'scene'
      ? { kind: spec.kind, labels: spec.labels, ...ran }
      : { kind: spec.kind, ...ran };
  }

  /** The scores of a network of kind `score`; a batch that is not full is filled with its first picture. Throws like {@link run}. */
  scorer(trying: Trying): ScorePictures {
    const spec = this.#spec;
    if (spec.kind !== 'score') throw new Fault('usage', `The network “${spec.name}” scores no pictures.`);
    const { batch, input } = spec;
    const { width, height } = input;
    return async (images, mask) => {
      const scores: number[] = [];
      for (let first = 0; first < images.length; first += batch) {
        const data = new Float32Array(batch * 4 * width * height);
        const count = Math.min(batch, images.length - first);
        for (let k = 0; k < batch; k++) {
          const image = images[first + (k < count ? k : 0)]!;
          const one = toTensor({ network: spec.name, width, height, image, mask }, spec);
          data.set(one, k * one.length);
        }
        const tensor = new Tensor('float32', data, [batch, 4, height, width]);
        const { value } = await this.#onDevice(tensor, trying, (output) =>
          checkOutput(output, [batch, 1]).slice(),
        );
        scores.push(...value.subarray(0, count));
      }
      return scores;
    };
  }

  /** Runs a tensor through the network, on the next device when one fails. Throws a Fault: `network-file` or `engine`. */
  async #onDevice<T>(
    tensor: Tensor,
    trying: Trying,
    read: (output: TensorData) => T,
  ): Promise<{ value: T; device: Device; ms: number }> {
    const spec = this.#spec;
    for (;;) {
      const { session, device } = await this.load(trying);
      trying(device, 'running');
      const start = performance.now();
      try {
        const outputs = await session.run({ [spec.input.name]: tensor }, [spec.output.name]);
        const ms = performance.now() - start;
        const { type, dims, data } = outputs[spec.output.name]!;
        return { value: read({ type, dims, data }), device, ms };
      } catch (error) {
        if (device === 'cpu') {
          throw new Fault('engine', `The network “${spec.name}” failed on the CPU: ${firstLine(error)}.`);
        }
        this.#passOver(device, `could not run the network (${firstLine(error)})`);
      }
    }
  }

  #next(): Device {
    const device = this.#tries[0];
    if (device) return device;
    throw new Fault(
      'engine',
      `No device can run the network “${this.#spec.name}”: ${this.fellBack.join('; ')}.`,
      'See docs/devices.md.',
    );
  }

  #passOver(device: Device, reason: string): void {
    this.#loaded = null;
    this.#tries.shift();
    this.#passedOver.push({ device, reason });
  }

  /** A file of another shape than models/index.json says is refused before it runs. */
  #checkShapes(session: InferenceSession): void {
    const spec = this.#spec;
    const { input, output, name } = spec;
    const batch = spec.kind === 'score' ? spec.batch : 1;
    const answered =
      spec.kind === 'score' ? [batch, 1] : [1, spec.output.channels, spec.output.height, spec.output.width];
    const wanted = [
      { list: session.inputMetadata, name: input.name, shape: [batch, 4, input.height, input.width] },
      { list: session.outputMetadata, name: output.name, shape: answered },
    ];
    for (const { list, name: tensor, shape } of wanted) {
      const found = list.find((value) => value.name === tensor);
      if (!found?.isTensor || found.type !== 'float32' || !sameShape(found.shape, shape)) {
        const is = found?.isTensor ? `${found.type} [${found.shape.join(', ')}]` : 'missing';
        this.#loaded = null;
        throw new Fault(
          'network-file',
          `The network “${name}” does not fit models/index.json: its tensor “${tensor}” is ${is}, not float32 [${shape.join(', ')}].`,
          'Export the network again, or restore the folder models.',
        );
      }
    }
  }
}

/**
 * A session that runs wholly on `device`: for all but the CPU, ONNX Runtime's silent hand-over of operators to the
 * CPU is switched off, so a device is never reported that did not do the work.
 */
async function createSession(bytes: Uint8Array, device: Device): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    executionProviders: [device],
    // The rest, layouts for one machine's caches, takes longer to do than a few runs gain by it.
    graphOptimizationLevel: device === 'cpu' ? 'basic' : 'all',
    intraOpNumThreads: cpuThreads(availableParallelism()),
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    // ONNX Runtime's threads would wait in a loop, at the cost of what decodes and lifts at the same time.
    extra: {
      session: device === 'cpu' ? { intra_op: { allow_spinning: '0' } } : { disable_cpu_ep_fallback: '1' },
    },
  });
}

/** The first line of an error, without ONNX Runtime's source positions and the final full stop. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((one) => one.trim() !== '') ?? 'no reason given';
  return line
    .replace(/^\/\S+:\d+ .*? was false\. /, '')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 300);
}
