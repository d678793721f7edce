import type { Document, LayerId } from '../document/records';
import { Fault, type FaultCode } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';
import { multiply, translation } from '../pixels/matrix';
import type { PixelSource } from './pixel-store';
import { renderDocument, type View } from './render';
import type { Interpolation } from './sample';

/** A document to be flattened in strips, with all the pixels it names; plain data, to be sent to other threads. */
export interface FlattenJob {
  /** Tells one job of a hand from the next. */
  readonly number: number;
  readonly document: Document;
  readonly images: ReadonlyMap<string, Image>;
  readonly masks: ReadonlyMap<string, Mask>;
  readonly view: View;
  readonly layers: readonly LayerId[] | null;
  readonly interpolation: Interpolation;
  /** The whole picture's RGBA, in memory that all threads see. */
  readonly out: Uint8ClampedArray;
  /** In shared memory, too: not 0 when the picture is not wanted any more. */
  readonly stop: Int32Array;
}

/** What a hand is told: a job, strips of rows of it, its end. */
export type ToHand =
  | { readonly kind: 'job'; readonly job: FlattenJob }
  | { readonly kind: 'strip'; readonly number: number; readonly y: number; readonly rows: number }
  | { readonly kind: 'rest' };

/** Its answer to a strip; `error` null: the rows are in the picture. */
export interface FromHand {
  readonly number: number;
  readonly error: { readonly code: FaultCode; readonly message: string; readonly hint: string } | null;
}

/** What a thread does as a hand: for the messages that it gets, in their order; `answer` sends to whom it works for. */
export function asHand(answer: (message: FromHand) => void): (message: ToHand) => void {
  let current: { job: FlattenJob; source: PixelSource } | null = null;
  return (message) => {
    if (message.kind === 'rest') {
      current = null;
      return;
    }
    if (message.kind === 'job') {
      const { job } = message;
      const source = { get: (id: string) => job.images.get(id), mask: (id: string) => job.masks.get(id) };
      current = { job, source };
      return;
    }
    const { number } = message;
    let error: FromHand['error'] = null;
    try {
      if (current?.job.number !== number) throw new Error('A strip without its job.');
      flattenStrip(current.job, current.source, message.y, message.rows);
    } catch (thrown) {
      error =
        thrown instanceof Fault
          ? { code: thrown.code, message: thrown.message, hint: thrown.hint }
          : { code: 'engine', message: thrown instanceof Error ? thrown.message : String(thrown), hint: '' };
    }
    answer({ number, error });
  };
}

function flattenStrip(job: FlattenJob, source: PixelSource, y: number, rows: number): void {
  const { document, view, layers, interpolation, out, stop } = job;
  const strip = { width: view.width, height: rows, toView: multiply(translation(0, -y), view.toView) };
  const { data } = renderDocument(document, source, strip, {
    interpolation,
    ...(layers ? { layers } : {}),
    signal: {
      get aborted() {
        return Atomics.load(stop, 0) !== 0;
      },
    },
  });
  out.set(data, 4 * view.width * y);
}
