import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { checkLift, liftRows, type LiftJob } from '../../harmonize/lift';
import type { CancelSignal } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { type Box, type Image, maskBounds } from '../../pixels/image';
import { endThread, putBack, takeThread, warmThreads } from './threads';
import type { FromWorker, LiftSettings, Strip, ToWorker } from './worker';

export interface LiftOptions {
  readonly signal?: CancelSignal;
  /** How many threads; by default one a core, 8 at the most. 0: the calling thread, for callers that are threads. */
  readonly threads?: number;
  /** Writes the result over the source's pixels instead of into memory of its own. */
  readonly inPlace?: boolean;
}

/** Fewer pixels than this are lifted at once, here. */
const SMALL = 500_000;
/** Pixels of one strip: small enough to stay in a core's cache, and that no thread waits long for another at the end. */
const STRIP = 1 << 17;

const defaultThreads = () => Math.min(8, availableParallelism());

/** Starts the threads that lifting a picture of this size will want, while something else is still to be done. */
export function warmLift({ width, height }: { width: number; height: number }): void {
  if (width * height >= SMALL) warmThreads(defaultThreads());
}

/**
 * Lifts a network's result to full size on worker threads, strip after strip, in the box of the foreground alone; the
 * rest is copied, or left where it is. The pixels are the same whatever the number of threads. Rejects with the Faults
 * of `checkLift`, and with `cancelled` at once when the signal aborts: then a source that was to be written over is
 * half done.
 */
export async function lift(job: LiftJob, options: LiftOptions = {}): Promise<Image> {
  checkLift(job);
  const { signal, threads = defaultThreads(), inPlace = false } = options;
  if (signal?.aborted) throw cancelled();
  const { width, height, data } = job.source;
  const out: Image = { width, height, data: inPlace ? data : new Uint8ClampedArray(data) };
  const box = activeBox(job);
  if (!box) return out;
  if (threads === 0 || box.width * box.height < SMALL) {
    liftRows({ ...job, source: out }, { from: box.y, to: box.y + box.height }, out.data);
    return out;
  }
  const strips = cut(box);
  await onThreads(job, out, strips, Math.min(strips.length, threads), signal);
  return out;
}

const cancelled = () => new Fault('cancelled', 'The harmonization was cancelled.');

/** The box of what takes any of the change; null when nothing does. */
function activeBox({ source, amount, strength }: LiftJob): Box | null {
  if (strength === 0) return null;
  return amount ? maskBounds(amount) : { x: 0, y: 0, width: source.width, height: source.height };
}

function cut({ x, y, width, height }: Box): Box[] {
  const high = Math.max(1, Math.round(STRIP / width));
  const strips: Box[] = [];
  for (let top = y; top < y + height; top += high) {
    strips.push({ x, y: top, width, height: Math.min(high, y + height - top) });
  }
  return strips;
}

/** Memory that a thread shares with this one, for one strip after the other. */
interface Desk {
  readonly pixels: Uint8ClampedArray;
  readonly amount: Uint8ClampedArray | null;
}

/** Strips that a thread has at a time: the next lies ready while one is worked on. */
const AHEAD = 2;

/** Lays a strip of the picture on a desk. */
function layOut(job: LiftJob, { x, y, width, height }: Box, desk: Desk): Strip {
  const { source, amount } = job;
  for (let row = 0; row < height; row++) {
    const from = (y + row) * source.width + x;
    desk.pixels.set(source.data.subarray(4 * from, 4 * (from + width)), 4 * row * width);
    if (amount && desk.amount) desk.amount.set(amount.data.subarray(from, from + width), row * width);
  }
  return {
    pixels: desk.pixels.subarray(0, 4 * width * height),
    amount: desk.amount && desk.amount.subarray(0, width * height),
    width,
    height,
    origin: { x, y },
  };
}

/** Copies a recoloured strip back. */
function takeIn(out: Image, { x, y, width, height }: Box, { pixels }: Desk): void {
  for (let row = 0; row < height; row++) {
    const line = pixels.subarray(4 * row * width, 4 * (row + 1) * width);
    out.data.set(line, 4 * ((y + row) * out.width + x));
  }
}

/** Hands the strips out to `count` threads; ends the threads when one fails or the signal aborts. */
function onThreads(
  job: LiftJob,
  out: Image,
  strips: readonly Box[],
  count: number,
  signal: CancelSignal | undefined,
): Promise<void> {
  const { method, result, input, strength, toFrame } = job;
  const settings: LiftSettings = { method, result, input, strength, toFrame };
  const largest = strips[0]!.width * strips[0]!.height;
  return new Promise((resolve, reject) => {
    const workers = Array.from({ length: count }, takeThread);
    let next = 0;
    let done = 0;
    const stop = (fault: Fault) => {
      signal?.removeEventListener('abort', onAbort);
      workers.forEach(endThread);
      reject(fault);
    };
    const onAbort = () => stop(cancelled());
    signal?.addEventListener('abort', onAbort);
    const failed = (why: string) =>
      stop(new Fault('engine', `Lifting the picture to full size failed: ${why}`));
    const serve = (worker: Worker) => {
      // A thread answers in the order it was asked.
      const asked: { strip: Box; desk: Desk }[] = [];
      const hand = (desk: Desk) => {
        const strip = strips[next++];
        if (!strip) return;
        asked.push({ strip, desk });
        worker.postMessage({ type: 'strip', strip: layOut(job, strip, desk) } satisfies ToWorker);
      };
      worker.on('error', (error) => failed(error.message));
      worker.on('exit', (code) => failed(`a thread ended with code ${code}.`));
      worker.on('message', ({ error }: FromWorker) => {
        const ready = asked.shift();
        if (error !== null || !ready) return failed(error ?? 'a thread answered what it was not asked.');
        takeIn(out, ready.strip, ready.desk);
        done++;
        if (done < strips.length) return hand(ready.desk);
        signal?.removeEventListener('abort', onAbort);
        workers.forEach(putBack);
        resolve();
      });
      worker.postMessage({ type: 'job', settings } satisfies ToWorker);
      for (let i = 0; i < AHEAD; i++) {
        hand({
          pixels: new Uint8ClampedArray(new SharedArrayBuffer(4 * largest)),
          amount: job.amount && new Uint8ClampedArray(new SharedArrayBuffer(largest)),
        });
      }
    };
    workers.forEach(serve);
  });
}
