import { toServiceError } from '../../contract/errors';
import { type ClassicalName, isClassical, solveClassical } from '../../harmonize/classical/methods';
import type { NetworkInput, NetworkResult } from '../../harmonize/network';
import { parseOrder } from './devices';
import { openRegistry } from './registry';
import { toEngine, type FromEngine, type ToEngine } from './protocol';
import { type Trying, WarmNetwork } from './session';

/**
 * What the engine does, wherever it does it: it loads networks and runs methods, one thing after the other. ONNX
 * Runtime's `create()` and `run()` block their thread, so it answers nothing in between.
 */
export class EngineWork {
  readonly #send: (message: FromEngine) => void;
  readonly #warm = new Map<string, WarmNetwork>();
  #last: Promise<void> = Promise.resolve();

  constructor(send: (message: FromEngine) => void) {
    this.#send = send;
  }

  /** Takes a request as it came; throws a ZodError when it is none. */
  receive(data: unknown): void {
    const message = toEngine.parse(data);
    this.#last = this.#last.then(() => this.#answer(message));
  }

  /**
   * Loads a network that will be asked for; `method`, `devices`: as a person named them, empty for the defaults. Whatever
   * is wrong with it is told to whoever asks.
   */
  loadAhead(method: string, devices: string): void {
    this.#last = this.#last.then(async () => {
      try {
        const registry = await openRegistry();
        const spec = registry.needs(method || registry.defaultName);
        const asked = devices || process.env.ATTUNE_DEVICE;
        const order = asked ? [...parseOrder(asked)] : null;
        await this.#network({ spec, folder: registry.folder, order, lost: [] })?.load(() => undefined);
      } catch {
        // The networks may be damaged or the names wrong: the request says so, with the same words for every caller.
      }
    });
  }

  #network({
    spec,
    folder,
    order,
    lost,
  }: Pick<ToEngine, 'spec' | 'folder' | 'order' | 'lost'>): WarmNetwork | null {
    if (!spec) return null;
    const key = JSON.stringify([folder, spec, order]);
    const known = this.#warm.get(key);
    if (known) return known;
    const fresh = new WarmNetwork(spec, folder, order, lost);
    this.#warm.set(key, fresh);
    return fresh;
  }

  async #answer(message: ToEngine): Promise<void> {
    const { id, input } = message;
    const asked = this.#network(message);
    const trying: Trying = (device, stage) => this.#send({ type: 'trying', id, device, stage });
    try {
      if (input && isClassical(input.network)) {
        this.#send({ type: 'ran', id, result: await classical(input.network, input, asked, trying) });
      } else if (!asked) {
        throw new Error('Asked for a method that is not known, without a network.');
      } else if (input) {
        this.#send({ type: 'ran', id, result: await asked.run(input, trying) });
      } else {
        const { device } = await asked.load(trying);
        this.#send({ type: 'loaded', id, device, fellBack: asked.fellBack });
      }
    } catch (error) {
      this.#send({ type: 'failed', id, error: toServiceError(error) });
    }
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
