import type { Document, Layer } from '../document/records';
import { Fault } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';
import type { FlattenJob, FromHand, ToHand } from './hand';
import type { PixelSource } from './pixel-store';
import { checkView, type RenderOptions, type View } from './render';
import { TILE } from './tile';

/** A thread that flattens strips (`asHand` is what runs there); how it is spoken to is the host's. */
export interface Hand {
  send(message: ToHand): void;
  /** From now on answers go to `listener`, and what ends the thread to `failed`. */
  hear(listener: (message: FromHand) => void, failed: (why: string) => void): void;
}

/** Asks to stop; every AbortSignal is one. */
export interface CrewSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Pixels of a strip, about: small enough that no hand waits long for another at the end. */
const STRIP = 2 ** 18;
/** Strips that a hand has at a time: the next lies ready. */
const AHEAD = 2;

let jobs = 0;

/**
 * `renderDocument` on several threads: strips of the picture, each drawn wholly by one hand, the same pixels bit for bit.
 * The picture's memory is shared, and that of the document's pixels should be: what is not is copied to every hand.
 * Rejects with the Faults of `renderDocument`, and with `cancelled` at once when the signal aborts; hands then stop at
 * the next tile. One picture at a time.
 */
export async function renderOnCrew(
  hands: readonly Hand[],
  document: Document,
  source: PixelSource,
  view: View,
  options: RenderOptions & { readonly signal?: CrewSignal } = {},
): Promise<Image> {
  checkView(view);
  const { signal } = options;
  if (signal?.aborted) throw cancelled();
  const { width, height } = view;
  const job: FlattenJob = {
    number: ++jobs,
    document,
    ...pixelsOf(document, source),
    view,
    layers: options.layers ?? null,
    interpolation: options.interpolation ?? 'bilinear',
    out: room(4 * width * height),
    stop: new Int32Array(new SharedArrayBuffer(4)),
  };
  let onAbort: () => void = () => undefined;
  const abort = new Promise<never>((_, reject) => (onAbort = () => reject(cancelled())));
  signal?.addEventListener('abort', onAbort);
  try {
    await Promise.race([handOut(hands, job), abort]);
  } catch (thrown) {
    Atomics.store(job.stop, 0, 1);
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    for (const hand of hands) hand.send({ kind: 'rest' });
  }
  return { width, height, data: job.out };
}

const cancelled = () => new Fault('cancelled', 'Cancelled.');

function handOut(hands: readonly Hand[], job: FlattenJob): Promise<void> {
  const { width, height } = job.view;
  const rows = Math.max(1, Math.round(STRIP / width / TILE.height)) * TILE.height;
  const count = Math.ceil(height / rows);
  let next = 0;
  let done = 0;
  return new Promise((resolve, reject) => {
    for (const hand of hands.slice(0, count)) {
      const give = () => {
        if (next === count || Atomics.load(job.stop, 0) !== 0) return;
        const y = rows * next++;
        hand.send({ kind: 'strip', number: job.number, y, rows: Math.min(rows, height - y) });
      };
      hand.hear(
        ({ number, error }) => {
          // What is left of a job that was given up.
          if (number !== job.number) return;
          if (error) return reject(new Fault(error.code, error.message, error.hint));
          done++;
          if (done === count) resolve();
          else give();
        },
        (why) => reject(new Fault('engine', `A thread that draws the picture failed: ${why}`)),
      );
      hand.send({ kind: 'job', job });
      for (let i = 0; i < AHEAD; i++) give();
    }
  });
}

function room(length: number): Uint8ClampedArray {
  try {
    return new Uint8ClampedArray(new SharedArrayBuffer(length));
  } catch {
    throw new Fault(
      'too-large',
      `There is not enough memory for a picture of ${Math.round(length / 1e6)} MB.`,
      'Close other programs, or make the document smaller.',
    );
  }
}

/** Whether all the pictures of the document lie in shared memory, so that hands need no copies of them. */
export function isShared(document: Document, source: PixelSource): boolean {
  return [...pixelsOf(document, source).images.values()].every(
    ({ data }) => data.buffer instanceof SharedArrayBuffer,
  );
}

/** All the pixels that the document's layers name; what is missing is missed where it is drawn. */
function pixelsOf(document: Document, source: PixelSource) {
  const images = new Map<string, Image>();
  const masks = new Map<string, Mask>();
  const note = (id: string) => {
    const image = source.get(id);
    if (image) images.set(id, image);
  };
  const each = (layer: Layer) => {
    if (layer.kind === 'pixels') {
      note(layer.pixels);
      if (layer.harmonization) note(layer.harmonization.pixels);
    }
    const mask = layer.mask && source.mask?.(layer.mask.pixels);
    if (layer.mask && mask) masks.set(layer.mask.pixels, mask);
  };
  Object.values(document.layers).forEach(each);
  return { images, masks };
}
