import { toServiceError } from '../../contract/errors';
import { type ClassicalName, isClassical, solveClassical } from '../../harmonize/classical/methods';
import type { NetworkInput, NetworkResult } from '../../harmonize/network';
import { parseOrder } from './devices';
import { openRegistry } from './registry';
import { toEngine, type FromEngine, type ToEngine } from './protocol';
import { type Trying, WarmNetwork } from './session';

/**
 * The engine process: it alone loads ONNX Runtime. `create()` and `run()` block their thread, so it does one thing
 * after the other and answers nothing in between; whoever waits may kill it. It ends with its parent.
 */

/** Electron's `process.parentPort`, as far as it is used here; a Node child has none. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function parentPort(): ParentPort | null {
  return 'parentPort' in process ? (process.parentPort as ParentPort | null) : null;
}

const port = parentPort();

function send(message: FromEngine): void {
  if (port) port.postMessage(message);
  else process.send?.(message);
}

const warm = new Map<string, WarmNetwork>();

function network({
  spec,
  folder,
  order,
  lost,
}: Pick<ToEngine, 'spec' | 'folder' | 'order' | 'lost'>): WarmNetwork | null {
  if (!spec) return null;
  const key = JSON.stringify([folder, spec, order]);
  const known = warm.get(key);
  if (known) return known;
  const fresh = new WarmNetwork(spec, folder, order, lost);
  warm.set(key, fresh);
  return fresh;
}

async function answer(message: ToEngine): Promise<void> {
  const { id, input } = message;
  const asked = network(message);
  const trying: Trying = (device, stage) => send({ type: 'trying', id, device, stage });
  try {
    if (input && isClassical(input.network)) {
      send({ type: 'ran', id, result: await classical(input.network, input, asked, trying) });
    } else if (!asked) {
      throw new Error('Asked for a method that is not known, without a network.');
    } else if (input) {
      send({ type: 'ran', id, result: await asked.run(input, trying) });
    } else {
      const { device } = await asked.load(trying);
      send({ type: 'loaded', id, device, fellBack: asked.fellBack });
    }
  } catch (error) {
    send({ type: 'failed', id, error: toServiceError(error) });
  }
}

/** A classical method runs here, where it blocks nobody and may be killed, beside the network that it asks. */
async function classical(
  name: ClassicalName,
  input: NetworkInput,
  scorer: WarmNetwork | null,
  trying: Trying,
): Promise<NetworkResult> {
  if (scorer) await scorer.load(trying);
  else trying('cpu', 'running');
  const start = performance.now();
  const solved = await solveClassical(name, input, scorer?.scorer(trying) ?? null);
  return {
    ...solved,
    network: name,
    version: scorer?.version ?? '1',
    device: scorer?.device ?? 'cpu',
    fellBack: scorer?.fellBack ?? [],
    ms: performance.now() - start,
  };
}

/**
 * Loads a network that will be asked for, as the arguments `--ahead METHOD DEVICES` say. Whatever is wrong with it is
 * told to whoever asks.
 */
async function loadAhead([flag, method, devices]: readonly string[]): Promise<void> {
  if (flag !== '--ahead') return;
  try {
    const registry = await openRegistry();
    const spec = registry.needs(method || registry.defaultName);
    const asked = devices || process.env.ATTUNE_DEVICE;
    const order = asked ? [...parseOrder(asked)] : null;
    await network({ spec, folder: registry.folder, order, lost: [] })?.load(() => undefined);
  } catch {
    // The networks may be damaged or the names wrong: the request says so, with the same words for every caller.
  }
}

let last: Promise<void> = loadAhead(process.argv.slice(2));

function receive(data: unknown): void {
  const message = toEngine.parse(data);
  last = last.then(() => answer(message));
}

if (port) {
  port.on('message', (event) => receive(event.data));
} else {
  process.on('message', receive);
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C in a terminal reaches children too; the parent decides what it means.
  process.on('SIGINT', () => undefined);
}
