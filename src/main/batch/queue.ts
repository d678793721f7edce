import { createHash } from 'node:crypto';
import { Queue, QueueEvents, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { serviceError, toFault } from '../../contract/errors';
import { Fault } from '../../pixels/fault';
import type { Executor } from './batch';
import { jobAnswer, TRIES, type PictureJob } from './queue-jobs';
import { connect, QUEUE } from './redis';
import type { BatchSettings, PictureResult, PictureWork } from './work';

export interface QueueOptions {
  /** The batch's id; a resumed batch finds its own jobs again. */
  readonly run: string;
  readonly onNotice: (message: string) => void;
  /** How often the jobs are looked through, milliseconds; what a Redis that lost its memory has forgotten is put in again. */
  readonly poll?: number;
}

/** Pictures that are in the queue at the same time: enough for many workers, few enough to stop soon. */
const PARALLEL = 256;

interface Waiting {
  readonly job: PictureJob;
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
  readonly #timer: NodeJS.Timeout;
  #polling = false;

  constructor(redis: Redis, listening: Redis, { run, poll = 3000 }: QueueOptions) {
    this.#redis = redis;
    this.#listening = listening;
    this.#run = run;
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
    if (!onStart()) return null;
    const job: PictureJob = { version: 1, work, settings, size };
    const id = this.#idOf(work);
    const outcome = await new Promise<PictureResult | Fault>((resolve) => {
      this.#waiting.set(id, {
        job,
        settle: (answer) => {
          this.#waiting.delete(id);
          resolve(answer);
        },
      });
      // Of a resumed batch the job may be there already, even done.
      this.#put(id, job)
        .then(() => this.#look(id))
        .catch(() => undefined);
    });
    if (outcome instanceof Fault) throw outcome;
    return outcome;
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

  async #put(id: string, job: PictureJob): Promise<void> {
    await this.#queue.add('picture', job, {
      jobId: id,
      attempts: TRIES.attempts,
      backoff: { type: 'exponential', delay: TRIES.delay },
    });
  }

  /** Looks through all jobs: events are lost while Redis is away, and jobs when it comes back empty. */
  async #poll(): Promise<void> {
    if (this.#polling || this.#redis.status !== 'ready') return;
    this.#polling = true;
    try {
      await Promise.all([...this.#waiting.keys()].map((id) => this.#look(id)));
    } finally {
      this.#polling = false;
    }
  }

  /** Takes a job's answer when there is one; puts the job in again when it is not there. */
  async #look(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const state = await this.#queue.getJobState(id);
    if (state === 'unknown') {
      if (this.#waiting.has(id)) await this.#put(id, waiting.job);
      return;
    }
    if (state !== 'completed' && state !== 'failed') return;
    // Fetched after its state is known: a job fetched before it was done would hold no answer yet.
    const job = await this.#queue.getJob(id);
    if (!job) return;
    waiting.settle(state === 'completed' ? answered(job) : failed(job));
    await job.remove().catch(() => undefined);
  }
}

function answered(job: Job): PictureResult | Fault {
  const answer = jobAnswer.safeParse(job.returnvalue);
  if (!answer.success) {
    return new Fault(
      'engine',
      'A worker answered what cannot be understood.',
      'Use workers of the same version.',
    );
  }
  return answer.data.state === 'done' ? answer.data.result : toFault(answer.data.error);
}

/** The last try failed: as the worker said it, or as BullMQ did (a worker that died again and again). */
function failed(job: Job<PictureJob>): Fault {
  try {
    return toFault(serviceError.parse(JSON.parse(job.failedReason)));
  } catch {
    return new Fault(
      'engine',
      `${job.data.work.picture}: no worker could finish it (${job.failedReason}).`,
      'Look at the workers; resume the batch to try it again.',
    );
  }
}
