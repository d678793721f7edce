import { addLayer } from '../../document/layer-actions';
import { UNLOCKED } from '../../document/new-layer';
import { setPixels } from '../../document/pixel-actions';
import type { LayerId, PixelLayer } from '../../document/records';
import { compose, sameTransform, shift } from '../../document/transform';
import { pixelLayerOf } from '../../document/tree';
import { Fault } from '../../pixels/fault';
import type { Colour } from '../../pixels/retouch';
import type { Retouched, Retouching as Work } from '../workers/retouch-protocol';
import type { Editor } from './editor.svelte';

/** How {@link Retouching.fill} fills. */
export interface Filling {
  readonly colour: Colour;
  /** 0..1. */
  readonly opacity: number;
  /** Only where the layer has something already. */
  readonly keepAlpha: boolean;
}

/** Clear, fill, copy and cut of what is selected, on the active layer of pixels. One thing after the other, each a step. */
export class Retouching {
  readonly #editor: Editor;
  #tail: Promise<void> = Promise.resolve();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Makes what is selected transparent. */
  clear(label = 'Clear'): Promise<void> {
    return this.#next(async (layer) => {
      const made = await this.#ask(layer, { kind: 'erase' });
      if (made) this.#put(layer, made, label);
    }, true);
  }

  /** Fills what is selected; with nothing selected, all of the document. */
  fill(filling: Filling): Promise<void> {
    return this.#next(async (layer) => {
      const made = await this.#ask(layer, { kind: 'fill', ...filling });
      if (made) this.#put(layer, made, 'Fill');
    }, true);
  }

  /** What is selected as a layer of its own, above; `cut`: and no longer in this one. */
  toLayer(cut: boolean): Promise<void> {
    return this.#next(async (layer) => {
      const editor = this.#editor;
      const id = crypto.randomUUID();
      const label = cut ? 'Layer via cut' : 'Layer via copy';
      const part = await this.#ask(layer, { kind: 'lift' });
      if (!part) return;
      const rest = cut ? await this.#ask(layer, { kind: 'erase' }) : null;
      if (cut && !rest) return;
      if (!this.#still(layer, part)) return rest ? this.#letGo(rest) : undefined;
      const { pixels, width, height, x, y, harmonized } = part;
      const transform = compose(layer.transform, shift(x, y));
      const harmonization =
        layer.harmonization && harmonized ? { ...layer.harmonization, pixels: harmonized.pixels } : null;
      const own = { id, name: `${layer.name} copy`, pixels, width, height, transform, harmonization };
      const before = editor.steps;
      if (rest) this.#put(layer, rest, label);
      this.#note(part);
      editor.perform(addLayer, {
        layer: { ...layer, ...own, kept: null, locks: UNLOCKED },
        above: layer.id,
      });
      editor.selecting.letGo();
      editor.squash(before, label);
      editor.select(id);
    }, cut);
  }

  /** What is selected goes to the clipboard, of the active layer or of all that is to be seen. */
  copy(merged: boolean): Promise<void> {
    return this.#next(async (layer) => this.#toClipboard(merged ? null : layer.id), false);
  }

  /** Copies, then clears. */
  async cut(): Promise<void> {
    await this.#next(async (layer) => {
      if (!(await this.#toClipboard(layer.id))) return;
      const made = await this.#ask(layer, { kind: 'erase' });
      if (made) this.#put(layer, made, 'Cut');
    }, true);
  }

  async #toClipboard(id: LayerId | null): Promise<boolean> {
    const { document, messages, studio } = this.#editor;
    if (!document) return false;
    const blob = await studio.call('copy', { document, layer: id });
    if (!blob) return this.#nothing();
    try {
      await navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
    } catch {
      throw new Fault(
        'usage',
        'The clipboard does not take pictures here.',
        'Export the picture, or make a layer via copy.',
      );
    }
    messages.announce('Copied.');
    return true;
  }

  async #ask(layer: PixelLayer, how: Work): Promise<Retouched | null> {
    const { document, studio } = this.#editor;
    if (!document) return null;
    const made = await studio.call('retouch', { document, layer: layer.id, how });
    if (!made) this.#nothing();
    return made;
  }

  #nothing(): false {
    this.#editor.messages.notice('Nothing of this layer is selected.');
    return false;
  }

  /** Gives the layer its new pixels, unless it was changed meanwhile. */
  #put(layer: PixelLayer, made: Retouched, label: string): void {
    if (!this.#still(layer, made)) return;
    const { pixels, width, height, x, y, harmonized } = made;
    this.#note(made);
    const kin = harmonized?.pixels ?? null;
    const to = { pixels, harmonized: kin, width, height, x, y };
    this.#editor.perform(setPixels, { id: layer.id, to }, label);
  }

  #note(made: Retouched): void {
    this.#editor.noteDecoded(made);
    if (made.harmonized) this.#editor.noteDecoded(made.harmonized);
  }

  /** Whether the layer is the one that was asked for; what was made is let go otherwise. */
  #still(layer: PixelLayer, made: Retouched): boolean {
    const { document } = this.#editor;
    const now = document && pixelLayerOf(document, layer.id);
    const same = now?.pixels === layer.pixels && sameTransform(now.transform, layer.transform);
    if (same && now.harmonization?.pixels === layer.harmonization?.pixels) return true;
    this.#letGo(made);
    return false;
  }

  #letGo(made: Retouched): void {
    this.#editor.discard(made.pixels);
    if (made.harmonized) this.#editor.discard(made.harmonized.pixels);
  }

  #next(work: (layer: PixelLayer) => Promise<unknown>, changes: boolean): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      const { selectedPixels: layer, messages } = this.#editor;
      if (!layer) return;
      try {
        if (changes && layer.locks.pixels) {
          throw new Fault(
            'document',
            `The pixels of layer “${layer.name}” are locked.`,
            'Work on a copy of the layer (Ctrl+J).',
          );
        }
        await work(layer);
      } catch (thrown) {
        messages.fault(thrown);
      }
    });
    return this.#tail;
  }
}
