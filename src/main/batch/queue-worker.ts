import { sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { toServiceError } from '../../contract/errors';
import { Fault } from '../../pixels/fault';
import type { Crew } from './crew';
import { mayPass, pictureJob, type JobAnswer, type PictureJob } from './queue-jobs';
import { sweepLeft, workOnSent } from './queue-sent';
import { connect, QUEUE } from './redis';
import { sweepUnfinished } from './sweep';
import type { PictureWork } from './work';

/** A folder that has another name on the worker's machine. */
export interface Mapping {
  readonly from: string;
  readonly to: string;
}

export interface QueueWorkerOptions {
  readonly crew: Crew;
  readonly mappings: readonly Mapping[];
  /** Seconds after which a worker that is silent counts as dead and its pictures are done by others. */
  readonly lease: number;
  readonly onDone: (work: PictureWork, answer: JobAnswer) => void;
  readonly onNotice: (message: string) => void;
}

/** A worker behind the queue. */
export interface QueueWorker {
  /** Takes no more pictures and waits for those in the works. */
  finish(): Promise<void>;
  /** Lets go of everything at once; other workers take the pictures over. */
  drop(): Promise<void>;
}

/** A dead worker's picture is taken over so often before it counts as failed: a picture that kills its workers ends there. */
const TAKEOVERS = 5;
/** How long a worker that drops its pictures tries to say so, milliseconds. */
const GOODBYE = 2000;

/** Starts to do the pictures of a queue. Throws a Fault when no Redis answers. */
export async function startQueueWorker(url: string, options: QueueWorkerOptions): Promise<QueueWorker> {
  const { crew, lease, onNotice } = options;
  const redis = await connect(url, onNotice);
  await sweepLeft();
  const worker = new Worker<PictureJob, JobAnswer>(QUEUE, (job) => workOnJob(job, redis, options), {
    connection: redis,
    concurrency: crew.jobs,
    lockDuration: lease * 1000,
    stalledInterval: lease * 1000,
    maxStalledCount: TAKEOVERS,
  });
  worker.on('error', () => undefined);
  worker.on('stalled', () => onNotice('A picture of a worker that died is taken over.'));
  return {
    async finish() {
      await worker.close();
      redis.disconnect();
    },
    async drop() {
      await crew.end();
      // The dropped pictures go back to the queue at once; without Redis, when the lease ends.
      if (redis.status === 'ready')
        await Promise.race([worker.close(), wait(GOODBYE)]).catch(() => undefined);
      redis.disconnect();
    },
  };
}

async function workOnJob(
  job: Job<PictureJob>,
  redis: Redis,
  options: QueueWorkerOptions,
): Promise<JobAnswer> {
  const parsed = pictureJob.safeParse(job.data);
  if (!parsed.success) {
    const fault = new Fault(
      'usage',
      'The job is of another version of Attune.',
      'Use workers of the same version.',
    );
    return { state: 'failed', error: toServiceError(fault) };
  }
  const { settings, size, sent } = parsed.data;
  const work = sent ? parsed.data.work : mapped(parsed.data.work, options.mappings);
  // What a worker that died had begun to write. One that only was silent fails, and the output is written here.
  if (!sent && (job.attemptsStarted > 1 || job.stalledCounter > 0)) await sweepUnfinished([work.output]);
  let answer: JobAnswer;
  try {
    if (sent) {
      const done = await workOnSent(redis, { work, sent }, (here) => options.crew.work(here, settings, size));
      answer = { state: 'done', ...done };
    } else {
      const result = await options.crew.work(work, settings, size);
      answer = { state: 'done', result: result!, sent: null };
    }
  } catch (thrown) {
    const error = toServiceError(thrown);
    // BullMQ keeps an error's message alone.
    if (mayPass(error.code) || error.code === 'cancelled') throw new Error(JSON.stringify(error));
    answer = { state: 'failed', error };
  }
  options.onDone(work, answer);
  return answer;
}

/** The work with its paths as they are on this machine. */
function mapped(work: PictureWork, mappings: readonly Mapping[]): PictureWork {
  const here = (path: string) => {
    for (const { from, to } of mappings) {
      const base = from.replace(/[/\\]+$/, '');
      if (path === base || path.startsWith(`${base}/`) || path.startsWith(`${base}\\`)) {
        return to.replace(/[/\\]+$/, '') + path.slice(base.length).replaceAll(/[/\\]/g, sep);
      }
    }
    return path;
  };
  const { output } = work;
  if (work.kind === 'pair') {
    return { ...work, picture: here(work.picture), mask: here(work.mask), output: here(output) };
  }
  if (work.kind === 'cutout') {
    return { ...work, picture: here(work.picture), background: here(work.background), output: here(output) };
  }
  return { ...work, picture: here(work.picture), output: here(output) };
}
