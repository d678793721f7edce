import { setMask } from '../../document/mask-actions';
import type { Document, LayerId, Selection } from '../../document/records';
import { setSelection } from '../../document/selection-actions';
import { COMBINATIONS, SELECTED, type Combination } from '../../pixels/coverage';
import type { Area, Refinement, Selected } from '../workers/selection-protocol';
import type { Editor } from './editor.svelte';

export { COMBINATIONS, type Combination };
export type RefinementKind = Refinement['kind'];
/** A mask that lies on the document pixel by pixel. */
export const PLAIN_MASK = {
  transform: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
  outside: 'shows',
  enabled: true,
  inverted: false,
  density: 1,
  feather: 0,
  linked: true,
} as const;

/** What is selected of the document, and how the tools select. Everything is asked of the studio, one thing after the other. */
export class Selecting {
  /** What a new area does, unless Shift or Alt say otherwise. */
  combination = $state<Combination>('replace');
  /** Edges between pixels, by how much of a pixel they take. */
  smooth = $state(true);
  /** Document pixels by which new areas are softened. */
  feather = $state(0);
  /** The wand's: how different pixels may be, 0..255. */
  tolerance = $state(32);
  contiguous = $state(true);
  allLayers = $state(false);
  /** The selection is shown as red over what is not selected, and painted by the brush. */
  quickMask = $state(false);
  /** Whether the outline is shown. */
  edges = $state(true);
  /** Whether the person is about to say by how much the selection is to change. */
  refining = $state<Exclude<RefinementKind, 'invert'>>('feather');
  /** What was selected before it was deselected. */
  #former = $state.raw<Selection | null>(null);
  readonly #editor: Editor;
  #tail: Promise<void> = Promise.resolve();
  /** How much that was asked for is still to be done. */
  #open = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  get present(): Selection | null {
    return this.#editor.document?.selection ?? null;
  }

  /** What {@link reselect} would select; null when it is not kept any longer. */
  get former(): Selection | null {
    const former = this.#former;
    return former && !this.present && this.#editor.keeps(former.pixels) ? former : null;
  }

  /** Selects an area, together with what is selected already. Nothing to take away from or to share with: just the area. */
  area(area: Area, combination: Combination = this.combination, label = 'Select'): Promise<void> {
    const { smooth, feather } = this;
    const soft = area.kind === 'all' || area.kind === 'mask' || area.kind === 'alpha' ? 0 : feather;
    return this.#ask(label, (document) => {
      const how = document.selection ? combination : 'replace';
      return this.#editor.studio.call('select', {
        document,
        area,
        combination: how,
        smooth,
        feather: soft,
      });
    });
  }

  /** Changes the selection: by so many document pixels, or inverts it. */
  refine(kind: RefinementKind, by: number, label: string): Promise<void> {
    return this.#ask(label, (document) =>
      this.#editor.studio.call('refine', { document, refinement: { kind, by } }),
    );
  }

  none(): Promise<void> {
    return this.#next(async () => this.letGo());
  }

  reselect(): Promise<void> {
    return this.#next(async () => {
      const { former } = this;
      if (former) this.#editor.perform(setSelection, { selection: former }, 'Select again');
    });
  }

  /** Deselects at once; {@link reselect} knows what was selected. */
  letGo(): void {
    this.#former = this.present ?? this.#former;
    this.#editor.perform(setSelection, { selection: null }, 'Deselect');
  }

  /** Whether a point of the document lies in the selection. */
  holds(x: number, y: number): boolean {
    const { present } = this;
    return present !== null && this.#editor.valueAt(present, x - present.x, y - present.y) >= SELECTED;
  }

  /**
   * Gives the layer a mask that shows (or hides) only what is selected; with nothing selected, one that shows (or hides)
   * everything. The selection has then done its work and goes: one step.
   */
  toMask(id: LayerId, hide: boolean): Promise<void> {
    return this.#next(async (document) => {
      const editor = this.#editor;
      const asked = { document, hide: document.selection ? hide : !hide };
      const { pixels, bytes } = await editor.studio.call('maskOfSelection', asked);
      editor.noteBytes(pixels, bytes);
      if (!editor.document?.layers[id] || !sameSize(editor.document, document)) return editor.discard(pixels);
      const mask = { ...PLAIN_MASK, pixels, width: document.width, height: document.height } as const;
      const before = editor.steps;
      editor.perform(setMask, { id, mask });
      if (document.selection) {
        this.letGo();
        editor.squash(before, 'Layer mask from selection');
      }
    });
  }

  #ask(label: string, ask: (document: Document) => Promise<Selected>): Promise<void> {
    return this.#next(async (document) => {
      const editor = this.#editor;
      const { selection, noted } = await ask(document);
      if (noted) editor.noteDecoded(noted);
      if (!editor.document || !sameSize(editor.document, document)) {
        return noted ? editor.discard(noted.pixels) : undefined;
      }
      if (!selection) this.#former = editor.document.selection ?? this.#former;
      editor.perform(setSelection, { selection }, label);
      if (!selection) editor.messages.announce('Nothing is selected.');
    });
  }

  /** Does something that depends on what is selected, once all that was asked for so far is: at once when nothing is under way. */
  whenSettled(work: () => void): void {
    if (this.#open === 0) work();
    else void this.#tail.then(work);
  }

  /** Does one thing after the other, each with the document as it then is; tells what fails. */
  #next(work: (document: Document) => Promise<void>): Promise<void> {
    this.#open++;
    this.#tail = this.#tail.then(async () => {
      const { document } = this.#editor;
      try {
        if (document) await work(document);
      } catch (thrown) {
        this.#editor.messages.fault(thrown);
      } finally {
        this.#open--;
      }
    });
    return this.#tail;
  }
}

const sameSize = (one: Document, other: Document) => one.width === other.width && one.height === other.height;
