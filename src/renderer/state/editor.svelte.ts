import type { AppInfo } from '../../contract/requests';
import type { Action, Session } from '../../document/action';
import { withoutHarmonization } from '../../document/harmonize-actions';
import * as history from '../../document/history';
import type { Document, Layer, LayerId, PixelId, PixelLayer } from '../../document/records';
import type { Box } from '../../pixels/image';
import type { DecodedPicture } from '../workers/protocol';
import type { Studio } from '../workers/studio';
import type { WindowBridge } from '../bridge';
import { Harmonizing } from './harmonizing.svelte';
import { Messages } from './messages.svelte';
import { PixelLedger } from './pixel-ledger';
import { ViewState } from './view-state.svelte';

export type Tool = 'move' | 'hand' | 'zoom';
export type DialogName = 'export' | 'close' | 'keys' | 'about';

/** The most bytes that pixels named only by the history may take, and the most steps it keeps. */
const HISTORY_BYTES = 2 ** 30;
const HISTORY_STEPS = 200;

/** The state of the window: the open document with its history, and what belongs to this sitting. */
export class Editor {
  readonly bridge: WindowBridge;
  readonly studio: Studio;
  readonly messages = new Messages();
  readonly view: ViewState;
  readonly harmonizing: Harmonizing;

  timeline = $state.raw<history.Timeline | null>(null);
  session = $state.raw<Session>({ selected: null });
  info = $state.raw<AppInfo | null>(null);
  tool = $state<Tool>('move');
  /** Showing the picture as it was before harmonizing. */
  before = $state(false);
  dialog = $state<DialogName | null>(null);
  renaming = $state<LayerId | null>(null);
  /** Pictures being opened. */
  opening = $state(0);
  #clean = $state.raw<Document | null>(null);
  #gesture: { mark: history.Mark; label: string } | null = null;
  /** Whether a drag or scrub is going on. */
  moving = $state(false);

  /** Bytes of all pixels in the studio. */
  bytes = $state(0);
  readonly #ledger = new PixelLedger();

  readonly document = $derived(this.timeline?.document ?? null);
  readonly selected = $derived<Layer | null>(
    (this.session.selected !== null && this.document?.layers[this.session.selected]) || null,
  );
  /** The selected layer when it is one of pixels. */
  readonly selectedPixels = $derived(this.selected?.kind === 'pixels' ? this.selected : null);
  readonly dirty = $derived(this.document !== null && this.document !== this.#clean);
  /** The document is called after its bottom layer. */
  readonly title = $derived(this.document?.layers[this.document.order[0] ?? '']?.name ?? 'Untitled');
  readonly canUndo = $derived((this.timeline?.history.past.length ?? 0) > 0);
  readonly canRedo = $derived((this.timeline?.history.future.length ?? 0) > 0);
  readonly hasHarmonization = $derived(
    Object.values(this.document?.layers ?? {}).some(
      (layer) => layer.kind === 'pixels' && layer.harmonization !== null,
    ),
  );
  /** What the canvas shows. */
  readonly shown = $derived(
    this.before && this.document ? withoutHarmonization(this.document) : this.document,
  );

  constructor(bridge: WindowBridge, studio: Studio) {
    this.bridge = bridge;
    this.studio = studio;
    this.view = new ViewState(() => this.document);
    this.harmonizing = new Harmonizing(this);
    studio.onFault = (fault) => this.messages.fault(fault);
  }

  /** Begins a document; it counts as saved until something changes. */
  start(document: Document): void {
    this.#gesture = null;
    this.moving = false;
    this.#settle(history.startTimeline(document));
    this.#clean = document;
    this.select(document.order.at(-1) ?? null);
    this.view.fit();
  }

  /** Closes the document and lets go of all pixels. */
  close(): void {
    this.harmonizing.cancel();
    this.#gesture = null;
    this.moving = false;
    this.timeline = null;
    this.#clean = null;
    this.before = false;
    this.session = { selected: null };
    this.#retain([]);
    this.studio.show(null);
    this.messages.announce('Document closed.');
  }

  /** Marks the present document as safe on disk. */
  markClean(): void {
    this.#clean = this.document;
  }

  select(id: LayerId | null): void {
    if (this.session.selected !== id) this.session = { ...this.session, selected: id };
  }

  /** Runs a command of the document as one step of the history (or as part of the gesture that is going on). */
  perform<Args>(action: Action<Args>, args: Args, label = action.label): void {
    if (!this.timeline) return;
    const document = action.perform(this.timeline.document, args);
    if (document === this.timeline.document) return;
    this.#settle(history.record(this.timeline, label, document));
    if (!this.#gesture) this.messages.announce(label);
  }

  /** Starts a gesture: what is performed until {@link endGesture} becomes one step. */
  beginGesture(label: string): void {
    if (!this.timeline || this.#gesture) return;
    this.#gesture = { mark: history.mark(this.timeline), label };
    this.moving = true;
  }

  endGesture(): void {
    if (!this.timeline || !this.#gesture) return;
    const { mark, label } = this.#gesture;
    this.#gesture = null;
    this.moving = false;
    this.#settle(history.squash(this.timeline, mark, label));
  }

  /** Takes back what the gesture did. */
  cancelGesture(): void {
    if (!this.timeline || !this.#gesture) return;
    const { mark } = this.#gesture;
    this.#gesture = null;
    this.moving = false;
    this.#settle(history.bail(this.timeline, mark));
  }

  undo(): void {
    this.#travel(history.undo, 'Undone', this.timeline?.history.past.at(-1));
  }

  redo(): void {
    this.#travel(history.redo, 'Redone', this.timeline?.history.future[0]);
  }

  /** Goes to the moment when `count` steps had been done. */
  travel(count: number): void {
    if (this.timeline && !this.#gesture) this.#settle(history.travel(this.timeline, count));
  }

  #travel(go: (timeline: history.Timeline) => history.Timeline, word: string, step?: history.Step): void {
    if (!this.timeline || !step || this.#gesture) return;
    this.#settle(go(this.timeline));
    this.messages.announce(`${word}: ${step.label}`);
  }

  #settle(timeline: history.Timeline): void {
    const { selected } = this.session;
    if (selected !== null && !timeline.document.layers[selected]) {
      this.select(timeline.document.order.at(-1) ?? null);
    }
    if (this.#gesture) {
      this.timeline = timeline;
      return;
    }
    const bytesOf = (id: PixelId) => this.#ledger.bytesOf(id);
    this.timeline = history.capTimeline(timeline, bytesOf, HISTORY_BYTES, HISTORY_STEPS);
    this.#retain([...history.pixelsOfTimeline(this.timeline)]);
  }

  #retain(ids: readonly PixelId[]): void {
    this.studio.retain(ids);
    this.#ledger.retain(ids);
    this.bytes = this.#ledger.total;
  }

  /** Notes pixels that came into the studio. */
  noteDecoded(picture: DecodedPicture): void {
    this.#ledger.noteDecoded(picture);
  }

  noteBytes(id: PixelId, bytes: number): void {
    this.#ledger.noteBytes(id, bytes);
  }

  /** Lets go of pixels that became no layer after all: named once, then named no longer. */
  discard(id: PixelId): void {
    const ids = this.timeline ? [...history.pixelsOfTimeline(this.timeline)] : [];
    if (ids.includes(id)) return;
    this.studio.retain([...ids, id]);
    this.#retain(ids);
  }

  /** The box of the layer's own pixels around all that is not wholly transparent. */
  contentOf(layer: PixelLayer): Box {
    return this.#ledger.contentOf(layer);
  }

  /** Alpha of the layer's own pixels (0..255) at a point of the layer. */
  alphaAt(layer: PixelLayer, x: number, y: number): number {
    return this.#ledger.alphaAt(layer, x, y);
  }
}
