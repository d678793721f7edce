import { parentPort } from 'node:worker_threads';
import { liftRows, type LiftJob } from '../../harmonize/lift';
import type { Rows } from '../../pixels/image';

/** What a lifting thread is told: a job with the shared memory for its result, the next rows of that job, its end. */
export type ToWorker =
  | { readonly type: 'job'; readonly job: LiftJob; readonly out: Uint8ClampedArray }
  | { readonly type: 'rows'; readonly rows: Rows }
  | { readonly type: 'forget' };

/** What it answers to rows: null when they are written, else what went wrong. */
export type FromWorker = { readonly error: string | null };

let current: { job: LiftJob; out: Uint8ClampedArray } | null = null;

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'job') {
    current = { job: message.job, out: message.out };
    return;
  }
  if (message.type === 'forget') {
    current = null;
    return;
  }
  let error: string | null = null;
  try {
    if (!current) throw new Error('Rows without a job.');
    liftRows(current.job, message.rows, current.out);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const answer: FromWorker = { error };
  parentPort?.postMessage(answer);
});
