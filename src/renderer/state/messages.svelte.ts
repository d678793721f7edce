import { Fault } from '../../pixels/fault';
import { toServiceError } from '../../contract/errors';
import { tell } from '../language/index.svelte';

export interface Message {
  readonly id: number;
  readonly tone: 'error' | 'notice';
  readonly text: string;
  readonly hint: string;
}

/** Milliseconds that a notice stays; errors stay until they are closed. */
const NOTICE_TIME = 6000;
const MOST = 4;

/** What the person is told: messages on screen, and a line for screen readers. */
export class Messages {
  list = $state.raw<readonly Message[]>([]);
  /** Read out by screen readers. */
  announcement = $state('');
  #next = 1;

  /** Tells of an error; a cancellation is what the person wanted and is only announced. */
  fault(thrown: unknown): void {
    if (thrown instanceof Fault && thrown.code === 'cancelled') return this.announce(thrown.message);
    const error = toServiceError(thrown);
    this.#add({ id: this.#next++, tone: 'error', text: tell(error.message), hint: tell(error.hint) });
  }

  notice(text: string, hint = ''): void {
    const message: Message = { id: this.#next++, tone: 'notice', text: tell(text), hint: tell(hint) };
    this.#add(message);
    setTimeout(() => this.close(message.id), NOTICE_TIME);
  }

  announce(said: string): void {
    const text = tell(said);
    // The same words twice in a row would not be read out again.
    this.announcement = this.announcement === text ? `${text}\u00a0` : text;
  }

  close(id: number): void {
    this.list = this.list.filter((message) => message.id !== id);
  }

  #add(message: Message): void {
    this.list = [...this.list.filter((other) => other.text !== message.text), message].slice(-MOST);
  }
}
