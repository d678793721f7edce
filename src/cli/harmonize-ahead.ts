import type { DecodedImage } from '../main/files/decode';
import { CUT_AND_PASTE } from '../harmonize/network';
import { forkAhead, forkEngine, type StartEngineProcess, workHere } from '../main/inference/engine-process';
import { isCpuAlone } from '../main/inference/libraries';
import type { Mask } from '../pixels/image';

/** What is at work on other threads and in other processes while the program itself still loads. */
export interface Ahead {
  readonly engine: StartEngineProcess;
  readonly picture: Promise<DecodedImage>;
  readonly mask: Promise<Mask>;
  /** When decoding began, milliseconds since the start of the process. */
  readonly began: number;
}

/** What is looked at of the options before they are checked. */
export interface AheadOptions {
  readonly mask: string;
  readonly method?: string;
  readonly device?: string;
}

/**
 * Begins what `attune harmonize` waits for longest: the start of the engine's process, and the decoding of both
 * pictures. Resolves when that is under way. It throws nothing: what is wrong with a file is told by its promise, after
 * faults of the command's other arguments.
 */
export async function beginAhead(composite: string, { mask, method, device }: AheadOptions): Promise<Ahead> {
  const load = {
    ...(method === undefined ? {} : { method }),
    ...(device === undefined ? {} : { devices: device }),
  };
  const here = method !== CUT_AND_PASTE && isWorkedHere(device);
  // A process starts beside the rest; in this one the decoders are put to work first.
  const ahead = here ? null : method === CUT_AND_PASTE ? forkEngine : forkAhead(load);
  const [{ openSource }, { decodeOpened }, { decodeOpenedMask }] = await Promise.all([
    import('../main/files/source'),
    import('../main/files/decode'),
    import('../main/files/decode-mask'),
  ]);
  const began = performance.now();
  const sources = [composite, mask].map((path) => guarded(openSource(path))) as [Opened, Opened];
  await Promise.allSettled(sources);
  const [one, other] = sources;
  const picture = guarded(one.then(decodeOpened));
  const decodedMask = guarded(other.then(decodeOpenedMask));
  await Promise.allSettled(sources);
  return { engine: ahead ?? workHere(load), picture, mask: decodedMask, began };
}

/** Whether the engine needs no process of its own; names that are none are told of later. */
function isWorkedHere(devices: string | undefined): boolean {
  try {
    return isCpuAlone(devices);
  } catch {
    return false;
  }
}

type Opened = ReturnType<typeof import('../main/files/source').openSource>;

/** A promise whose failure may be looked at later. */
function guarded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
