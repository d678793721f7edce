import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Registry } from '../main/inference/registry';
import { Fault } from '../pixels/fault';
import type { Case } from './cases';
import type { Row } from './evaluate-tables';

const scores = {
  mse: z.number(),
  psnr: z.number(),
  fmse: z.number(),
  ssim: z.number(),
  ms: z.number(),
};
const line = z.object({ key: z.string(), ...scores });
type Measured = Omit<z.infer<typeof line>, 'key'>;

/**
 * What has been measured, a line each in `journal.jsonl` beside the output. A measurement is known by what it was made
 * from (the pictures' files with their sizes and times, the method and its network's file, the options), so an
 * interrupted or extended run measures only what is new.
 */
export class Journal {
  readonly #path: string | null;
  readonly #known: ReadonlyMap<string, Measured>;
  readonly #context: string;

  private constructor(path: string | null, known: ReadonlyMap<string, Measured>, context: string) {
    this.#path = path;
    this.#known = known;
    this.#context = context;
  }

  /** `folder`: of the output, made when it is not there; null: nothing is kept. `context`: options that change results. */
  static async open(folder: string | null, context: unknown, fresh: boolean): Promise<Journal> {
    const words = JSON.stringify(context);
    if (folder === null) return new Journal(null, new Map(), words);
    const path = join(folder, 'journal.jsonl');
    await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw new Fault(
        'write',
        `The folder ${folder} cannot be made (${error.code}).`,
        'Choose another output.',
      );
    });
    const text = fresh ? '' : await readFile(path, 'utf8').catch(() => '');
    const known = new Map<string, Measured>();
    for (const one of text.split('\n')) {
      const parsed = line.safeParse(parse(one));
      if (!parsed.success) continue;
      const { key, ...measured } = parsed.data;
      known.set(key, measured);
    }
    // A line that an interruption cut short must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) await append(path, '\n');
    return new Journal(path, known, words);
  }

  /** The name of a measurement. Throws a Fault `not-found` when a picture has vanished. */
  async key(one: Case, method: string, registry: Registry): Promise<string> {
    const spec = method === 'none' ? null : registry.needs(method);
    const version = method === 'none' ? '' : registry.info(method).version;
    const files = await Promise.all(
      [one.composite, one.mask, one.real].map(async (path) => {
        const info = await stat(path).catch(() => {
          throw new Fault(
            'not-found',
            `${path} is gone.`,
            'Leave the cases as they are while they are measured.',
          );
        });
        return [path, info.size, info.mtimeMs];
      }),
    );
    const made = JSON.stringify([files, method, version, spec?.sha256 ?? null, this.#context]);
    return createHash('sha256').update(made).digest('hex').slice(0, 32);
  }

  known(key: string): Measured | null {
    return this.#known.get(key) ?? null;
  }

  async add(key: string, { mse, psnr, fmse, ssim, ms }: Row): Promise<void> {
    if (this.#path !== null)
      await append(this.#path, `${JSON.stringify({ key, mse, psnr, fmse, ssim, ms })}\n`);
  }
}

async function append(path: string, text: string): Promise<void> {
  await appendFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new Fault(
      'write',
      `${path} cannot be written (${error.code}).`,
      'Make room, or choose another output.',
    );
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
