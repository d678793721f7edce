import { parentPort } from 'node:worker_threads';
import { liftRows, type LiftJob } from '../../harmonize/lift';
import { forgetCells } from '../../pixels/upsample';

/** A job without its pixels: those come in strips. */
export type LiftSettings = Omit<LiftJob, 'source' | 'amount' | 'origin'>;

/** Pixels in memory that both threads see, recoloured in place. */
export interface Strip {
  /** RGBA. */
  readonly pixels: Uint8ClampedArray;
  readonly amount: Uint8ClampedArray | null;
  readonly width: number;
  readonly height: number;
  /** Where the first pixel lies in the whole picture. */
  readonly origin: { readonly x: number; readonly y: number };
}

/** What a lifting thread is told: a job, the next strip of that job, its end. */
export type ToWorker =
  | { readonly type: 'job'; readonly settings: LiftSettings }
  | { readonly type: 'strip'; readonly strip: Strip }
  | { readonly type: 'forget' };

/** What it answers to a strip: null when it is recoloured, else what went wrong. */
export type FromWorker = { readonly error: string | null };

let settings: LiftSettings | null = null;

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'job') {
    ({ settings } = message);
    return;
  }
  if (message.type === 'forget') {
    settings = null;
    forgetCells();
    return;
  }
  let error: string | null = null;
  try {
    if (!settings) throw new Error('A strip without a job.');
    const { pixels, amount, width, height, origin } = message.strip;
    const job: LiftJob = {
      ...settings,
      source: { width, height, data: pixels },
      amount: amount && { width, height, data: amount },
      origin,
    };
    liftRows(job, { from: 0, to: height }, pixels);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const answer: FromWorker = { error };
  parentPort?.postMessage(answer);
});
