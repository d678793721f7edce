import { toFault } from '../../contract/errors';
import type { CancelSignal, NetworkInput, NetworkResult, SceneResult } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { parseOrder, type Device, type PassedOver } from './devices';
import { forkEngine, type EngineProcess, type StartEngineProcess } from './engine-process';
import { fromEngine, type FromEngine } from './protocol';
import type { NetworkSpec, Registry } from './registry';

/** Where a run stands: waiting for others, loading the network's file, running, done. */
export type Stage = 'queued' | 'loading' | 'running' | 'done';

/** The engine as the rest of the main side sees it. */
export interface Engine {
  /**
   * Runs a method: a network or a classical one; satisfies `Network`. Rejects with a Fault: `usage` (unknown network), `size-mismatch`,
   * `network-file`, `engine`, or `cancelled` within milliseconds of the signal.
   */
  run(input: NetworkInput, signal?: CancelSignal, onStage?: (stage: Stage) => void): Promise<NetworkResult>;
  /** Says what is where in a picture, with the registry's scene network; rejects like {@link run}. */
  parse(input: NetworkInput, signal?: CancelSignal): Promise<SceneResult>;
  /** Starts the engine process and loads the network of a method, if it has one: the first run need not wait for it. */
  warm(network: string): Promise<void>;
  /** Ends the engine process; runs that are not done are cancelled. */
  dispose(): void;
}

export interface EngineOptions {
  readonly registry: Registry;
  /** How to start the process; a child of Node unless told otherwise. */
  readonly start?: StartEngineProcess;
  /** The devices to try in order; by default what ATTUNE_DEVICE says, else the machine's own order. */
  readonly order?: readonly Device[];
  /** How long a cancelled run may take to finish by itself before its process is killed, milliseconds; 100. */
  readonly grace?: number;
  /** Told of fallbacks and restarts, in words for a person. */
  readonly onNotice?: (message: string) => void;
}

type Answer = NetworkResult | SceneResult;

interface Job {
  readonly id: number;
  readonly name: string;
  /** Null: a method without a network. */
  readonly spec: NetworkSpec | null;
  readonly input: NetworkInput | null;
  readonly onStage: (stage: Stage) => void;
  readonly settle: (outcome: Answer | null | Fault) => void;
  /** It was running when the engine died, and has had its second chance. */
  retried: boolean;
}

interface Running {
  readonly job: Job;
  device: Device | null;
  /** Set when the job was cancelled: kills the engine if it does not finish soon. */
  deadline: NodeJS.Timeout | null;
}

/** Prepares an engine; its process starts with the first job. Throws a Fault `usage` when ATTUNE_DEVICE is wrong. */
export function openEngine(options: EngineOptions): Engine {
  return new EngineClient(options);
}

class EngineClient implements Engine {
  readonly #registry: Registry;
  readonly #start: StartEngineProcess;
  readonly #order: readonly Device[] | null;
  readonly #grace: number;
  readonly #notice: (message: string) => void;
  readonly #told = new Set<string>();
  readonly #lost: PassedOver[] = [];
  readonly #queue: Job[] = [];
  #process: EngineProcess | null = null;
  #running: Running | null = null;
  #lastId = 0;
  #closed = false;

  constructor({
    registry,
    start = forkEngine,
    order,
    grace = 100,
    onNotice = () => undefined,
  }: EngineOptions) {
    const asked = process.env.ATTUNE_DEVICE;
    this.#registry = registry;
    this.#start = start;
    this.#order = order ?? (asked ? parseOrder(asked) : null);
    this.#grace = grace;
    this.#notice = onNotice;
  }

  async run(
    input: NetworkInput,
    signal?: CancelSignal,
    onStage: (stage: Stage) => void = () => undefined,
  ): Promise<NetworkResult> {
    const spec = this.#registry.needs(input.network);
    const result = await this.#enqueue(input.network, spec, input, signal, onStage);
    if (!result || result.kind === 'scene') throw notWhatWasAsked(input.network);
    return result;
  }

  async parse(input: NetworkInput, signal?: CancelSignal): Promise<SceneResult> {
    const spec = this.#registry.resolve(input.network);
    if (spec.kind !== 'scene') {
      throw new Fault('usage', `The network “${spec.name}” parses no scenes.`);
    }
    const result = await this.#enqueue(input.network, spec, input, signal, () => undefined);
    if (result?.kind !== 'scene') throw notWhatWasAsked(input.network);
    return result;
  }

  async warm(network: string): Promise<void> {
    const spec = this.#registry.needs(network);
    if (spec) await this.#enqueue(network, spec, null, undefined, () => undefined);
  }

  dispose(): void {
    this.#closed = true;
    const gone = new Fault('cancelled', 'The engine was closed.');
    for (const job of this.#queue.splice(0)) job.settle(gone);
    if (this.#running?.deadline) clearTimeout(this.#running.deadline);
    this.#running?.job.settle(gone);
    this.#running = null;
    this.#drop();
  }

  #enqueue(
    name: string,
    spec: NetworkSpec | null,
    input: NetworkInput | null,
    signal: CancelSignal | undefined,
    onStage: (stage: Stage) => void,
  ): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      const cancelled = () => new Fault('cancelled', 'The harmonization was cancelled.');
      if (this.#closed) return reject(new Fault('engine', 'The engine was closed.'));
      if (signal?.aborted) return reject(cancelled());
      const job: Job = {
        id: ++this.#lastId,
        name,
        spec,
        input,
        onStage,
        retried: false,
        settle: (outcome) => {
          signal?.removeEventListener('abort', onAbort);
          if (outcome instanceof Fault) reject(outcome);
          else resolve(outcome);
        },
      };
      const onAbort = () => {
        job.settle(cancelled());
        this.#abandon(job);
      };
      signal?.addEventListener('abort', onAbort);
      onStage('queued');
      this.#queue.push(job);
      this.#next();
    });
  }

  /** Starts the next job when none runs. */
  #next(): void {
    if (this.#running) return;
    const job = this.#queue.shift();
    if (!job) {
      this.#process?.hold(false);
      return;
    }
    this.#running = { job, device: null, deadline: null };
    this.#process ??= this.#launch();
    this.#process.hold(true);
    this.#process.send({
      id: job.id,
      spec: job.spec,
      folder: this.#registry.folder,
      order: this.#order ? [...this.#order] : null,
      lost: [...this.#lost],
      input: job.input,
    });
  }

  #launch(): EngineProcess {
    const engine = this.#start();
    engine.onMessage((message) => {
      if (engine === this.#process) this.#receive(message);
    });
    engine.onExit((reason) => {
      if (engine === this.#process) this.#died(reason);
    });
    return engine;
  }

  #receive(data: unknown): void {
    const parsed = fromEngine.safeParse(data);
    if (!parsed.success) {
      this.#drop();
      this.#died('it answered what cannot be understood');
      return;
    }
    const message = parsed.data;
    const running = this.#running;
    if (!running || running.job.id !== message.id) return;
    if (message.type === 'trying') {
      running.device = message.device;
      if (!running.deadline) running.job.onStage(message.stage);
      return;
    }
    if (running.deadline) clearTimeout(running.deadline);
    this.#running = null;
    this.#finish(running.job, message);
    this.#next();
  }

  #finish(job: Job, message: Exclude<FromEngine, { type: 'trying' }>): void {
    if (message.type === 'failed') {
      job.settle(toFault(message.error));
      return;
    }
    const { device, fellBack } = message.type === 'ran' ? message.result : message;
    for (const reason of fellBack) this.#say(`Not run on ${reason}. It runs on ${device}.`);
    job.onStage('done');
    job.settle(message.type === 'ran' ? message.result : null);
  }

  /** The process is gone: what ran gets another chance, on the next device when one is to blame. */
  #died(reason: string): void {
    this.#process = null;
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    const { job, device, deadline } = running;
    if (deadline) {
      clearTimeout(deadline);
    } else if (device !== null && device !== 'cpu') {
      this.#lost.push({ device, reason: `the engine process died with it (${reason})` });
      this.#queue.unshift(job);
    } else if (!job.retried) {
      job.retried = true;
      this.#notice(`The engine process died (${reason}) and was started again.`);
      this.#queue.unshift(job);
    } else {
      job.settle(
        new Fault(
          'engine',
          `The engine process died twice while running “${job.name}” (${reason}).`,
          'Close other programs if memory is short; if it stays so, please report it.',
        ),
      );
    }
    this.#next();
  }

  #abandon(job: Job): void {
    const at = this.#queue.indexOf(job);
    if (at >= 0) {
      this.#queue.splice(at, 1);
      return;
    }
    const running = this.#running;
    if (running?.job !== job) return;
    running.deadline = setTimeout(() => {
      this.#running = null;
      this.#drop();
      this.#next();
    }, this.#grace);
  }

  /** Kills the process without waiting for its end. */
  #drop(): void {
    const engine = this.#process;
    this.#process = null;
    engine?.hold(false);
    engine?.kill();
  }

  #say(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#notice(message);
  }
}

const notWhatWasAsked = (network: string) =>
  new Fault('engine', `The engine answered something else than “${network}” was asked for.`);
