import type { AskedPair } from '../../contract/study';
import { type Rating, writeRatings } from '../../study/ratings';

export type Choice = Rating['choice'];

/** A rater at a page of pairs: what was asked, what was answered, and how long each was looked at. */
export class Comparison {
  readonly study: string;
  readonly page: string;
  readonly rater: string;
  readonly pairs: readonly AskedPair[];
  /** One a pair, in order; of the pair being looked at there is none yet. */
  answers = $state.raw<readonly { readonly choice: Choice; readonly ms: number }[]>([]);
  #since = 0;
  readonly #now: () => number;

  constructor(
    asked: { readonly study: string; readonly page: string; readonly pairs: readonly AskedPair[] },
    rater: string,
    now: () => number = () => performance.now(),
  ) {
    this.study = asked.study;
    this.page = asked.page;
    this.pairs = asked.pairs;
    this.rater = rater;
    this.#now = now;
    this.#since = now();
  }

  /** The pair to choose from; null when all are answered. */
  get pair(): AskedPair | null {
    return this.pairs[this.answers.length] ?? null;
  }

  /** The pictures that come next: to be read while these are looked at. */
  get next(): readonly string[] {
    return this.pairs[this.answers.length + 1]?.pictures ?? [];
  }

  /** The pair is seen from now on: its time starts. */
  shown(): void {
    this.#since = this.#now();
  }

  choose(choice: Choice): void {
    if (!this.pair) return;
    this.answers = [...this.answers, { choice, ms: Math.max(0, Math.round(this.#now() - this.#since)) }];
    this.shown();
  }

  /** Takes the last answer back. */
  back(): void {
    this.answers = this.answers.slice(0, -1);
    this.shown();
  }

  get ratings(): Rating[] {
    return this.answers.map(({ choice, ms }, k): Rating => {
      const { pair, left } = this.pairs[k]!;
      return { study: this.study, rater: this.rater, page: this.page, pair, left, choice, ms };
    });
  }

  /** The answers as `attune study report` reads them. */
  get csv(): string {
    return writeRatings(this.ratings);
  }

  /** What the file of the answers is called; as the rater's page in a browser calls it. */
  get fileName(): string {
    return `ratings-${this.page}-${this.rater.replace(/[^\p{L}\p{N}]+/gu, '-')}.csv`;
  }
}
