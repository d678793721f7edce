import { parentPort } from 'node:worker_threads';
import { toFault, toServiceError, type ServiceError } from '../../contract/errors';
import type { NetworkInput, NetworkResult } from '../../harmonize/network';
import type { Harmonizer } from '../harmonizing';
import { openRegistry } from '../inference/registry';
import { workOnPicture } from './picture';
import type { BatchSettings, PictureResult, PictureWork } from './work';

/**
 * A thread of a batch does one picture at a time from file to file: decoding and encoding run in sharp's own threads,
 * squashing and lifting in this one. Only the network's run is asked of the main thread, which has the engine.
 */
export type ToThread =
  | { readonly type: 'picture'; readonly work: PictureWork; readonly settings: BatchSettings }
  | { readonly type: 'answer'; readonly run: number; readonly result: NetworkResult }
  | { readonly type: 'refusal'; readonly run: number; readonly error: ServiceError };

export type FromThread =
  | { readonly type: 'run'; readonly run: number; readonly input: NetworkInput }
  | { readonly type: 'done'; readonly result: PictureResult }
  | { readonly type: 'failed'; readonly error: ServiceError };

const port = parentPort;
const runs = new Map<number, { resolve: (result: NetworkResult) => void; reject: (fault: Error) => void }>();
let lastRun = 0;
const say = (message: FromThread) => port?.postMessage(message);

const engine: Harmonizer['engine'] = {
  run: (input) =>
    new Promise((resolve, reject) => {
      const run = ++lastRun;
      runs.set(run, { resolve, reject });
      say({ type: 'run', run, input });
    }),
};

let harmonizer: Promise<Harmonizer> | null = null;

async function work(one: PictureWork, settings: BatchSettings): Promise<void> {
  try {
    harmonizer ??= openRegistry().then((registry) => ({ registry, engine }));
    say({ type: 'done', result: await workOnPicture(await harmonizer, one, settings) });
  } catch (error) {
    say({ type: 'failed', error: toServiceError(error) });
  }
}

port?.on('message', (message: ToThread) => {
  if (message.type === 'picture') {
    void work(message.work, message.settings);
    return;
  }
  const waiting = runs.get(message.run);
  runs.delete(message.run);
  if (message.type === 'answer') waiting?.resolve(message.result);
  else waiting?.reject(toFault(message.error));
});
