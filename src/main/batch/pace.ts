/** Where a batch stands. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** 0..1, by the bytes of the pictures' files: a large picture counts for more. */
  readonly share: number;
  /** Pictures a minute, over the last minute; null until one is done. */
  readonly perMinute: number | null;
  /** Seconds that are left at that pace; null until it is known. */
  readonly left: number | null;
}

const WINDOW = 60_000;

/** Keeps the pace of a batch. Time is milliseconds of any clock. */
export class Pace {
  readonly #total: number;
  readonly #bytes: number;
  readonly #started: number;
  #done = 0;
  #doneBytes = 0;
  /** The state at the ends of pictures within the window, the oldest first. */
  readonly #marks: { at: number; done: number; bytes: number }[] = [];

  constructor(sizes: readonly number[], now: number) {
    this.#total = sizes.length;
    this.#bytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#started = now;
  }

  /** A picture of that many bytes is done with. */
  add(size: number, now: number): void {
    this.#done++;
    this.#doneBytes += size;
    this.#marks.push({ at: now, done: this.#done, bytes: this.#doneBytes });
    while (this.#marks.length > 1 && this.#marks[0]!.at < now - WINDOW) this.#marks.shift();
  }

  at(now: number): Progress {
    const share =
      this.#bytes > 0 ? this.#doneBytes / this.#bytes : this.#total > 0 ? this.#done / this.#total : 1;
    const oldest = this.#marks[0];
    const whole = !oldest || this.#started >= now - WINDOW;
    const from = whole ? { at: this.#started, done: 0, bytes: 0 } : oldest;
    const passed = now - from.at;
    const known = this.#done > from.done && passed > 0;
    const perSecond = known ? ((this.#doneBytes - from.bytes) / passed) * 1000 : 0;
    return {
      done: this.#done,
      total: this.#total,
      share,
      perMinute: known ? ((this.#done - from.done) / passed) * 60_000 : null,
      left: perSecond > 0 ? (this.#bytes - this.#doneBytes) / perSecond : null,
    };
  }
}
