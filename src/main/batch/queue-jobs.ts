import type { Job } from 'bullmq';
import { z } from 'zod';
import { serviceError, toFault } from '../../contract/errors';
import { Fault, type FaultCode } from '../../pixels/fault';
import { storedObject } from './objects';
import { batchSettings, pictureResult, pictureWork } from './work';

/** What a job of the queue holds: all that a worker needs. Paths are those of the machine that the batch runs on. */
export const pictureJob = z.object({
  version: z.literal(2),
  work: pictureWork,
  settings: batchSettings,
  size: z.number().nonnegative(),
  /** The picture's files as they lie in Redis, in the order of `inputsOf`; null: the worker reads and writes the paths. */
  sent: z.array(storedObject).nullable(),
});
export type PictureJob = z.infer<typeof pictureJob>;

/** What a worker answers. A picture that cannot be done, however often it is tried, is an answer, not a failed job. */
export const jobAnswer = z.discriminatedUnion('state', [
  /** `sent`: the output, in Redis, when the picture came from there. */
  z.object({ state: z.literal('done'), result: pictureResult, sent: storedObject.nullable() }),
  z.object({ state: z.literal('failed'), error: serviceError }),
]);
export type JobAnswer = z.infer<typeof jobAnswer>;

/** Faults of the machine, not of the picture: another try, perhaps on another machine, may do better. */
const passing: ReadonlySet<FaultCode> = new Set(['write', 'engine', 'network-file', 'unreadable']);

export const mayPass = (code: FaultCode) => passing.has(code);

/** Tries of a picture, and the milliseconds before the second; each wait is twice the one before. */
export const TRIES = { attempts: 4, delay: 1000 } as const;

/** What a worker answered, or the Fault that it answered. */
export function answered(job: Job): Extract<JobAnswer, { state: 'done' }> | Fault {
  const answer = jobAnswer.safeParse(job.returnvalue);
  if (!answer.success) {
    return new Fault(
      'engine',
      'A worker answered what cannot be understood.',
      'Use workers of the same version.',
    );
  }
  return answer.data.state === 'done' ? answer.data : toFault(answer.data.error);
}

/** The last try failed: as the worker said it, or as BullMQ did (a worker that died again and again). */
export function failed(job: Job<PictureJob>): Fault {
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
