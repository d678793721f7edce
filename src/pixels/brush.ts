import type { Coverage } from './coverage';
import { around } from './coverage';
import type { Box, Mask } from './image';
import { invert, type Matrix } from './matrix';

export interface Brush {
  /** Document pixels. */
  readonly diameter: number;
  /** 1: a sharp edge; 0: fading from the middle on. */
  readonly hardness: number;
  /** What one stroke does at most, 0..1. */
  readonly opacity: number;
  /** What one touch does, 0..1: below 1 a stroke builds up where it goes slowly or twice. */
  readonly flow: number;
  /** What a stylus's pressure changes. */
  readonly pressure: { readonly size: boolean; readonly opacity: boolean };
}

/** Where the hand was: document pixels, and how hard it pressed, 0..1. */
export interface Touch {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

/** Touches of a brush that builds up, as a share of its diameter. */
const SPACING = 0.1;
const FULL = 65535;

/**
 * How much a brush covers at a distance from its middle, 0..1: all of it up to `hardness` times the radius, then fading.
 * Even the hardest edge fades over one pixel (of `pixel` document pixels), half of it outside, so that the area is exact.
 */
export function brushProfile(distance: number, radius: number, hardness: number, pixel = 1): number {
  const inner = Math.min(hardness * radius, radius - pixel / 2);
  const outer = Math.max(radius, inner + pixel);
  if (distance <= inner) return 1;
  if (distance >= outer) return 0;
  const s = (distance - inner) / (outer - inner);
  // Straight over one pixel, which makes a straight edge exact; else without a kink at either end.
  return outer === inner + pixel ? 1 - s : 1 - s * s * (3 - 2 * s);
}

/**
 * One stroke of a brush into a mask, in place. The stroke's own coverage is kept beside it, so that a stroke that crosses
 * itself does not count twice: every pixel becomes `base + (ink − base)·opacity·coverage`.
 */
export class BrushStroke {
  readonly #target: Mask;
  readonly #base: Uint8ClampedArray;
  readonly #toDocument: Matrix;
  readonly #toMask: Matrix;
  readonly #brush: Brush;
  readonly #ink: number;
  readonly #clip: Coverage | null;
  readonly #covered: Uint16Array;
  #last: Touch | null = null;
  /** Document pixels from the last touch of a brush that builds up to the stroke's end. */
  #since = 0;
  #painted: Box | null = null;

  /**
   * `base` is what the target was before; `toDocument` maps mask pixels to document pixels; `ink` is 0..255. Only where
   * `clip` (document pixels) is selected anything is painted; null: everywhere.
   */
  constructor(
    target: Mask,
    base: Mask,
    toDocument: Matrix,
    brush: Brush,
    ink: number,
    clip: Coverage | null,
  ) {
    this.#target = target;
    this.#base = base.data;
    this.#toDocument = toDocument;
    this.#toMask = invert(toDocument);
    this.#brush = brush;
    this.#ink = ink;
    this.#clip = clip;
    this.#covered = new Uint16Array(target.width * target.height);
  }

  /** Mask pixels around all that the stroke may have changed; null: none. */
  get painted(): Box | null {
    return this.#painted;
  }

  /** The hand went on to here. Answers the mask pixels that may have changed, or null. */
  to(touch: Touch): Box | null {
    const from = this.#last ?? touch;
    const first = this.#last === null;
    this.#last = touch;
    const changed = this.#brush.flow < 1 ? this.#buildUp(from, touch, first) : this.#sweep(from, touch, 1);
    if (changed) this.#painted = this.#painted ? around(this.#painted, changed) : changed;
    return changed;
  }

  #buildUp(from: Touch, to: Touch, first: boolean): Box | null {
    const { diameter, flow } = this.#brush;
    const step = Math.max(1, diameter * SPACING);
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    let changed: Box | null = null;
    let at = first ? 0 : step - this.#since;
    if (first) this.#since = 0;
    for (; at <= length; at += step) {
      const t = length > 0 ? at / length : 0;
      const touch = between(from, to, t);
      const box = this.#sweep(touch, touch, flow);
      if (box) changed = changed ? around(changed, box) : box;
    }
    this.#since = length - (at - step);
    return changed;
  }

  /** Covers what lies along a line; with `flow` 1 by the greatest coverage, else in addition to what is covered. */
  #sweep(from: Touch, to: Touch, flow: number): Box | null {
    const { diameter, hardness, pressure } = this.#brush;
    const m = this.#toDocument;
    const pixel = Math.sqrt(Math.abs(m.a * m.d - m.b * m.c));
    const radius = (touch: Touch) => (diameter / 2) * (pressure.size ? touch.pressure : 1);
    const strength = (touch: Touch) => (pressure.opacity ? touch.pressure : 1);
    const [r0, r1] = [radius(from), radius(to)];
    const [s0, s1] = [strength(from), strength(to)];
    const box = this.#boxOf(from, to, Math.max(r0, r1) + pixel);
    if (!box) return null;
    const { width } = this.#target;
    const [ux, uy] = [to.x - from.x, to.y - from.y];
    const square = ux * ux + uy * uy;
    const covered = this.#covered;
    // Most pixels of a large brush lie wholly inside, which needs no root.
    const least = Math.min(r0, r1);
    const inside = Math.max(0, Math.min(hardness * least, least - pixel / 2));
    const plain = s0 === 1 && s1 === 1 && flow === 1;
    const reach = Math.max(r0, r1) + pixel;
    const limit = reach * reach;
    for (let y = box.y; y < box.y + box.height; y++) {
      let i = y * width + box.x;
      let dx = m.a * (box.x + 0.5) + m.c * (y + 0.5) + m.e - from.x;
      let dy = m.b * (box.x + 0.5) + m.d * (y + 0.5) + m.f - from.y;
      for (const end = i + box.width; i < end; i++, dx += m.a, dy += m.b) {
        const before = covered[i]!;
        if (before === FULL) continue;
        const t = square > 0 ? Math.min(1, Math.max(0, (dx * ux + dy * uy) / square)) : 0;
        const ex = dx - t * ux;
        const ey = dy - t * uy;
        const away = ex * ex + ey * ey;
        if (away >= limit) continue;
        if (plain && away <= inside * inside) covered[i] = FULL;
        else {
          const r = r0 + t * (r1 - r0);
          const share = brushProfile(Math.sqrt(away), r, hardness, pixel) * (s0 + t * (s1 - s0));
          const now = flow < 1 ? before + (FULL - before) * share * flow : share * FULL;
          if (now <= before) continue;
          covered[i] = now + 0.5;
        }
        this.#write(i, dx + from.x, dy + from.y);
      }
    }
    return box;
  }

  #write(i: number, x: number, y: number): void {
    let share = (this.#brush.opacity * this.#covered[i]!) / FULL;
    const clip = this.#clip;
    if (clip) {
      const column = Math.floor(x) - clip.x;
      const row = Math.floor(y) - clip.y;
      const inside = column >= 0 && row >= 0 && column < clip.width && row < clip.height;
      share *= inside ? clip.data[row * clip.width + column]! / 255 : 0;
    }
    const base = this.#base[i]!;
    this.#target.data[i] = base + (this.#ink - base) * share;
  }

  /** Mask pixels that a line with so much around it may touch. */
  #boxOf(from: Touch, to: Touch, reach: number): Box | null {
    const { a, b, c, d, e, f } = this.#toMask;
    const rx = reach * Math.hypot(a, c);
    const ry = reach * Math.hypot(b, d);
    const xs = [from, to].map(({ x, y }) => a * x + c * y + e);
    const ys = [from, to].map(({ x, y }) => b * x + d * y + f);
    const { width, height } = this.#target;
    const left = Math.max(0, Math.floor(Math.min(...xs) - rx));
    const top = Math.max(0, Math.floor(Math.min(...ys) - ry));
    const right = Math.min(width, Math.ceil(Math.max(...xs) + rx));
    const bottom = Math.min(height, Math.ceil(Math.max(...ys) + ry));
    return right > left && bottom > top
      ? { x: left, y: top, width: right - left, height: bottom - top }
      : null;
  }
}

function between(from: Touch, to: Touch, t: number): Touch {
  return {
    x: from.x + t * (to.x - from.x),
    y: from.y + t * (to.y - from.y),
    pressure: from.pressure + t * (to.pressure - from.pressure),
  };
}
