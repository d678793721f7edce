import type { AppInfo } from '../../contract/requests';
import type { Action, Session } from '../../document/action';
import { withoutHarmonization } from '../../document/harmonize-actions';
import { pixelsOfDocument, samePicture } from '../../document/diff';
import * as history from '../../document/history';
import { setExpanded } from '../../document/order-actions';
import type { Document, Layer, LayerId, PixelId, PixelLayer, Selection } from '../../document/records';
import { childrenOf, isPinned, isShown, outermost } from '../../document/tree';
import type { Box } from '../../pixels/image';
import type { NotedPixels } from '../workers/protocol';
import type { Studio } from '../workers/studio';
import type { WindowBridge } from '../bridge';
import { Autosave } from './autosave.svelte';
import { Harmonizing } from './harmonizing.svelte';
import { say, tell } from '../language/index.svelte';
import { Messages } from './messages.svelte';
import { Painting } from './painting.svelte';
import { PixelLedger } from './pixel-ledger';
import { Recent } from './recent.svelte';
import { Retouching } from './retouching.svelte';
import type { Project } from './saving';
import { Scene } from './scene.svelte';
import { Selecting } from './selecting.svelte';
import { Settings } from './settings.svelte';
import { NO_LINES, type Lines } from './snapping';
import { ViewState } from './view-state.svelte';

export type Tool =
  | 'move'
  | 'rectangle'
  | 'ellipse'
  | 'lasso'
  | 'polygon'
  | 'wand'
  | 'content'
  | 'crop'
  | 'brush'
  | 'eraser'
  | 'hand'
  | 'zoom';
export type DialogName =
  | 'new'
  | 'save'
  | 'export'
  | 'batch'
  | 'compare'
  | 'close'
  | 'image-size'
  | 'canvas-size'
  | 'palette'
  | 'keys'
  | 'about'
  | 'recover'
  | 'refine'
  | 'fill';

/** A row of the layers panel. */
export interface LayerRow {
  readonly layer: Layer;
  /** 1 outside every group. */
  readonly level: number;
  /** Hidden or locked by a group around it. */
  readonly dimmed: boolean;
  readonly pinned: boolean;
  /** Its place among its siblings, the topmost being 1, and how many there are. */
  readonly at: number;
  readonly of: number;
}

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
  readonly settings: Settings;
  readonly selecting: Selecting;
  readonly scene: Scene;
  readonly painting: Painting;
  readonly retouching = new Retouching(this);
  readonly autosave: Autosave;
  readonly recent: Recent;

  timeline = $state.raw<history.Timeline | null>(null);
  session = $state.raw<Session>({ selected: [] });
  info = $state.raw<AppInfo | null>(null);
  tool = $state<Tool>('move');
  /** Showing the picture as it was before harmonizing. */
  before = $state(false);
  /** Where the line of the split view lies, 0..1 of the canvas's width: before to its left; null: no split. */
  split = $state<number | null>(null);
  /** The project file that the document was saved to or opened from. */
  project = $state.raw<Project | null>(null);
  dialog = $state<DialogName | null>(null);
  renaming = $state<LayerId | null>(null);
  /** What goes on for a moment: shown in the status bar. */
  busy = $state<string | null>(null);
  /** Pictures being opened. */
  opening = $state(0);
  /** Lines that the layer under the hand lies on. */
  guides = $state.raw<Lines>(NO_LINES);
  #clean = $state.raw<Document | null>(null);
  #gesture: { mark: history.Mark; label: string } | null = null;
  /** Whether a drag or scrub is going on. */
  moving = $state(false);

  /** Bytes of all pixels in the studio. */
  bytes = $state(0);
  readonly #ledger = new PixelLedger();

  readonly document = $derived(this.timeline?.document ?? null);
  /** The active layer. */
  readonly selected = $derived<Layer | null>(
    this.document?.layers[this.session.selected.at(-1) ?? ''] ?? null,
  );
  /** The chosen layers, from the bottom; of a group and what lies in it only the group. */
  readonly chosen = $derived<readonly Layer[]>(
    this.document
      ? outermost(this.document, this.session.selected).map((id) => this.document!.layers[id]!)
      : [],
  );
  /** The chosen layers of pixels, from the bottom: what Harmonize works on. */
  readonly harmonizable = $derived<readonly LayerId[]>(
    this.chosen.filter(({ kind }) => kind === 'pixels').map(({ id }) => id),
  );
  /** The layers panel's rows, from the top; what lies in a closed group has none. */
  readonly rows = $derived<readonly LayerRow[]>(this.document ? rowsOf(this.document, null, 1) : []);
  /** The selected layer when it is one of pixels. */
  readonly selectedPixels = $derived(this.selected?.kind === 'pixels' ? this.selected : null);
  readonly dirty = $derived(
    this.document !== null && !(this.#clean && samePicture(this.document, this.#clean)),
  );
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
    this.autosave = new Autosave(this);
    this.selecting = new Selecting(this);
    this.scene = new Scene(this);
    this.painting = new Painting(this);
    this.recent = new Recent(this);
    this.settings = new Settings((text) => void bridge.request('settings.write', { text }));
    studio.onFault = (fault) => this.messages.fault(fault);
  }

  /** Begins a document; it counts as saved until something changes. */
  start(document: Document, project: Project | null = null): void {
    this.#gesture = null;
    this.moving = false;
    this.split = null;
    this.project = project;
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
    this.split = null;
    this.project = null;
    this.session = { selected: [] };
    this.#retain([]);
    this.studio.show(null);
    this.messages.announce('Document closed.');
    this.autosave.notice();
  }

  /** Marks the document (the present one) as safe on disk. */
  markClean(document = this.document): void {
    this.#clean = document;
    this.autosave.notice();
  }

  /** Chooses one layer, or none. */
  select(id: LayerId | null): void {
    const { selected } = this.session;
    if (id === null ? selected.length > 0 : selected.length !== 1 || selected[0] !== id) {
      this.choose(id === null ? [] : [id]);
    }
  }

  /** Chooses layers; the last one is the active one. */
  choose(ids: readonly LayerId[]): void {
    this.session = { ...this.session, selected: ids };
  }

  /** Adds the layer to the chosen ones, or takes it out. */
  toggleChosen(id: LayerId): void {
    const others = this.session.selected.filter((other) => other !== id);
    this.choose(others.length < this.session.selected.length ? others : [...others, id]);
  }

  /** Chooses every row from the active one to this one. */
  chooseTo(id: LayerId): void {
    const ids = this.rows.map(({ layer }) => layer.id);
    const [from, to] = [ids.indexOf(this.selected?.id ?? id), ids.indexOf(id)];
    if (from < 0 || to < 0) return this.select(id);
    const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.choose([...range.filter((each) => each !== this.selected?.id), ids[from]!]);
  }

  /** Runs a command of the document as one step of the history (or as part of the gesture that is going on). */
  perform<Args>(action: Action<Args>, args: Args, label = action.label): void {
    this.performEach(action, [args], label);
  }

  /** Runs a command with several arguments, one after the other, as one step. */
  performEach<Args>(action: Action<Args>, all: readonly Args[], label = action.label): void {
    if (!this.timeline) return;
    const document = all.reduce((present, args) => action.perform(present, args), this.timeline.document);
    if (document === this.timeline.document) return;
    this.#settle(history.record(this.timeline, label, document));
    if (this.#gesture) return;
    this.messages.announce(tell(label));
    this.harmonizing.followUp(this.timeline?.history.past.at(-1));
  }

  /** Performs a command as part of the newest step. */
  amend<Args>(action: Action<Args>, args: Args): void {
    const { timeline, steps } = this;
    const newest = timeline?.history.past.at(-1);
    this.perform(action, args);
    if (newest && this.steps > steps) this.squash(steps - 1, newest.label);
  }

  /** How many steps were done: a mark for {@link squash}. */
  get steps(): number {
    return this.timeline?.history.past.length ?? 0;
  }

  /** Makes one step of all that was done since the mark. */
  squash(since: number, label: string): void {
    if (this.timeline && !this.#gesture) this.#settle(history.squash(this.timeline, since, label));
  }

  /** Opens or closes a group in the panel: no step of the history, and no change to be saved. */
  expand(id: LayerId, expanded: boolean): void {
    if (!this.timeline) return;
    const { document } = this.timeline;
    const next = setExpanded.perform(document, { id, expanded });
    if (this.#clean === document) this.#clean = next;
    this.timeline = { ...this.timeline, document: next };
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
    if (this.steps > mark) this.harmonizing.followUp(this.timeline.history.past.at(-1));
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
    this.messages.announce(`${say(word)}: ${tell(step.label)}`);
  }

  #settle(timeline: history.Timeline): void {
    const { selected } = this.session;
    const left = selected.filter((id) => timeline.document.layers[id]);
    if (left.length === 0 && selected.length > 0) this.select(timeline.document.order.at(-1) ?? null);
    else if (left.length < selected.length) this.choose(left);
    if (this.#gesture) {
      this.timeline = timeline;
      return;
    }
    const bytesOf = (id: PixelId) => this.#ledger.bytesOf(id);
    this.timeline = history.capTimeline(timeline, bytesOf, HISTORY_BYTES, HISTORY_STEPS);
    this.#retain([...history.pixelsOfTimeline(this.timeline)]);
    this.autosave.notice();
  }

  #retain(ids: readonly PixelId[]): void {
    this.studio.retain(ids, this.timeline ? [...pixelsOfDocument(this.timeline.document)] : []);
    this.#ledger.retain(ids);
    this.bytes = this.#ledger.total;
  }

  /** Notes pixels that came into the studio. */
  noteDecoded(picture: NotedPixels): void {
    this.#ledger.noteDecoded(picture);
  }

  noteBytes(id: PixelId, bytes: number): void {
    this.#ledger.noteBytes(id, bytes);
  }

  /** Lets go of pixels that became no layer after all: named once, then named no longer. */
  discard(id: PixelId): void {
    const ids = this.timeline ? [...history.pixelsOfTimeline(this.timeline)] : [];
    if (ids.includes(id)) return;
    this.studio.retain([...ids, id], [...ids, id]);
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

  /** How much of a pixel of the selection's own box is selected (0..255). */
  valueAt(selection: Selection, x: number, y: number): number {
    return this.#ledger.alphaAt(selection, x, y);
  }

  /** Whether pixels are kept: because the document or its history names them. */
  keeps(id: PixelId): boolean {
    return this.timeline !== null && history.pixelsOfTimeline(this.timeline).has(id);
  }
}

function rowsOf(document: Document, parent: LayerId | null, level: number): LayerRow[] {
  const ids = childrenOf(document, parent).toReversed();
  return ids.flatMap((id, index) => {
    const layer = document.layers[id];
    if (!layer) return [];
    const row: LayerRow = {
      layer,
      level,
      dimmed: layer.visible && !isShown(document, id),
      pinned: isPinned(document, id),
      at: index + 1,
      of: ids.length,
    };
    const inside = layer.kind === 'group' && layer.expanded ? rowsOf(document, id, level + 1) : [];
    return [row, ...inside];
  });
}
