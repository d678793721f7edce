import { adoptMips } from '../../compositor/mips';
import { toFault } from '../../contract/errors';
import type { PackedLayer } from '../../formats/psd/flat';
import { noteContent } from '../../pixels/content';
import { Fault } from '../../pixels/fault';
import type { FromUnpack, ToUnpack, Unpacked } from './unpack.worker';

/** Pixels from which on several threads are worth their start. */
const LARGE = 4e6;
const MOST_THREADS = 6;

interface Job {
  readonly layer: PackedLayer;
  readonly bytes: () => Uint8Array<ArrayBuffer>;
  readonly resolve: (unpacked: Unpacked) => void;
  readonly reject: (fault: Fault) => void;
}

/** Whether a project of so many pixels is worth a crew, and memory can be shared with it. */
export function isWorthCrew(pixels: number): boolean {
  return globalThis.crossOriginIsolated && pixels >= LARGE && navigator.hardwareConcurrency > 1;
}

/** Threads that unpack the layers of one file side by side; each begins the next when it is done with one. */
export class UnpackCrew {
  readonly #name: string;
  readonly #waiting: Job[] = [];
  readonly #workers: Worker[] = [];
  #next = 1;
  #ended = false;

  /** `name`: the file's, for messages. */
  constructor(name: string) {
    this.#name = name;
    const count = Math.min(MOST_THREADS, navigator.hardwareConcurrency);
    for (let i = 0; i < count; i++) {
      const worker = new Worker(new URL('./unpack.worker.ts', import.meta.url), { type: 'module' });
      this.#workers.push(worker);
      queueMicrotask(() => this.#work(worker));
    }
  }

  /** Unpacks a layer; `bytes` are the file's. Rejects with a Fault. */
  unpack(layer: PackedLayer, bytes: Uint8Array): Promise<Unpacked> {
    const from = Math.min(...layer.channels.map(({ start }) => start));
    const to = Math.max(...layer.channels.map(({ end }) => end));
    const channels = layer.channels.map(({ id, start, end }) => ({
      id,
      start: start - from,
      end: end - from,
    }));
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Fault('cancelled', 'Cancelled.'));
      // A copy of what the layer needs, made when its turn comes: few are in memory at once.
      this.#waiting.push({
        layer: { ...layer, channels },
        bytes: () => bytes.slice(from, to),
        resolve,
        reject,
      });
    });
  }

  #work(worker: Worker): void {
    const job = this.#waiting.shift();
    if (!job || this.#ended) return;
    const id = this.#next++;
    worker.onmessage = ({ data }: MessageEvent<FromUnpack>) => {
      if (data.id !== id) return;
      if (data.kind === 'unpacked') {
        const { image, mips } = data.value;
        adoptMips(image, mips);
        noteContent(image, data.value.content);
        job.resolve(data.value);
      } else job.reject(toFault(data.error));
      this.#work(worker);
    };
    worker.onerror = (event) =>
      job.reject(new Fault('engine', `The picture worker failed: ${event.message}`, 'Reload the window.'));
    const bytes = job.bytes();
    const message: ToUnpack = { id, layer: job.layer, bytes, name: this.#name };
    worker.postMessage(message, [bytes.buffer]);
  }

  /** Ends the threads; what still waits is cancelled. */
  end(): void {
    this.#ended = true;
    this.#workers.forEach((worker) => worker.terminate());
    this.#waiting.splice(0).forEach(({ reject }) => reject(new Fault('cancelled', 'Cancelled.')));
  }
}
