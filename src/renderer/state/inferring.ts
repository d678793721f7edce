import { toFault } from '../../contract/errors';
import type { EventPayload } from '../../contract/requests';
import type { Document, Harmonization, LayerId, Selection } from '../../document/records';
import { isShown, layersBottomUp, pixelLayerOf } from '../../document/tree';
import type { NetworkInfo, NetworkInput, NetworkResult } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import type { Editor } from './editor.svelte';

export type Stage = 'reading' | 'sending' | EventPayload<'harmonize.progress'>['stage'] | 'lifting';

export const STAGES: Readonly<Record<Stage, string>> = {
  reading: 'Reading the composite',
  sending: 'Asking the engine',
  queued: 'Waiting for the engine',
  loading: 'Loading the network',
  running: 'Running the network',
  done: 'The network answered',
  lifting: 'Applying at full size',
};

/** Hears how far a harmonization is. */
export type OnStage = (stage: Stage, done?: number | null) => void;

/** A network's answer, and what brought it about. */
export interface Run {
  readonly network: NetworkInfo;
  readonly input: NetworkInput;
  readonly result: NetworkResult;
  readonly step: OnStage;
  /** What the harmonization will say of itself; the time is that of now. */
  readonly told: () => Omit<Harmonization, 'strength' | 'pixels'>;
}

/** Why the layer cannot be harmonized, as a Fault; null when it can. */
export function refusal(document: Document, id: LayerId): Fault | null {
  const layer = pixelLayerOf(document, id);
  if (!layer) return new Fault('document', 'No layer of pixels is chosen.', 'Choose the layer to harmonize.');
  if (!isShown(document, id)) {
    return new Fault('document', `Layer “${layer.name}” is hidden.`, 'Show it first (Ctrl+,).');
  }
  const pixels = layersBottomUp(document).filter(({ kind }) => kind === 'pixels');
  const seen = pixels
    .slice(0, pixels.indexOf(layer))
    .some((under) => under.opacity > 0 && isShown(document, under.id));
  if (seen) return null;
  return new Fault(
    'document',
    `Nothing visible lies under layer “${layer.name}”, so there is nothing to harmonize it with.`,
    'Put a background photograph under it.',
  );
}

let runs = 0;

/** Runs a method on what the layer and all under it look like. Rejects with a Fault; `cancelled` when aborted. */
export async function infer(
  { studio, bridge, info }: Pick<Editor, 'studio' | 'bridge' | 'info'>,
  asked: {
    readonly document: Document;
    readonly layer: LayerId;
    readonly method: string;
    readonly inverted: boolean;
    /** The part of the background to agree with; null: all of it. */
    readonly reference: Selection | null;
    readonly signal: AbortSignal;
    readonly step: OnStage;
  },
): Promise<Run> {
  const { document, layer, method, inverted, reference, signal, step } = asked;
  const network = info?.networks.find(({ name }) => name === method);
  if (!network) {
    throw new Fault('network-file', 'No network is installed.', 'See models/README.md for how to get one.');
  }
  const started = performance.now();
  const job = `${Date.now().toString(36)}-${++runs}`;

  step('reading');
  const prepared = await studio.call(
    'prepare',
    { document, layer, network, inverted, reference },
    { signal },
  );
  const input = {
    ...prepared,
    image: new Float32Array(prepared.image),
    mask: new Float32Array(prepared.mask),
  };
  stopIfAborted(signal);

  step('sending');
  const stopListening = bridge.on('harmonize.progress', (event) => {
    if (event.job === job) step(event.stage);
  });
  const cancelRun = () => void bridge.request('harmonize.cancel', { job });
  signal.addEventListener('abort', cancelRun);
  const reply = await Promise.race([
    bridge.request('harmonize.run', { job, input }),
    aborted(signal),
  ]).finally(() => {
    stopListening();
    signal.removeEventListener('abort', cancelRun);
  });
  if (!reply.ok) throw toFault(reply.error);
  const result = reply.value;
  const told = () => ({
    method: network.name,
    network: result.network,
    version: result.version,
    device: result.device,
    ms: Math.round(performance.now() - started),
    enabled: true,
    ...(reference ? { reference } : {}),
  });
  return { network, input, result, step, told };
}

/** Throws a Fault `cancelled` once the signal was aborted. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Fault('cancelled', 'Harmonizing was cancelled.');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Fault('cancelled', 'Harmonizing was cancelled.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
