import { setMask } from '../../document/mask-actions';
import type { Document, LayerId, LayerMask, Selection } from '../../document/records';
import { setSelection } from '../../document/selection-actions';
import type { Touch } from '../../pixels/brush';
import { around } from '../../pixels/coverage';
import { Fault } from '../../pixels/fault';
import { type Box, MAX_PIXELS } from '../../pixels/image';
import { invert, multiply, translation } from '../../pixels/matrix';
import type { StrokeStart } from '../workers/selection-protocol';
import type { Editor } from './editor.svelte';
import { PLAIN_MASK } from './selecting.svelte';

export const MAX_BRUSH = 2500;

/** Where a stroke goes, and what the document will name. */
interface Target {
  readonly start: Pick<StrokeStart, 'id' | 'from' | 'width' | 'height' | 'ground' | 'toDocument' | 'clip'>;
  /** The layer, or the selection (quick mask). */
  readonly of: LayerId | 'selection';
  readonly inverted: boolean;
  readonly perform: (editor: Editor) => void;
}

interface Stroke {
  readonly erasing: boolean;
  waiting: Touch[];
  live: Target | null;
}

/** The brush and the eraser: their settings, and the stroke that is being painted on a layer's mask. */
export class Painting {
  /** Diameter, document pixels. */
  size = $state(80);
  /** 0..1, as the rest. */
  hardness = $state(0.8);
  opacity = $state(1);
  flow = $state(1);
  /** What a stylus's pressure changes. */
  pressureSize = $state(true);
  pressureOpacity = $state(false);
  /** What the brush paints with: black hides, white shows. The eraser paints with the other. */
  ink = $state<'black' | 'white'>('black');
  readonly #editor: Editor;
  #stroke: Stroke | null = null;
  #tail: Promise<void> = Promise.resolve();
  /** Where the last stroke ended: Shift and a click go on from there in a straight line. */
  #end: { readonly of: string; readonly touch: Touch } | null = null;
  #newest: Touch | null = null;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** The next size up or down: in steps that grow with the size. */
  resize(direction: 1 | -1): void {
    const steps = [10, 1, 50, 5, 100, 10, 200, 25, 400, 50, Infinity, 100];
    const { size } = this;
    for (let i = 0; i < steps.length; i += 2) {
      if (direction > 0 ? size >= steps[i]! : size > steps[i]!) continue;
      const step = steps[i + 1]!;
      const next = direction > 0 ? Math.floor(size / step + 1) * step : Math.ceil(size / step - 1) * step;
      this.size = Math.min(MAX_BRUSH, Math.max(1, next));
      return;
    }
  }

  harden(direction: 1 | -1): void {
    this.hardness = Math.min(1, Math.max(0, Math.round(4 * this.hardness + direction) / 4));
  }

  swap(): void {
    this.ink = this.ink === 'black' ? 'white' : 'black';
  }

  /** Begins a stroke here; `straight`: as a line from where the last one ended. */
  begin(touch: Touch, erasing: boolean, straight: boolean): void {
    const of = this.#editor.selecting.quickMask ? 'selection' : this.#editor.selected?.id;
    const from = straight && this.#end?.of === of ? [this.#end!.touch] : [];
    const stroke: Stroke = { erasing, waiting: [...from, touch], live: null };
    this.#stroke = stroke;
    this.#newest = touch;
    this.#tail = this.#tail.then(() => this.#start(stroke));
  }

  /** The stroke goes on. */
  to(touches: readonly Touch[]): void {
    if (!this.#stroke) return;
    this.#stroke.waiting.push(...touches);
    this.#newest = touches.at(-1) ?? this.#newest;
    this.#flush(this.#stroke);
  }

  /** The hand let go; `keep` false takes the stroke back. */
  end(keep = true): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#stroke = null;
    this.#tail = this.#tail.then(() => this.#finish(stroke, keep));
  }

  #start(stroke: Stroke): void {
    const editor = this.#editor;
    const { document } = editor;
    if (!document || editor.moving) return;
    try {
      const { selecting, selected } = editor;
      const target = selecting.quickMask
        ? selectionTarget(document)
        : maskTarget(document, selected?.id ?? null);
      const white = (this.ink === 'white') !== stroke.erasing;
      const { size, hardness, opacity, flow } = this;
      const pressure = { size: this.pressureSize, opacity: this.pressureOpacity };
      const brush = { diameter: size, hardness, opacity, flow, pressure };
      const ink = white !== target.inverted ? 255 : 0;
      editor.beginGesture(stroke.erasing ? 'Eraser' : 'Brush');
      stroke.live = target;
      editor.studio
        .call('beginStroke', { ...target.start, brush, ink })
        .catch((thrown: unknown) => editor.messages.fault(thrown));
      target.perform(editor);
      this.#flush(stroke);
    } catch (thrown) {
      editor.messages.fault(thrown);
    }
  }

  #flush(stroke: Stroke): void {
    if (!stroke.live || stroke.waiting.length === 0) return;
    const touches = stroke.waiting.flatMap(({ x, y, pressure }) => [x, y, pressure]);
    stroke.waiting = [];
    this.#editor.studio.stroke(new Float64Array(touches));
  }

  async #finish(stroke: Stroke, keep: boolean): Promise<void> {
    const editor = this.#editor;
    const target = stroke.live;
    if (!target) return;
    this.#flush(stroke);
    try {
      const done = await editor.studio.call('endStroke', { keep });
      if (!done) return editor.cancelGesture();
      editor.noteBytes(target.start.id, done.bytes);
      editor.endGesture();
      this.#end = this.#newest && { of: target.of, touch: this.#newest };
    } catch (thrown) {
      editor.cancelGesture();
      editor.messages.fault(thrown);
    }
  }
}

const newId = (width: number, height: number) => `mask-${width}x${height}-${crypto.randomUUID()}`;
const frameOf = ({ width, height }: Document): Box => ({ x: 0, y: 0, width, height });

/** The layer's mask, or a new white one; made large enough to hold the whole document where that is sensible. */
export function maskTarget(document: Document, id: LayerId | null): Target {
  const layer = document.layers[id ?? ''];
  if (!layer)
    throw new Fault('document', 'No layer is chosen.', 'Choose the layer whose mask is to be painted.');
  const { pixels, transparency, position } = layer.locks;
  if (pixels && transparency && position) {
    throw new Fault('document', `Layer “${layer.name}” is locked.`, 'Unlock it first.');
  }
  const { mask } = layer;
  const room = mask ? roomOf(mask, document) : frameOf(document);
  const start = startOf(room, mask && { pixels: mask.pixels, x: 0, y: 0 }, {
    ground: mask?.outside === 'hides' ? 0 : 255,
    toDocument: multiply(mask?.transform ?? PLAIN_MASK.transform, translation(room.x, room.y)),
    clip: document.selection,
  });
  const next: LayerMask = {
    ...(mask ?? PLAIN_MASK),
    pixels: start.id,
    width: room.width,
    height: room.height,
    transform: start.toDocument,
  };
  return {
    start,
    of: layer.id,
    inverted: mask?.inverted ?? false,
    perform: (editor) => editor.perform(setMask, { id: layer.id, mask: next }),
  };
}

/** The selection, painted as if it were a mask: white selects. */
function selectionTarget(document: Document): Target {
  const { selection } = document;
  const room = selection ? around(frameOf(document), selection) : frameOf(document);
  const start = startOf(room, selection, {
    // Nothing selected counts as everything: there is nothing red.
    ground: selection ? 0 : 255,
    toDocument: translation(room.x, room.y),
    clip: null,
  });
  const next: Selection = { ...room, pixels: start.id };
  return {
    start,
    of: 'selection',
    inverted: false,
    perform: (editor) => editor.perform(setSelection, { selection: next }),
  };
}

function startOf(
  room: Box,
  from: { readonly pixels: string; readonly x: number; readonly y: number } | null,
  more: Pick<StrokeStart, 'ground' | 'toDocument' | 'clip'>,
): Target['start'] {
  const { width, height } = room;
  const place = from && { pixels: from.pixels, x: from.x - room.x, y: from.y - room.y };
  return { id: newId(width, height), from: place, width, height, ...more };
}

/** The mask's pixels and those around it that lie on the document; just the mask's where that would be too many. */
function roomOf(mask: LayerMask, document: Document): Box {
  const own = { x: 0, y: 0, width: mask.width, height: mask.height };
  const m = invert(mask.transform);
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [0, document.width]) {
    for (const y of [0, document.height]) {
      xs.push(m.a * x + m.c * y + m.e);
      ys.push(m.b * x + m.d * y + m.f);
    }
  }
  // A hair of rounding must not add a row.
  const [x, y] = [Math.floor(Math.min(...xs) + 1e-6), Math.floor(Math.min(...ys) + 1e-6)];
  const width = Math.ceil(Math.max(...xs) - 1e-6) - x;
  const height = Math.ceil(Math.max(...ys) - 1e-6) - y;
  const room = around(own, { x, y, width, height });
  const most = Math.min(MAX_PIXELS, 4 * document.width * document.height + own.width * own.height);
  return room.width * room.height <= most ? room : own;
}
