import { toFault } from '../../contract/errors';
import type { EventPayload } from '../../contract/requests';
import { setHarmonization } from '../../document/harmonize-actions';
import type { Document, LayerId } from '../../document/records';
import { isShown, layersBottomUp, pixelLayerOf } from '../../document/tree';
import type { NetworkInfo } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import type { Editor } from './editor.svelte';

export type Stage = 'reading' | 'sending' | EventPayload<'harmonize.progress'>['stage'] | 'lifting';

/** A harmonization that is going on. */
export interface Job {
  readonly layer: LayerId;
  readonly name: string;
  readonly stage: Stage;
  /** 0..1 while lifting; null where nobody can know. */
  readonly done: number | null;
}

export const STAGES: Readonly<Record<Stage, string>> = {
  reading: 'Reading the composite',
  sending: 'Asking the engine',
  queued: 'Waiting for the engine',
  loading: 'Loading the network',
  running: 'Running the network',
  done: 'The network answered',
  lifting: 'Applying at full size',
};

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

/** Harmonize layer: composite → network → full-size pixels beside the layer's own → one step of the history. */
export class Harmonizing {
  job = $state.raw<Job | null>(null);
  /** The method chosen by the person; null: the default one. */
  #method = $state<string | null>(null);
  readonly #editor: Editor;
  #control: AbortController | null = null;
  #runs = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  get networks(): readonly NetworkInfo[] {
    return this.#editor.info?.networks ?? [];
  }

  get method(): string {
    const { networks } = this;
    return this.#method ?? (networks.find((network) => network.isDefault) ?? networks[0])?.name ?? '';
  }

  set method(name: string) {
    this.#method = name;
  }

  cancel(): void {
    this.#control?.abort();
  }

  /** Harmonizes the layer; every failure is told, and leaves the document as it was. */
  async run(id: LayerId): Promise<void> {
    const editor = this.#editor;
    const { document } = editor;
    if (!document || this.job) return;
    const control = new AbortController();
    this.#control = control;
    try {
      await this.#run(document, id, control.signal);
    } catch (thrown) {
      editor.messages.fault(
        control.signal.aborted ? new Fault('cancelled', 'Harmonizing was cancelled.') : thrown,
      );
    } finally {
      this.job = null;
      this.#control = null;
    }
  }

  async #run(document: Document, id: LayerId, signal: AbortSignal): Promise<void> {
    const { studio, bridge, messages } = this.#editor;
    const refused = refusal(document, id);
    if (refused) throw refused;
    const network = this.networks.find(({ name }) => name === this.method);
    if (!network) {
      throw new Fault('network-file', 'No network is installed.', 'See models/README.md for how to get one.');
    }
    const layer = pixelLayerOf(document, id)!;
    const started = performance.now();
    const job = `${Date.now().toString(36)}-${++this.#runs}`;
    const step = (stage: Stage, done: number | null = null) => {
      if (this.job?.stage !== stage) messages.announce(`${STAGES[stage]}…`);
      this.job = { layer: id, name: layer.name, stage, done };
    };

    step('reading');
    const prepared = await studio.call('prepare', { document, layer: id, network }, { signal });
    const input = {
      ...prepared,
      image: new Float32Array(prepared.image),
      mask: new Float32Array(prepared.mask),
    };
    stopIfAborted(signal);

    step('sending');
    const stopListening = bridge.on('harmonize.progress', (event) => {
      if (event.job === job && this.job) step(event.stage);
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

    step('lifting', 0);
    const lifted = await studio.call(
      'lift',
      { document, layer: id, input, result },
      { signal, progress: (done) => step('lifting', done) },
    );

    const ms = Math.round(performance.now() - started);
    if (
      signal.aborted ||
      !this.#editor.document ||
      pixelLayerOf(this.#editor.document, id)?.pixels !== layer.pixels
    ) {
      this.#editor.discard(lifted.pixels);
      stopIfAborted(signal);
      throw new Fault(
        'document',
        `Layer “${layer.name}” was deleted meanwhile.`,
        'Undo, and harmonize it again.',
      );
    }
    this.#editor.noteBytes(lifted.pixels, lifted.bytes);
    this.#editor.perform(setHarmonization, {
      id,
      harmonization: {
        method: network.name,
        network: result.network,
        version: result.version,
        device: result.device,
        ms,
        strength: 1,
        enabled: true,
        pixels: lifted.pixels,
      },
    });
    messages.announce(
      `Layer ${layer.name} harmonized with ${network.title} on ${result.device} in ${ms} milliseconds.`,
    );
    for (const reason of result.fellBack) messages.notice(`Ran on ${result.device}: ${reason}`);
  }
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Fault('cancelled', 'Harmonizing was cancelled.');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Fault('cancelled', 'Harmonizing was cancelled.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
