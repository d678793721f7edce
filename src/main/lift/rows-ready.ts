import { Fault } from '../../pixels/fault';
import type { Rows } from '../../pixels/image';

interface Waiting {
  readonly rows: Rows;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Which rows of a picture are final while the others are still being made. */
export class RowsReady {
  /** 1 a row that is not final. */
  readonly #open: Uint8Array;
  #waiting: Waiting[] = [];
  #failure: { readonly reason: unknown } | null = null;

  /** `open`: the rows that are still to be made, or null: none. */
  constructor(height: number, open: Rows | null) {
    this.#open = new Uint8Array(height);
    if (open) this.#open.fill(1, open.from, open.to);
  }

  /** Resolves when all of the rows are final; rejects with the reason when some never will be. */
  wait(rows: Rows): Promise<void> {
    if (rows.from < 0 || rows.to > this.#open.length) {
      return Promise.reject(new Fault('image', `There are no rows ${rows.from} to ${rows.to}.`));
    }
    if (this.#isFinal(rows)) return Promise.resolve();
    if (this.#failure) return Promise.reject(asError(this.#failure.reason));
    return new Promise((resolve, reject) => this.#waiting.push({ rows, resolve, reject }));
  }

  /** The rows are final now. */
  finish({ from, to }: Rows): void {
    this.#open.fill(0, from, to);
    this.#waiting = this.#waiting.filter(({ rows, resolve }) => {
      const touched = rows.from < to && from < rows.to;
      if (!touched || !this.#isFinal(rows)) return true;
      resolve();
      return false;
    });
  }

  /** Rows that are not final never will be. */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  #isFinal({ from, to }: Rows): boolean {
    const next = this.#open.indexOf(1, from);
    return next < 0 || next >= to;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
