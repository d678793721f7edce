import type { AskedPair } from '../../contract/study';
import type { WindowBridge } from '../bridge';
import { Comparison } from './comparing.svelte';

/** The comparisons of this sitting: a rater who stops and comes back goes on. */
export class Comparisons {
  readonly #kept = new Map<string, Comparison>();

  /** The rater at this page, with the answers so far. Pictures have new tokens each time, so the page is given anew. */
  of(
    asked: { readonly study: string; readonly page: string; readonly pairs: readonly AskedPair[] },
    rater: string,
  ): Comparison {
    const key = JSON.stringify([asked.study, asked.page, rater]);
    const comparison = new Comparison(asked, rater);
    comparison.answers = this.#kept.get(key)?.answers.slice(0, asked.pairs.length) ?? [];
    this.#kept.set(key, comparison);
    return comparison;
  }
}

/** The addresses of pictures that the host gives by tokens, each read once. */
export class PictureUrls {
  readonly #urls = new Map<string, Promise<string>>();
  readonly #bridge: Pick<WindowBridge, 'readFile'>;

  constructor(bridge: Pick<WindowBridge, 'readFile'>) {
    this.#bridge = bridge;
  }

  /** Rejects with a Fault when the picture can no longer be read. */
  of(token: string): Promise<string> {
    const url =
      this.#urls.get(token) ?? this.#bridge.readFile(token).then((blob) => URL.createObjectURL(blob));
    this.#urls.set(token, url);
    return url;
  }

  /** Lets go of all of them. */
  revoke(): void {
    for (const url of this.#urls.values())
      void url.then((made) => URL.revokeObjectURL(made)).catch(() => undefined);
    this.#urls.clear();
  }
}
