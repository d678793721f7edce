import { toServiceError, type ServiceError } from '../../contract/errors';
import { liftRows, type LiftJob } from '../../harmonize/lift';
import type { Rows } from '../../pixels/image';

/** Studio → lift worker: the job once, then rows to do. */
export type ToLift =
  | { readonly kind: 'job'; readonly job: LiftJob; readonly shared: Uint8ClampedArray | null }
  | { readonly kind: 'rows'; readonly rows: Rows };

/** Lift worker → studio; `data` are the rows themselves unless the pixels are shared. */
export type FromLift =
  | { readonly kind: 'rows'; readonly rows: Rows; readonly data: Uint8ClampedArray<ArrayBuffer> | null }
  | { readonly kind: 'refused'; readonly error: ServiceError };

let job: LiftJob | null = null;
let out: Uint8ClampedArray = new Uint8ClampedArray();
let shared = false;

function post(message: FromLift, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

addEventListener('message', (event: MessageEvent<ToLift>) => {
  try {
    if (event.data.kind === 'job') {
      ({ job } = event.data);
      shared = event.data.shared !== null;
      out = event.data.shared ?? new Uint8ClampedArray(job.source.data.length);
      return;
    }
    if (!job) return;
    const { rows } = event.data;
    liftRows(job, rows, out);
    if (shared) return post({ kind: 'rows', rows, data: null });
    const stride = 4 * job.source.width;
    const data = new Uint8ClampedArray(out.slice(rows.from * stride, rows.to * stride));
    post({ kind: 'rows', rows, data }, [data.buffer]);
  } catch (thrown) {
    post({ kind: 'refused', error: toServiceError(thrown) });
  }
});
