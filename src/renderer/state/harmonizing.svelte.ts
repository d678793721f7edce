import { setHarmonization } from '../../document/harmonize-actions';
import type { Step } from '../../document/history';
import { layersUpTo } from '../../document/placement';
import type { Document, LayerId, PixelId, PixelLayer, Selection } from '../../document/records';
import { sameTransform } from '../../document/transform';
import { isShown, pixelLayerOf } from '../../document/tree';
import type { NetworkInfo } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { say } from '../language/index.svelte';
import type { LiftedPixels } from '../workers/protocol';
import type { Editor } from './editor.svelte';
import { infer, refusal, type Run, type Stage, STAGES, stopIfAborted } from './inferring';

/** A harmonization that is going on. */
export interface Job {
  readonly layer: LayerId;
  readonly name: string;
  readonly stage: Stage;
  /** 0..1 while lifting; null where nobody can know. */
  readonly done: number | null;
}

/** What a layer is to agree with: all of the background, what is selected of it, or the region it agreed with before. */
export type Agreement = 'whole' | 'selection' | 'region';

/** Milliseconds after the last move before a layer is harmonized again. */
const REST = 700;

/** Harmonize layer: composite → network → full-size pixels beside the layer's own → one step of the history. */
export class Harmonizing {
  job = $state.raw<Job | null>(null);
  /** The method chosen by the person; null: the default one. */
  #method = $state<string | null>(null);
  /** What the person chose to agree with since the last harmonization; null: each layer as before. */
  #agreement = $state<Agreement | null>(null);
  readonly #editor: Editor;
  #control: AbortController | null = null;
  /** Whether a harmonized layer that was moved is harmonized again by itself. */
  follow = $state(false);
  #moved: readonly LayerId[] = [];
  #resting: ReturnType<typeof setTimeout> | undefined;

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

  /** What the next harmonization of the layer agrees with. */
  agreementOf(document: Document, id: LayerId): Agreement {
    const region = pixelLayerOf(document, id)?.harmonization?.reference;
    if (this.#agreement === 'selection' && document.selection) return 'selection';
    return region && this.#agreement !== 'whole' ? 'region' : 'whole';
  }

  agree(agreement: Agreement): void {
    this.#agreement = agreement;
  }

  /** The part of the background that the next harmonization of the layer agrees with; null: all of it. */
  referenceOf(document: Document, id: LayerId): Selection | null {
    const agreement = this.agreementOf(document, id);
    if (agreement === 'selection') return document.selection;
    return agreement === 'region' ? (pixelLayerOf(document, id)?.harmonization?.reference ?? null) : null;
  }

  cancel(): void {
    this.#control?.abort();
  }

  /** Harmonizes layers, from the bottom, each a step; every failure is told, and leaves its layer as it was. `again`: with what each agreed with before. */
  async run(ids: readonly LayerId[], again = false): Promise<void> {
    await this.#attempt(async (signal) => {
      for (const id of ids) await this.#harmonize(id, signal, again);
      if (!again) this.#agreement = null;
    });
  }

  /** Harmonizes everything visible under the layer to it: the mask inverted, as in figure 6 of the paper. One step. */
  async runInverted(id: LayerId): Promise<void> {
    await this.#attempt((signal) => this.#harmonizeUnder(id, signal));
  }

  /** Harmonizes layers again that were moved by a step just done, a moment after the hand rests, where the person left that on. */
  followUp(step: Step | undefined): void {
    if (!this.follow || !step) return;
    for (const [id, [from, to]] of Object.entries(step.diff.layers)) {
      if (from?.kind !== 'pixels' || to?.kind !== 'pixels' || !to.harmonization) continue;
      if (!sameTransform(from.transform, to.transform) && !to.harmonization.towards) {
        this.#moved = [...this.#moved.filter((other) => other !== id), id];
      }
    }
    if (this.#moved.length === 0) return;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (this.job) return this.followUp(step);
      const ids = this.#moved;
      this.#moved = [];
      void this.run(ids, true);
    }, REST);
  }

  async #attempt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { messages } = this.#editor;
    if (!this.#editor.document || this.#control) return;
    const control = new AbortController();
    this.#control = control;
    try {
      await work(control.signal);
    } catch (thrown) {
      messages.fault(control.signal.aborted ? new Fault('cancelled', 'Harmonizing was cancelled.') : thrown);
    } finally {
      this.job = null;
      this.#control = null;
    }
  }

  async #harmonize(id: LayerId, signal: AbortSignal, again: boolean): Promise<void> {
    const { document } = this.#editor;
    if (!document) return;
    const refused = refusal(document, id);
    if (refused) throw refused;
    const layer = pixelLayerOf(document, id)!;
    const reference = again ? (layer.harmonization?.reference ?? null) : this.referenceOf(document, id);
    const run = await this.#infer(document, layer, signal, reference);
    const lifted = await this.#lift(document, layer, run, signal, (done) => done);
    const now = this.#editor.document && pixelLayerOf(this.#editor.document, id);
    if (signal.aborted || now?.pixels !== layer.pixels) {
      this.#editor.discard(lifted.pixels);
      stopIfAborted(signal);
      throw new Fault(
        'document',
        `Layer “${layer.name}” was deleted meanwhile.`,
        'Undo, and harmonize it again.',
      );
    }
    this.#editor.noteBytes(lifted.pixels, lifted.bytes);
    const { reference: agreed, ...told } = run.told();
    const harmonization = {
      ...told,
      // A selection that was undone meanwhile, and then forgotten, cannot be named.
      ...(agreed && this.#editor.keeps(agreed.pixels) ? { reference: agreed } : {}),
      strength: now.harmonization?.strength ?? 1,
      pixels: lifted.pixels,
    };
    this.#editor.perform(setHarmonization, { id, harmonization });
    this.#tell(run, layer.name);
  }

  async #harmonizeUnder(id: LayerId, signal: AbortSignal): Promise<void> {
    const { document } = this.#editor;
    if (!document) return;
    const refused = refusal(document, id);
    if (refused) throw refused;
    const layer = pixelLayerOf(document, id)!;
    const under = layersUpTo(document, id).flatMap((other) => {
      const each = pixelLayerOf(document, other);
      return each && other !== id && isShown(document, other) && each.opacity > 0 ? [each] : [];
    });
    const run = await this.#infer(document, layer, signal, null, true);
    const made: { id: LayerId; pixels: PixelId; bytes: number }[] = [];
    for (const [index, each] of under.entries()) {
      const share = (done: number) => (index + done) / under.length;
      made.push({ id: each.id, ...(await this.#lift(document, each, run, signal, share)) });
    }
    if (signal.aborted || this.#editor.document !== document) {
      made.forEach(({ pixels }) => this.#editor.discard(pixels));
      stopIfAborted(signal);
      throw new Fault('document', 'The document changed meanwhile.', 'Harmonize the background again.');
    }
    made.forEach(({ pixels, bytes }) => this.#editor.noteBytes(pixels, bytes));
    this.#editor.performEach(
      setHarmonization,
      made.map((each) => ({
        id: each.id,
        harmonization: { ...run.told(), strength: 1, pixels: each.pixels, towards: id },
      })),
      'Harmonize background',
    );
    this.#tell(run, say('the background'));
  }

  /** Runs the chosen network on what the layer and all under it look like, and shows how far it is. */
  #infer(
    document: Document,
    layer: PixelLayer,
    signal: AbortSignal,
    reference: Selection | null,
    inverted = false,
  ): Promise<Run> {
    const step = (stage: Stage, done: number | null = null) => {
      if (this.job?.stage !== stage) this.#editor.messages.announce(`${say(STAGES[stage])}…`);
      this.job = { layer: layer.id, name: layer.name, stage, done };
    };
    const { method } = this;
    return infer(this.#editor, { document, layer: layer.id, method, inverted, reference, signal, step });
  }

  #lift(
    document: Document,
    layer: PixelLayer,
    { input, result, step }: Run,
    signal: AbortSignal,
    share: (done: number) => number,
  ): Promise<LiftedPixels> {
    step('lifting', share(0));
    const progress = (done: number) => step('lifting', share(done));
    return this.#editor.studio.call(
      'lift',
      { document, layer: layer.id, input, result },
      { signal, progress },
    );
  }

  #tell({ network, result, told }: Run, name: string): void {
    const { messages } = this.#editor;
    messages.announce(
      say('{name} harmonized with {network} on {device} in {ms} milliseconds.', {
        name,
        network: network.title,
        device: result.device,
        ms: told().ms,
      }),
    );
    for (const reason of result.fellBack) messages.notice(`Ran on ${result.device}: ${reason}`);
  }
}
