import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { checkLift, liftRows, type LiftJob } from '../../harmonize/lift';
import type { CancelSignal } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { maskBounds, type Image, type Rows } from '../../pixels/image';
import { builtFile } from '../place';
import type { FromWorker, ToWorker } from './worker';

export interface LiftOptions {
  readonly signal?: CancelSignal;
  /** How many threads; by default one a core, 8 at the most. 0: the calling thread, for callers that are threads. */
  readonly threads?: number;
}

/** Fewer pixels than this are lifted at once, here. */
const SMALL = 500_000;
/** Pixels of one strip: small enough that no thread waits long for another at the end. */
const STRIP = 1 << 18;

/**
 * Lifts a network's result to full size on worker threads. The pixels are the same whatever the number of threads.
 * Rows without any amount are copied. The result's memory may be shared (a SharedArrayBuffer), and so may the
 * source's, which then is not copied. Rejects with the Faults of `checkLift`, and with `cancelled` at once when the
 * signal aborts.
 */
export async function lift(job: LiftJob, { signal, threads }: LiftOptions = {}): Promise<Image> {
  checkLift(job);
  if (signal?.aborted) throw cancelled();
  const { width, height, data } = job.source;
  const active = activeRows(job);
  const pixels = (active.to - active.from) * width;
  if (pixels < SMALL || threads === 0) {
    const out = new Uint8ClampedArray(data);
    if (pixels > 0) liftRows(job, active, out);
    return { width, height, data: out };
  }
  const out = new Uint8ClampedArray(new SharedArrayBuffer(data.length));
  out.set(data.subarray(0, active.from * width * 4));
  out.set(data.subarray(active.to * width * 4), active.to * width * 4);
  const strips = cut(active, Math.max(1, Math.round(STRIP / width)));
  const count = Math.min(strips.length, threads ?? Math.min(8, availableParallelism()));
  await onThreads(shareJob(job), out, strips, count, signal);
  return { width, height, data: out };
}

const cancelled = () => new Fault('cancelled', 'The harmonization was cancelled.');

/** From the first to the last row that takes any of the change. */
function activeRows({ source, amount, strength }: LiftJob): Rows {
  if (strength === 0) return { from: 0, to: 0 };
  if (!amount) return { from: 0, to: source.height };
  const box = maskBounds(amount);
  return box ? { from: box.y, to: box.y + box.height } : { from: 0, to: 0 };
}

function cut({ from, to }: Rows, high: number): Rows[] {
  const strips: Rows[] = [];
  for (let y = from; y < to; y += high) strips.push({ from: y, to: Math.min(y + high, to) });
  return strips;
}

/** The job with its pixels in memory that threads share. */
function shareJob(job: LiftJob): LiftJob {
  const bytes = (data: Uint8ClampedArray) => {
    if (data.buffer instanceof SharedArrayBuffer) return data;
    const shared = new Uint8ClampedArray(new SharedArrayBuffer(data.length));
    shared.set(data);
    return shared;
  };
  return {
    ...job,
    source: { ...job.source, data: bytes(job.source.data) },
    amount: job.amount && { ...job.amount, data: bytes(job.amount.data) },
  };
}

/**
 * A thread lets go of a job's memory when it next collects garbage, which may be never: after jobs of more bytes than
 * this it is ended.
 */
const KEEP = 1 << 24;

/** Threads that wait for work; they do not keep the process alive. */
const idle: Worker[] = [];

function takeWorker(): Worker {
  const worker = idle.pop() ?? new Worker(builtFile('lift-worker.js'), { name: 'lift' });
  worker.ref();
  return worker;
}

/** One by one: Worker keeps listeners of its own. */
function unhear(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}

function end(worker: Worker): void {
  unhear(worker);
  worker.on('error', () => undefined);
  void worker.terminate();
}

function putBack(worker: Worker): void {
  unhear(worker);
  // A thread that waits may end when it likes.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  });
  // Lets go of the last job's pixels.
  worker.postMessage({ type: 'forget' } satisfies ToWorker);
  worker.unref();
  idle.push(worker);
}

/** Hands the strips out, one a time to each of `count` threads; ends the threads when one fails or the signal aborts. */
function onThreads(
  job: LiftJob,
  out: Uint8ClampedArray,
  strips: readonly Rows[],
  count: number,
  signal: CancelSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const workers = Array.from({ length: count }, takeWorker);
    let next = 0;
    let done = 0;
    const stop = (fault: Fault) => {
      signal?.removeEventListener('abort', onAbort);
      workers.forEach(end);
      reject(fault);
    };
    const onAbort = () => stop(cancelled());
    signal?.addEventListener('abort', onAbort);
    const hand = (worker: Worker) => {
      const rows = strips[next++];
      if (rows) worker.postMessage({ type: 'rows', rows } satisfies ToWorker);
    };
    const failed = (why: string) =>
      stop(new Fault('engine', `Lifting the picture to full size failed: ${why}`));
    for (const worker of workers) {
      worker.on('error', (error) => failed(error.message));
      worker.on('exit', (code) => failed(`a thread ended with code ${code}.`));
      worker.on('message', ({ error }: FromWorker) => {
        if (error !== null) return failed(error);
        done++;
        if (done < strips.length) return hand(worker);
        signal?.removeEventListener('abort', onAbort);
        for (const one of workers) {
          if (out.length <= KEEP) putBack(one);
          else end(one);
        }
        resolve();
      });
      worker.postMessage({ type: 'job', job, out } satisfies ToWorker);
      hand(worker);
    }
  });
}
