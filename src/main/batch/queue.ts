import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { Queue, QueueEvents, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { Fault } from '../../pixels/fault';
import { writeAtomically } from '../files/atomic';
import type { Executor } from './batch';
import { MemoryBudget } from './budget';
import {
  bytesOf,
  checkSent,
  dropStored,
  fetchFile,
  keepStored,
  storeFile,
  type StoredObject,
} from './objects';
import { makeFolder } from './picture';
import { answered, failed, TRIES, type PictureJob } from './queue-jobs';
import { connect, QUEUE } from './redis';
import { inputsOf, type BatchSettings, type PictureResult, type PictureWork } from './work';

export interface QueueOptions {
  /** The batch's id; a resumed batch finds its own jobs again. */
  readonly run: string;
  readonly onNotice: (message: string) => void;
  /** Whether the pictures themselves travel through Redis, for workers that do not see the folders. */
  readonly send?: boolean;
  /** How often the jobs are looked through, milliseconds; what a Redis that lost its memory has forgotten is put in again. */
  readonly poll?: number;
}

/** Pictures that are in the queue at the same time: enough for many workers, few enough to stop soon. */
const PARALLEL = 256;
/** Bytes of pictures that a batch has in Redis at the same time; a larger picture travels alone. */
const SENT_TOGETHER = 512 * 2 ** 20;
/** How often a result that is gone from Redis is asked for again. */
const AGAIN = 3;

interface Waiting {
  readonly work: PictureWork;
  readonly settings: BatchSettings;
  readonly size: number;
  /** The picture's files in Redis. */
  sent: readonly StoredObject[] | null;
  /** Whether the answer is being taken. */
  taking: boolean;
  /** How often the result was gone. */
  gone: number;
  readonly settle: (outcome: PictureResult | Fault) => void;
}

/** Connects to the queue. Throws a Fault when no Redis answers. */
export async function openQueue(url: string, options: QueueOptions): Promise<QueueExecutor> {
  const redis = await connect(url, options.onNotice);
  const listening = await connect(url, () => undefined);
  return new QueueExecutor(redis, listening, options);
}

/** Hands pictures to the workers behind a queue and waits for their answers. */
export class QueueExecutor implements Executor {
  readonly parallel = PARALLEL;
  readonly #redis: Redis;
  readonly #listening: Redis;
  readonly #queue: Queue<PictureJob>;
  readonly #events: QueueEvents;
  readonly #run: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #room: MemoryBudget | null;
  readonly #timer: NodeJS.Timeout;
  #polling = false;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(redis: Redis, listening: Redis, { run, send = false, poll = 3000 }: QueueOptions) {
    this.#redis = redis;
    this.#listening = listening;
    this.#run = run;
    this.#room = send ? new MemoryBudget(SENT_TOGETHER) : null;
    this.#queue = new Queue(QUEUE, { connection: redis });
    this.#events = new QueueEvents(QUEUE, { connection: listening });
    // The connections tell of what goes wrong; a listener keeps it from ending the program.
    this.#queue.on('error', () => undefined);
    this.#events.on('error', () => undefined);
    const look = ({ jobId }: { jobId: string }) => void this.#look(jobId).catch(() => undefined);
    this.#events.on('completed', look);
    this.#events.on('failed', look);
    this.#timer = setInterval(() => void this.#poll().catch(() => undefined), poll);
  }

  async work(
    work: PictureWork,
    settings: BatchSettings,
    size: number,
    onStart: () => boolean,
  ): Promise<PictureResult | null> {
    const bytes = this.#room ? await bytesOf(inputsOf(work)) : 0;
    if (this.#room) checkSent(work.picture, bytes);
    const giveBack = await this.#room?.take(bytes);
    const id = this.#idOf(work);
    let sent: readonly StoredObject[] | null = null;
    try {
      if (!onStart()) return null;
      const outcome = await new Promise<PictureResult | Fault>((resolve) => {
        const waiting: Waiting = {
          work,
          settings,
          size,
          sent: null,
          taking: false,
          gone: 0,
          settle: (answer) => {
            sent = waiting.sent;
            this.#waiting.delete(id);
            resolve(answer);
          },
        };
        this.#waiting.set(id, waiting);
        // Of a resumed batch the job may be there already, even done.
        this.#put(id, waiting)
          .then(() => this.#look(id))
          .catch((thrown: unknown) => {
            // A file that cannot be sent ends its picture; a Redis that is away is waited for.
            if (thrown instanceof Fault) waiting.settle(thrown);
          });
      });
      if (outcome instanceof Fault) throw outcome;
      return outcome;
    } finally {
      giveBack?.();
      if (sent !== null && this.#redis.status === 'ready') await this.#forget(sent);
    }
  }

  /** Takes back what no worker has begun and waits for nothing more. */
  async drop(): Promise<void> {
    const ids = [...this.#waiting.keys()];
    for (const { settle } of [...this.#waiting.values()]) {
      settle(new Fault('cancelled', 'The batch was cancelled.'));
    }
    if (this.#redis.status !== 'ready') return;
    // A job that a worker is at cannot be removed; its picture is finished and found by a resumed batch.
    await Promise.all(ids.map((id) => this.#queue.remove(id).catch(() => 0)));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#redis.status === 'ready') {
      await this.#events.close().catch(() => undefined);
      await this.#queue.close().catch(() => undefined);
    }
    this.#listening.disconnect();
    this.#redis.disconnect();
  }

  #idOf({ output }: PictureWork): string {
    return createHash('sha256').update(`${this.#run}\n${output}`).digest('hex').slice(0, 32);
  }

  async #put(id: string, waiting: Waiting): Promise<void> {
    const { work, settings, size } = waiting;
    if (this.#room) waiting.sent = await this.#send(id, work);
    const job: PictureJob = {
      version: 2,
      work,
      settings,
      size,
      sent: waiting.sent === null ? null : [...waiting.sent],
    };
    if (waiting.sent !== null) {
      // A job that an earlier run left is another picture when its files have changed since.
      const left = await this.#queue.getJob(id);
      if (left && JSON.stringify(left.data.sent) !== JSON.stringify(job.sent)) {
        await left.remove().catch(() => undefined);
      }
    }
    if (!this.#waiting.has(id)) return;
    await this.#queue.add('picture', job, {
      jobId: id,
      attempts: TRIES.attempts,
      backoff: { type: 'exponential', delay: TRIES.delay },
    });
  }

  /** Puts the picture's files into Redis. */
  async #send(id: string, work: PictureWork): Promise<StoredObject[]> {
    const sent: StoredObject[] = [];
    for (const [k, path] of inputsOf(work).entries()) {
      sent.push(await storeFile(this.#redis, `attune:object:${id}:${k}`, path));
    }
    return sent;
  }

  async #forget(sent: readonly StoredObject[]): Promise<void> {
    await dropStored(
      this.#redis,
      sent.map(({ key }) => key),
    ).catch(() => undefined);
  }

  /** Looks through all jobs: events are lost while Redis is away, and jobs when it comes back empty. */
  async #poll(): Promise<void> {
    if (this.#polling || this.#redis.status !== 'ready') return;
    this.#polling = true;
    try {
      const sent = [...this.#waiting.values()].flatMap((waiting) => waiting.sent ?? []);
      await keepStored(
        this.#redis,
        sent.map(({ key }) => key),
      );
      await Promise.all([...this.#waiting.keys()].map((id) => this.#look(id)));
    } finally {
      this.#polling = false;
    }
  }

  /** Takes a job's answer when there is one; puts the job in again when it is not there. */
  async #look(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (!waiting || waiting.taking) return;
    const state = await this.#queue.getJobState(id);
    if (waiting.taking || !this.#waiting.has(id)) return;
    if (state === 'unknown') {
      // The first time it is on its way there.
      if (this.#room === null || waiting.sent !== null)
        await this.#takeOne(waiting, () => this.#put(id, waiting));
      return;
    }
    if (state !== 'completed' && state !== 'failed') return;
    await this.#takeOne(waiting, async () => {
      // Fetched after its state is known: a job fetched before it was done would hold no answer yet.
      const job = await this.#queue.getJob(id);
      if (!job) return;
      const outcome = state === 'completed' ? await this.#answer(job, waiting) : failed(job);
      if (outcome === 'gone') {
        await job.remove();
        await this.#put(id, waiting);
        return;
      }
      waiting.settle(outcome);
      await job.remove().catch(() => undefined);
    });
  }

  /** One look at a time is at a picture: events and the regular look would take an answer twice. */
  async #takeOne(waiting: Waiting, take: () => Promise<void>): Promise<void> {
    waiting.taking = true;
    try {
      await take();
    } catch (thrown) {
      if (thrown instanceof Fault) waiting.settle(thrown);
    } finally {
      waiting.taking = false;
    }
  }

  /** What a worker answered, its output written where it belongs; `gone` when that is no longer in Redis. */
  async #answer(job: Job<PictureJob>, waiting: Waiting): Promise<PictureResult | Fault | 'gone'> {
    const answer = answered(job);
    if (answer instanceof Fault) return answer;
    const { result, sent } = answer;
    if (sent === null) return result;
    const { output } = waiting.work;
    try {
      // One after the other: the disk is no faster for many at once.
      const writing = this.#writing.then(() => this.#write(sent, output));
      this.#writing = writing.catch(() => undefined);
      await writing;
      return result;
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      return thrown.code === 'engine' && ++waiting.gone <= AGAIN ? 'gone' : thrown;
    } finally {
      await this.#forget([sent]);
    }
  }

  async #write(sent: StoredObject, output: string): Promise<void> {
    await makeFolder(dirname(output));
    await writeAtomically(output, (temporary) => fetchFile(this.#redis, sent, temporary, output));
  }
}
