import { Worker } from 'node:worker_threads';
import { builtFile } from '../place';
import type { ToWorker } from './worker';

/** Threads that wait for work; they do not keep the process alive. */
const idle: Worker[] = [];

/** Starts threads until `count` wait, so that lifting need not wait for them. */
export function warmThreads(count: number): void {
  while (idle.length < count) putBack(startThread());
}

/** A thread that waits, or a new one; give it back, or end it. */
export function takeThread(): Worker {
  const worker = idle.pop() ?? startThread();
  unhear(worker);
  worker.ref();
  return worker;
}

export function putBack(worker: Worker): void {
  unhear(worker);
  // A thread that waits may end when it likes.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  });
  // Lets go of the last job.
  worker.postMessage({ type: 'forget' } satisfies ToWorker);
  worker.unref();
  idle.push(worker);
}

export function endThread(worker: Worker): void {
  unhear(worker);
  worker.on('error', () => undefined);
  void worker.terminate();
}

function startThread(): Worker {
  return new Worker(builtFile('lift-worker.js'), { name: 'lift' });
}

/** One by one: Worker keeps listeners of its own. */
function unhear(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
}
