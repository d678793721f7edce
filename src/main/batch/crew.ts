import { availableParallelism, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { toFault, toServiceError } from '../../contract/errors';
import { CUT_AND_PASTE } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import type { Harmonizer } from '../harmonizing';
import { builtFile } from '../place';
import { memoryOf, MemoryBudget } from './budget';
import { sweepUnfinished } from './sweep';
import type { FromThread, ToThread } from './thread';
import type { BatchSettings, PictureResult, PictureWork } from './work';

export interface CrewOptions {
  readonly harmonizer: Harmonizer;
  /** Pictures in the works at the same time; {@link defaultJobs}. */
  readonly jobs?: number;
  /** Bytes that the pictures in the works may need together; {@link defaultMemory}. */
  readonly memory?: number;
}

/** One more than cores: while one waits for the disk or the network, another works. */
export function defaultJobs(): number {
  return Math.min(16, availableParallelism() + 1);
}

/** 768 MiB, or a quarter of a small machine's memory. */
export function defaultMemory(): number {
  return Math.min(768 * 2 ** 20, totalmem() / 4);
}

interface Hand {
  readonly worker: Worker;
  /** Ends the wait for the picture in the works. */
  settle: ((outcome: PictureResult | Fault) => void) | null;
}

/** Threads that work on pictures, several at a time, within a budget of memory. */
export class Crew {
  readonly jobs: number;
  readonly #harmonizer: Harmonizer;
  readonly #budget: MemoryBudget;
  readonly #idle: Hand[] = [];
  readonly #all = new Set<Hand>();
  readonly #outputs = new Set<string>();
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #ended = false;

  constructor({ harmonizer, jobs = defaultJobs(), memory = defaultMemory() }: CrewOptions) {
    this.jobs = jobs;
    this.#free = jobs;
    this.#harmonizer = harmonizer;
    this.#budget = new MemoryBudget(memory);
  }

  /**
   * Works on a picture as soon as a thread and the memory are there.
   *
   * @param size Bytes of its files.
   * @param onStart Told when it really begins; answering false takes the picture back.
   * @returns null when it was taken back.
   * @throws Fault that names the file; `cancelled` when the crew was ended.
   */
  async work(
    work: PictureWork,
    settings: BatchSettings,
    size: number,
    onStart: () => boolean = () => true,
  ): Promise<PictureResult | null> {
    await this.#place();
    let giveBack: (() => void) | null = null;
    try {
      giveBack = await this.#budget.take(await memoryOf(work, size));
      if (this.#ended) throw cancelled();
      if (!onStart()) return null;
      return await this.#onThread(work, settings);
    } finally {
      giveBack?.();
      this.#free++;
      this.#waiting.shift()?.();
    }
  }

  /** Ends every thread at once; pictures in the works are dropped and what they had begun to write is removed. */
  async end(): Promise<void> {
    this.#ended = true;
    const hands = [...this.#all];
    for (const { settle } of hands) settle?.(cancelled());
    await Promise.all(hands.map(({ worker }) => worker.terminate()));
    await sweepUnfinished([...this.#outputs]);
  }

  async #place(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free--;
  }

  async #onThread(work: PictureWork, settings: BatchSettings): Promise<PictureResult> {
    const hand = this.#idle.pop() ?? this.#hire();
    this.#outputs.add(work.output);
    const outcome = await new Promise<PictureResult | Fault>((resolve) => {
      hand.settle = resolve;
      hand.worker.postMessage({ type: 'picture', work, settings } satisfies ToThread);
    });
    hand.settle = null;
    // What was dropped in the middle is swept by `end`.
    if (!this.#ended) this.#outputs.delete(work.output);
    if (this.#all.has(hand)) this.#idle.push(hand);
    if (outcome instanceof Fault) throw outcome;
    return outcome;
  }

  #hire(): Hand {
    const worker = new Worker(builtFile('batch-thread.js'), { name: 'batch' });
    const hand: Hand = { worker, settle: null };
    this.#all.add(hand);
    const lost = (why: string) => {
      this.#all.delete(hand);
      const at = this.#idle.indexOf(hand);
      if (at >= 0) this.#idle.splice(at, 1);
      hand.settle?.(new Fault('engine', `The thread of a picture ended: ${why}`));
    };
    worker.on('error', (error) => lost(error.message));
    worker.on('exit', (code) => lost(`code ${code}.`));
    worker.on('message', (message: FromThread) => {
      if (message.type === 'run') void this.#run(worker, message);
      else if (message.type === 'done') hand.settle?.(message.result);
      else hand.settle?.(toFault(message.error));
    });
    return hand;
  }

  async #run(worker: Worker, { run, input }: Extract<FromThread, { type: 'run' }>): Promise<void> {
    let answer: ToThread;
    try {
      answer = { type: 'answer', run, result: await this.#harmonizer.engine.run(input) };
    } catch (error) {
      answer = { type: 'refusal', run, error: toServiceError(error) };
    }
    worker.postMessage(answer);
  }
}

const cancelled = () => new Fault('cancelled', 'The batch was cancelled.');

/** Loads the network while the first pictures are decoded; a failure is told of by the runs. */
export function warmFor(method: string, engine: { warm(network: string): Promise<void> }): void {
  if (method !== CUT_AND_PASTE) engine.warm(method).catch(() => undefined);
}
