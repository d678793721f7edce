import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { checkLift, liftRows, type LiftJob } from '../../harmonize/lift';
import type { CancelSignal } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { type Box, type Image, maskBounds, type Rows } from '../../pixels/image';
import { copyRows } from '../../pixels/recolouring';
import type { RowsReady } from './rows-ready';
import { endThread, putBack, takeThread, warmThreads } from './threads';
import type { FromWorker, LiftSettings, Strip, ToWorker } from './worker';

export interface LiftOptions {
  readonly signal?: CancelSignal;
  /**
   * How many threads, the calling one among them, which turns to what else there is to do after every strip; by default
   * one a core, one less with `ready`, 8 at the most. 0: the calling thread, without a pause, for callers that are threads.
   */
  readonly threads?: number;
  /** Writes the result over the source's pixels instead of into memory of its own. */
  readonly inPlace?: boolean;
  /** The box of what takes any of the change, where it is known. */
  readonly box?: Box | null;
  /** The rows in the order in which they are wanted, each once; from the top to the bottom when left out. */
  readonly order?: readonly Rows[];
  /** Told of rows that are done, with `inPlace`; the failure is told by {@link lift} alone. */
  readonly ready?: RowsReady;
}

/** Fewer pixels than this are lifted at once, here. */
const SMALL = 500_000;
/** Pixels of one strip: small enough to stay in a core's cache, and that no thread waits long for another at the end. */
const STRIP = 1 << 17;

/** One thread a core; who uses rows before all are done (`beside`) has work of its own for one of the cores. */
const defaultThreads = (beside: boolean) =>
  Math.min(8, Math.max(1, availableParallelism() - (beside ? 1 : 0)));

/**
 * Starts the threads that lifting a picture of this size will want, while something else is still to be done; `beside`:
 * its rows will be used before all are done.
 */
export function warmLift({ width, height }: { width: number; height: number }, beside = false): void {
  if (width * height >= SMALL) warmThreads(defaultThreads(beside) - 1);
}

/**
 * Lifts a network's result to full size on worker threads, strip after strip, in the box of the foreground alone; the
 * rest is copied, or left where it is. The pixels are the same whatever the number of threads. Rejects with the Faults
 * of `checkLift`, and with `cancelled` at once when the signal aborts: then a source that was to be written over is
 * half done.
 */
export async function lift(job: LiftJob, options: LiftOptions = {}): Promise<Image> {
  checkLift(job);
  const { signal, ready, threads = defaultThreads(ready !== undefined), inPlace = false } = options;
  if (signal?.aborted) throw cancelled();
  const { width, height, data } = job.source;
  const out: Image = inPlace ? job.source : { width, height, data: new Uint8ClampedArray(data.length) };
  const box = options.box === undefined || job.strength === 0 ? activeBox(job) : options.box;
  copyRows(job.source, { from: 0, to: box ? box.y : height }, out.data);
  if (!box) {
    ready?.finish({ from: 0, to: height });
    return out;
  }
  copyRows(job.source, { from: box.y + box.height, to: height }, out.data);
  if (threads === 0 || (!ready && box.width * box.height < SMALL)) {
    liftRows(job, { from: box.y, to: box.y + box.height }, out.data);
    ready?.finish({ from: 0, to: height });
    return out;
  }
  const strips = cut(box, options.order ?? [{ from: 0, to: height }]);
  await onThreads(job, out, strips, Math.min(strips.length, threads), options);
  return out;
}

const cancelled = () => new Fault('cancelled', 'The harmonization was cancelled.');

/** The box of what takes any of the change; null when nothing does. */
function activeBox({ source, amount, strength }: LiftJob): Box | null {
  if (strength === 0) return null;
  return amount ? maskBounds(amount) : { x: 0, y: 0, width: source.width, height: source.height };
}

/** The strips of a box, in the order of the rows. */
function cut({ x, y, width, height }: Box, order: readonly Rows[]): Box[] {
  const high = Math.max(1, Math.round(STRIP / width));
  const strips: Box[] = [];
  for (const { from, to } of order) {
    const end = Math.min(to, y + height);
    for (let top = Math.max(from, y); top < end; top += high) {
      strips.push({ x, y: top, width, height: Math.min(high, end - top) });
    }
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

/** Copies a recoloured strip back, and what lies beside it in its rows. */
function takeIn({ source }: LiftJob, out: Image, { x, y, width, height }: Box, { pixels }: Desk): void {
  if (width < out.width) copyRows(source, { from: y, to: y + height }, out.data);
  for (let row = 0; row < height; row++) {
    const line = pixels.subarray(4 * row * width, 4 * (row + 1) * width);
    out.data.set(line, 4 * ((y + row) * out.width + x));
  }
}

/** Lifts the strips on `count` threads, this one among them; ends the others when one fails or the signal aborts. */
function onThreads(
  job: LiftJob,
  out: Image,
  strips: readonly Box[],
  count: number,
  { signal, ready: told }: LiftOptions,
): Promise<void> {
  const { method, result, input, strength, toFrame } = job;
  const settings: LiftSettings = { method, result, input, strength, toFrame };
  const largest = strips.reduce((most, strip) => Math.max(most, strip.width * strip.height), 0);
  return new Promise((resolve, reject) => {
    const workers = Array.from({ length: count - 1 }, takeThread);
    let next = 0;
    let done = 0;
    let stopped = false;
    const stop = (fault: Fault) => {
      stopped = true;
      signal?.removeEventListener('abort', onAbort);
      workers.forEach(endThread);
      reject(fault);
    };
    const onAbort = () => stop(cancelled());
    signal?.addEventListener('abort', onAbort);
    const failed = (why: string) =>
      stop(new Fault('engine', `Lifting the picture to full size failed: ${why}`));
    /** Whether that was the last strip. */
    const finish = ({ y, height }: Box): boolean => {
      told?.finish({ from: y, to: y + height });
      if (++done < strips.length) return false;
      signal?.removeEventListener('abort', onAbort);
      workers.forEach(putBack);
      resolve();
      return true;
    };
    const liftHere = () => {
      const strip = strips[next];
      if (stopped || !strip) return;
      next++;
      try {
        liftRows(job, { from: strip.y, to: strip.y + strip.height }, out.data);
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error));
      }
      if (!finish(strip)) setImmediate(liftHere);
    };
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
        takeIn(job, out, ready.strip, ready.desk);
        if (!finish(ready.strip)) hand(ready.desk);
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
    liftHere();
  });
}
