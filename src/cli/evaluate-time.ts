/** How long the rest takes, from what was done: the mean of the last tasks, so that it follows a change of pace. */
export class TimeLeft {
  readonly #times: number[] = [];
  #left: number;
  #last: number;

  /** `tasks` are to be done, from `now` (milliseconds) on. */
  constructor(tasks: number, now: number) {
    this.#left = tasks;
    this.#last = now;
  }

  /** A task is done. */
  done(now: number): void {
    this.#times.push(now - this.#last);
    if (this.#times.length > 200) this.#times.shift();
    this.#last = now;
    this.#left--;
  }

  /** In words, such as `3 min left`; empty while nothing can be said. */
  words(): string {
    if (this.#left === 0 || this.#times.length === 0) return '';
    const mean = this.#times.reduce((sum, time) => sum + time, 0) / this.#times.length;
    const seconds = Math.ceil((mean * this.#left) / 1000);
    if (seconds < 60) return `${seconds} s left`;
    if (seconds < 3600) return `${Math.ceil(seconds / 60)} min left`;
    return `${Math.floor(seconds / 3600)} h ${Math.ceil((seconds % 3600) / 60)} min left`;
  }
}
