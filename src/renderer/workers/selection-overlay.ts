import { maskMip } from '../../compositor/mips';
import { sameView } from '../../compositor/render';
import type { Document, Selection } from '../../document/records';
import { SELECTED } from '../../pixels/coverage';
import type { Box, Mask } from '../../pixels/image';
import type { Matrix } from '../../pixels/matrix';
import type { CanvasView } from './protocol';

/** Milliseconds after which the outline runs on. */
const PACE = 110;
/** Length of a dark and a light piece of the outline together, canvas pixels; half of it is dark. */
const DASH = 8;
const BLACK = 0xff000000;
const WHITE = 0xffffffff;
/** How red lies over what is not selected, 0..255. */
const RED = 128;

/** A selection's coverage seen through a view: a byte for every canvas pixel of `part` and one around it. */
export interface SeenSelection {
  readonly part: Box;
  /** `(part.width + 2)·(part.height + 2)` values, row by row. */
  readonly values: Uint8Array;
}

/** What the canvas pixels of `part` show of the selection: the value at each one's middle, shrunk by means of pixels. */
export function seen(
  { selection, width, height }: Pick<Document, 'width' | 'height'> & { selection: Selection },
  mask: Mask,
  part: Box,
  toView: Matrix,
): SeenSelection {
  const level = Math.max(0, Math.floor(Math.log2(1 / toView.a)));
  const texels = maskMip(mask, level);
  const places = (from: number, count: number, scale: number, shift: number, start: number, size: number) =>
    Int32Array.from({ length: count + 2 }, (_, i) => {
      const at = Math.floor((from + i - 0.5 - shift) / scale);
      return at < 0 || at >= size || at < start ? -1 : (at - start) >> level;
    });
  const columns = places(part.x, part.width, toView.a, toView.e, selection.x, width);
  const rows = places(part.y, part.height, toView.d, toView.f, selection.y, height);
  const values = new Uint8Array(columns.length * rows.length);
  rows.forEach((row, y) => {
    if (row < 0 || row >= texels.height) return;
    const from = row * texels.width;
    const to = y * columns.length;
    for (let x = 0; x < columns.length; x++) {
      const column = columns[x]!;
      if (column >= 0 && column < texels.width) values[to + x] = texels.data[from + column]!;
    }
  });
  return { part, values };
}

/**
 * Canvas pixels (counted within `part`, row by row) that lie just inside the selection's edge: twice their number, and one
 * more where the edge rises to the right.
 */
export function outline({ part, values }: SeenSelection): Uint32Array {
  const pitch = part.width + 2;
  const found: number[] = [];
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const i = (y + 1) * pitch + x + 1;
      if (values[i]! < SELECTED) continue;
      const [left, right] = [values[i - 1]! < SELECTED, values[i + 1]! < SELECTED];
      const [over, under] = [values[i - pitch]! < SELECTED, values[i + pitch]! < SELECTED];
      if (!left && !right && !over && !under) continue;
      const rises = (left && over && !right && !under) || (right && under && !left && !over);
      found.push(2 * (y * part.width + x) + (rises ? 1 : 0));
    }
  }
  return Uint32Array.from(found);
}

/** Shows what is selected, on a canvas of its own above the picture: as a running outline, or as red over the rest. */
export class SelectionOverlay {
  readonly #maskOf: (selection: Selection) => Mask | undefined;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  #shown: { view: CanvasView; selection: Selection } | null = null;
  #image: ImageData | null = null;
  #part: Box | null = null;
  #edge: Uint32Array = new Uint32Array();
  #timer: ReturnType<typeof setInterval> | undefined;
  #phase = 0;

  constructor(maskOf: (selection: Selection) => Mask | undefined) {
    this.#maskOf = maskOf;
  }

  attach(canvas: OffscreenCanvas): void {
    this.#context = canvas.getContext('2d');
  }

  /** Shows the view's selection on `part` of the canvas; `anew`: even if nothing but its pixels changed. */
  show(view: CanvasView | null, part: Box | null, anew: boolean): void {
    const context = this.#context;
    if (!context) return;
    const selection = view?.document.selection ?? null;
    const mask = selection && view?.overlay ? this.#maskOf(selection) : undefined;
    if (!view || !part || !selection || !mask) return this.#clear(context);
    const before = this.#shown;
    const same =
      before?.selection === selection &&
      before.view.overlay === view.overlay &&
      before.view.still === view.still &&
      sameView(before.view, view);
    if (same && !anew) return;
    this.#clear(context);
    this.#shown = { view, selection };
    const { canvas } = context;
    if (canvas.width !== view.width || canvas.height !== view.height) {
      canvas.width = view.width;
      canvas.height = view.height;
    }
    const found = seen({ ...view.document, selection }, mask, part, view.toView);
    this.#part = part;
    if (view.overlay === 'red') {
      context.putImageData(redOver(found), part.x, part.y);
      return;
    }
    this.#image = new ImageData(part.width, part.height);
    this.#edge = outline(found);
    this.#run();
    if (!view.still && this.#edge.length > 0) this.#timer = setInterval(() => this.#run(), PACE);
  }

  #clear(context: OffscreenCanvasRenderingContext2D): void {
    clearInterval(this.#timer);
    if (this.#shown) context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    this.#shown = null;
    this.#image = null;
  }

  /** Draws the outline a step further. */
  #run(): void {
    if (!this.#image || !this.#part) return;
    const { width, data } = this.#image;
    const colours = new Uint32Array(data.buffer);
    this.#phase = (this.#phase + 1) % DASH;
    for (const edge of this.#edge) {
      const i = edge >> 1;
      const [x, y] = [i % width, Math.floor(i / width)];
      // Pieces must follow each other along the edge, whichever way it runs.
      const along = x + (edge & 1 ? -y + DASH * y : y) + this.#phase;
      colours[i] = along % DASH < DASH / 2 ? BLACK : WHITE;
    }
    this.#context?.putImageData(this.#image, this.#part.x, this.#part.y);
  }
}

function redOver({ part, values }: SeenSelection): ImageData {
  const image = new ImageData(part.width, part.height);
  // Alpha, blue, green, red: every machine that runs a browser is little-endian.
  const colours = new Uint32Array(image.data.buffer);
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const value = values[(y + 1) * (part.width + 2) + x + 1]!;
      colours[y * part.width + x] = (Math.round((RED * (255 - value)) / 255) << 24) | 0x0000ff;
    }
  }
  return image;
}
