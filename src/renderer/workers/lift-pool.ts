import { toFault } from '../../contract/errors';
import type { LiftJob } from '../../harmonize/lift';
import { Fault } from '../../pixels/fault';
import type { Rows } from '../../pixels/image';
import type { FromLift, ToLift } from './lift.worker';
import { allocatePixels } from './pixel-shelf';

/** Pixels in a piece of work: small enough for progress and cancelling, large enough that messages cost nothing. */
const PIECE = 2 ** 18;

/** The rows of a picture in pieces. */
export function pieces(width: number, height: number): Rows[] {
  const rows = Math.max(1, Math.round(PIECE / width));
  const list: Rows[] = [];
  for (let from = 0; from < height; from += rows) list.push({ from, to: Math.min(height, from + rows) });
  return list;
}

/**
 * Lifts a network's result to the full-size pixels of `job.source` on every core but one (which draws the canvas);
 * resolves to the new pixels. `progress` hears the share done, 0..1. Aborting ends the workers at once.
 */
export function liftInPool(
  job: LiftJob,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Uint8ClampedArray> {
  const { width, height } = job.source;
  const out = allocatePixels(job.source.data.length);
  const shared = !(out.buffer instanceof ArrayBuffer);
  const waiting = pieces(width, height);
  const total = waiting.length;
  let done = 0;
  const count = Math.min(total, Math.max(1, navigator.hardwareConcurrency - 1), 8);

  return new Promise((resolve, reject) => {
    const workers: Worker[] = [];
    const end = () => {
      for (const worker of workers) worker.terminate();
      signal.removeEventListener('abort', cancel);
    };
    const fail = (fault: Fault) => {
      end();
      reject(fault);
    };
    const cancel = () => fail(new Fault('cancelled', 'Harmonizing was cancelled.'));
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel);

    for (let i = 0; i < count; i++) {
      const worker = new Worker(new URL('./lift.worker.ts', import.meta.url), { type: 'module' });
      const send = (message: ToLift) => worker.postMessage(message);
      const next = () => {
        const rows = waiting.shift();
        if (rows) send({ kind: 'rows', rows });
      };
      worker.addEventListener('message', (event: MessageEvent<FromLift>) => {
        const message = event.data;
        if (message.kind === 'refused') return fail(toFault(message.error));
        if (message.data) out.set(message.data, message.rows.from * width * 4);
        done += 1;
        progress(done / total);
        if (done < total) return next();
        end();
        resolve(out);
      });
      worker.addEventListener('error', (event) =>
        fail(new Fault('engine', `A lift worker failed: ${event.message}`, 'Try again.')),
      );
      workers.push(worker);
      send({ kind: 'job', job, shared: shared ? out : null });
      next();
    }
  });
}
