import { inheritMask, repaintMask } from '../../compositor/masks';
import type { PixelId } from '../../document/records';
import { BrushStroke } from '../../pixels/brush';
import { around } from '../../pixels/coverage';
import { Fault } from '../../pixels/fault';
import { checkSize, type Box, type Mask } from '../../pixels/image';
import type { PixelShelf } from './pixel-shelf';
import type { StrokeStart } from './selection-protocol';
import { coverageOf } from './selecting';

interface Live {
  readonly start: StrokeStart;
  readonly stroke: BrushStroke;
  readonly base: Mask;
  readonly target: Mask;
  /** Whether `base` is the very mask that the shelf holds under `start.from`. */
  readonly own: boolean;
}

/** The brush stroke that is being painted: into a copy of the mask, in place, a piece at a time. */
export class Strokes {
  readonly #shelf: PixelShelf;
  readonly #touched: (pixels: PixelId, box: Box) => void;
  #live: Live | null = null;

  /** `touched` hears which pixels of which mask were painted. */
  constructor(shelf: PixelShelf, touched: (pixels: PixelId, box: Box) => void) {
    this.#shelf = shelf;
    this.#touched = touched;
  }

  /** Begins a stroke: a copy of the mask, larger where that was asked for, lies on the shelf under `id` from now on. */
  begin(start: StrokeStart): void {
    const { id, width, height, from, ground, toDocument, brush, ink, clip } = start;
    checkSize(width, height);
    const former = from && this.#shelf.mask(from.pixels);
    if (from && !former) {
      throw new Fault('document', 'The pixels of the mask are missing.', 'Undo, or delete the mask.');
    }
    const own = Boolean(former && former.width === width && former.height === height);
    const base = former && own ? former : enlarged(former, from, width, height, ground);
    const target: Mask = { width, height, data: base.data.slice() };
    if (own) inheritMask(base, target);
    const area = clip && coverageOf(clip, this.#shelf);
    this.#live = {
      start,
      base,
      target,
      own,
      stroke: new BrushStroke(target, base, toDocument, brush, ink, area),
    };
    this.#shelf.putMask(id, target);
  }

  /** The hand went on: x, y (document pixels) and pressure, three numbers a place. */
  to(touches: Float64Array): void {
    const live = this.#live;
    if (!live) return;
    let box: Box | null = null;
    for (let i = 0; i + 2 < touches.length; i += 3) {
      const changed = live.stroke.to({ x: touches[i]!, y: touches[i + 1]!, pressure: touches[i + 2]! });
      if (changed) box = box ? around(box, changed) : changed;
    }
    if (!box) return;
    repaintMask(live.target, box);
    this.#touched(live.start.id, box);
  }

  /** Ends the stroke; answers what it takes in the history, or null when it changed nothing or is not to be kept. */
  end(keep: boolean): { bytes: number } | null {
    const live = this.#live;
    this.#live = null;
    if (!live) return null;
    const { start, stroke, base, target, own } = live;
    const box = keep && stroke.painted && differing(base, target, stroke.painted);
    if (!box) {
      this.#shelf.drop(start.id);
      return null;
    }
    const bytes =
      own && start.from ? this.#shelf.putKin(start.from.pixels, start.id, box) : target.data.length;
    return { bytes };
  }
}

/** A mask of one value with the former one in its place. */
function enlarged(
  former: Mask | null | undefined,
  place: StrokeStart['from'],
  width: number,
  height: number,
  ground: number,
): Mask {
  const data = new Uint8ClampedArray(width * height);
  if (ground > 0) data.fill(ground);
  if (former && place) {
    for (let y = 0; y < former.height; y++) {
      const row = former.data.subarray(y * former.width, (y + 1) * former.width);
      data.set(row, (y + place.y) * width + place.x);
    }
  }
  return { width, height, data };
}

/** The smallest box of rows and columns inside `box` where the masks differ; null when they do not. */
function differing(one: Mask, other: Mask, box: Box): Box | null {
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * one.width;
    for (let x = box.x; x < box.x + box.width; x++) {
      if (one.data[row + x] === other.data[row + x]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
