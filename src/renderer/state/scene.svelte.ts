import { toFault } from '../../contract/errors';
import type { Document } from '../../document/records';
import type { NetworkInput, SceneResult } from '../../harmonize/network';
import { labelAt, sceneShares, type SceneShare } from '../../harmonize/scene';
import type { Combination } from '../../pixels/coverage';
import type { Editor } from './editor.svelte';
import type { Point } from './view';

/** What the scene network said of a document. */
interface Seen {
  readonly document: Document;
  readonly input: NetworkInput;
  readonly result: SceneResult;
  readonly shares: readonly SceneShare[];
}

/** What is where in the picture, as the scene network sees it, and selecting by that. */
export class Scene {
  /** Whether the network is at work. */
  looking = $state(false);
  /** Only what hangs together with the place that was clicked. */
  contiguous = $state(true);
  /** Where the pointer is, in document pixels; null when it is elsewhere. */
  pointer = $state.raw<Point | null>(null);
  #seen = $state.raw<Seen | null>(null);
  readonly #editor: Editor;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Whether a network that parses scenes is there. */
  get available(): boolean {
    return Boolean(this.#editor.info?.scene);
  }

  /** What is to be seen, the largest first; null when the picture as it is now was not looked at. */
  get shares(): readonly SceneShare[] | null {
    return this.#current?.shares ?? null;
  }

  get #current(): Seen | null {
    const { document } = this.#editor;
    return document && this.#seen && looksTheSame(this.#seen.document, document) ? this.#seen : null;
  }

  /** What the network calls what is under the pointer; null where it has no name or was not looked at. */
  get underPointer(): string | null {
    const [seen, point] = [this.#current, this.pointer];
    if (!seen || !point) return null;
    const label = labelAt(seen.result, point.x / seen.document.width, point.y / seen.document.height);
    return label === null ? null : seen.result.labels[label]!;
  }

  /** Lets the network look at the picture, unless it has seen it as it is. Tells what fails; answers whether it knows it now. */
  async look(): Promise<boolean> {
    const editor = this.#editor;
    const { document, info } = editor;
    if (this.#current) return true;
    if (!document || !info?.scene || this.looking) return false;
    this.looking = true;
    try {
      const prepared = await editor.studio.call('sceneInput', { document, network: info.scene });
      const input = {
        ...prepared,
        image: new Float32Array(prepared.image),
        mask: new Float32Array(prepared.mask),
      };
      const reply = await editor.bridge.request('scene.parse', { input });
      if (!reply.ok) throw toFault(reply.error);
      this.#seen = { document, input, result: reply.value, shares: sceneShares(reply.value) };
      return true;
    } catch (thrown) {
      editor.messages.fault(thrown);
      return false;
    } finally {
      this.looking = false;
    }
  }

  /** Selects what is at a point of the document, by its name. */
  async pick(point: Point, combination: Combination): Promise<void> {
    if (!(await this.look())) return;
    const seen = this.#current;
    if (!seen) return;
    const { width, height } = seen.document;
    const label = labelAt(seen.result, point.x / width, point.y / height);
    if (label === null) {
      this.#editor.messages.announce('The network has no name for what is here.');
      return;
    }
    return this.#select(seen, label, this.contiguous ? point : null, combination);
  }

  /** Selects everything of a label. */
  async all(label: number, combination: Combination): Promise<void> {
    if ((await this.look()) && this.#current) return this.#select(this.#current, label, null, combination);
  }

  #select({ input, result }: Seen, label: number, at: Point | null, combination: Combination): Promise<void> {
    const area = { kind: 'content', label, input, result, at } as const;
    return this.#editor.selecting.area(area, combination, 'Select by content');
  }
}

/** Whether two records of a document show the same: selections are no part of that. */
function looksTheSame(one: Document, other: Document): boolean {
  return one.layers === other.layers && one.width === other.width && one.height === other.height;
}
