import { toFault } from '../../contract/errors';
import type { PixelId } from '../../document/records';
import { Fault } from '../../pixels/fault';
import { countView, viewCounter } from './newest-view';
import type { CanvasView, FromStudio, StudioCall, StudioCalls, ToStudio } from './protocol';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (fault: Fault) => void;
  readonly progress: ((done: number) => void) | undefined;
}

/** The window's hold on the studio worker. Pixels stay there; only records, small pictures and files come back. */
export class Studio {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #counter = viewCounter();
  #next = 1;
  /** Hears that the canvas was drawn. */
  onDrawn: (drawn: Extract<FromStudio, { kind: 'drawn' }>) => void = () => undefined;
  /** Hears of a fault that belongs to no call: drawing the canvas failed. */
  onFault: (fault: Fault) => void = () => undefined;

  constructor() {
    this.#worker = new Worker(new URL('./studio.worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', (event: MessageEvent<FromStudio>) => this.#hear(event.data));
    this.#worker.addEventListener('error', (event) => {
      const fault = new Fault('engine', `The picture worker failed: ${event.message}`, 'Reload the window.');
      for (const pending of this.#pending.values()) pending.reject(fault);
      this.#pending.clear();
      this.onFault(fault);
    });
    this.#send({ kind: 'counter', counter: this.#counter });
  }

  /** Hands over the canvases that the studio draws on: the picture, and what is selected above it. */
  attach(canvas: OffscreenCanvas, overlay: OffscreenCanvas): void {
    this.#send({ kind: 'canvas', canvas, overlay }, [canvas, overlay]);
  }

  /** Shows the view on the canvas; null clears it. */
  show(view: CanvasView | null): void {
    this.#send({ kind: 'view', view, number: countView(this.#counter) });
  }

  /** Names all pixels that the document and its history need, and those of the document itself; others may be let go. */
  retain(pixels: readonly PixelId[], present: readonly PixelId[]): void {
    this.#send({ kind: 'retain', pixels, present });
  }

  /** The brush stroke goes on: x, y (document pixels) and pressure (0..1), three numbers a place. */
  stroke(touches: Float64Array<ArrayBuffer>): void {
    this.#send({ kind: 'stroke', touches }, [touches.buffer]);
  }

  /** Asks the studio; rejects with a Fault. Aborting cancels work that can be cancelled. */
  call<K extends StudioCall>(
    name: K,
    args: StudioCalls[K]['args'],
    options: { signal?: AbortSignal; progress?: (done: number) => void; transfer?: Transferable[] } = {},
  ): Promise<StudioCalls[K]['answer']> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(new Fault('cancelled', 'Cancelled.'));
      options.signal?.addEventListener('abort', () => this.#send({ kind: 'cancel', id }), { once: true });
      this.#pending.set(id, { resolve, reject, progress: options.progress });
      this.#send({ kind: 'call', id, name, args } as ToStudio, options.transfer);
    });
  }

  #hear(message: FromStudio): void {
    if (message.kind === 'drawn') return this.onDrawn(message);
    const pending = this.#pending.get(message.id);
    if (message.kind === 'progress') return pending?.progress?.(message.done);
    this.#pending.delete(message.id);
    if (message.kind === 'answer') return pending?.resolve(message.value as never);
    const fault = toFault(message.error);
    if (pending) pending.reject(fault);
    else this.onFault(fault);
  }

  #send(message: ToStudio, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
