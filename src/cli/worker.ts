import { z } from 'zod';
import { Crew } from '../main/batch/crew';
import { startQueueWorker } from '../main/batch/queue-worker';
import { openRegistry } from '../main/inference/registry';
import { errorLine } from '../main/batch/words';
import { onInterrupt } from './interrupt';
import { tell, withEngine } from './running';

export const workerOptions = z.object({
  queue: z.string(),
  map: z.array(z.string()),
  lease: z.number(),
  device: z.string().optional(),
  jobs: z.number().optional(),
  memory: z.number().optional(),
});
export type WorkerOptions = z.infer<typeof workerOptions>;

/** `attune worker`: does the pictures of a queue until Ctrl-C; exit 0 then. */
export async function worker(options: WorkerOptions): Promise<void> {
  const registry = await openRegistry();
  await withEngine(registry, options.device, async (harmonizer) => {
    const crew = new Crew({
      harmonizer,
      ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
      ...(options.memory === undefined ? {} : { memory: options.memory * 2 ** 20 }),
    });
    const mappings = options.map.map((text) => {
      const at = text.indexOf('=');
      return { from: text.slice(0, at), to: text.slice(at + 1) };
    });
    const started = await startQueueWorker(options.queue, {
      crew,
      mappings,
      lease: options.lease,
      onNotice: tell,
      onDone: ({ picture, output }, answer) =>
        tell(answer.state === 'done' ? `${picture} → ${output}` : errorLine(answer.error)),
    });
    tell(`Waiting for pictures, ${crew.jobs} at a time. Ctrl-C ends it.`);
    await new Promise<void>((resolve, reject) => {
      const release = onInterrupt(
        () => {
          tell('\nFinishing the pictures in the works; Ctrl-C again drops them.');
          started.finish().then(
            () => {
              release();
              resolve();
            },
            (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
          );
        },
        () => started.drop(),
      );
    });
    await crew.end();
  });
}
