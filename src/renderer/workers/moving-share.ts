import { sameView, type View } from '../../compositor/render';

/** Milliseconds that a picture in the middle of a movement may take. */
const BUDGET = 30;
/** So many in a row that take longer are too slow. */
const TOO_MANY = 4;
const LEAST = 0.2;

/**
 * The share of the full resolution at which a picture in the middle of a movement keeps up with the hand. While the view
 * moves, all is drawn anew and the share follows the pace. While layers move in a view that stays, the compositor keeps
 * what stays, which a change of the share would undo: it is lowered only when even so a picture takes much too long, or
 * several in a row a little.
 */
export class MovingShare {
  /** Milliseconds a megapixel took of late when all was drawn anew. */
  #pace = 30;
  #last: View | null = null;
  #share = 1;
  /** Pictures drawn in the same view at the same share while something moves. */
  #kept = 0;
  /** Of these, those in a row that took longer than they may. */
  #slow = 0;

  /** The share for the next picture, of `megapixels` at full resolution. */
  next(view: View, megapixels: number, moving: boolean): number {
    if (!moving) return 1;
    if (this.#last && sameView(this.#last, view)) return this.#share;
    const expected = this.#pace * megapixels;
    return expected > BUDGET ? Math.max(LEAST, Math.sqrt(BUDGET / expected)) : 1;
  }

  /** Hears what a picture took; `megapixels` are those that were drawn. */
  drawn(view: View, share: number, megapixels: number, moving: boolean, ms: number): void {
    const stays = this.#last !== null && sameView(this.#last, view);
    this.#last = view;
    if (!stays || !moving) {
      this.#pace += stays ? 0 : 0.3 * (ms / megapixels - this.#pace);
      this.#kept = this.#slow = 0;
      // Once the picture has come to rest at full resolution, the next movement begins there.
      this.#share = share;
      return;
    }
    this.#kept += 1;
    // The first one makes what is kept.
    if (this.#kept === 1) return;
    this.#slow = ms > BUDGET ? this.#slow + 1 : 0;
    const less = ms > 2 * BUDGET ? 0.5 : this.#slow === TOO_MANY ? 0.75 : 1;
    if (less === 1) return;
    this.#share = Math.max(LEAST, this.#share * less);
    this.#kept = this.#slow = 0;
  }
}
