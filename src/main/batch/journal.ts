import { open, readFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { serviceError } from '../../contract/errors';
import { Fault } from '../../pixels/fault';
import { pictureResult } from './work';

/** A line of the journal. Paths are absolute. */
const entry = z.discriminatedUnion('event', [
  /** A run began; `id` stays the same when it is resumed, `settings` is a digest of what all its pictures share. */
  z.object({ event: z.literal('batch'), version: z.literal(1), id: z.string(), settings: z.string() }),
  /** A picture is to be written to `output`. */
  z.object({ event: z.literal('planned'), picture: z.string(), output: z.string() }),
  /** A picture is done and its output safe on the disk; `key` says from what and how it was made. */
  z.object({
    event: z.literal('done'),
    picture: z.string(),
    output: z.string(),
    key: z.string(),
    result: pictureResult,
  }),
  z.object({ event: z.literal('failed'), picture: z.string(), output: z.string(), error: serviceError }),
]);
export type JournalEntry = z.infer<typeof entry>;
type Done = Extract<JournalEntry, { event: 'done' }>;

/** What an earlier run left behind. */
export interface JournalState {
  /** The run's id and the digest of its settings, or null when there is no journal. */
  readonly batch: { readonly id: string; readonly settings: string } | null;
  /** Picture → output as chosen. */
  readonly planned: ReadonlyMap<string, string>;
  /** Picture → how it was finished. */
  readonly done: ReadonlyMap<string, Done>;
}

/** Reads a journal; a line that was cut short by a crash counts as never written. */
export async function readJournal(path: string): Promise<JournalState> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Fault(
      'unreadable',
      `The journal ${path} cannot be read (${error.code}).`,
      'Start without --resume.',
    );
  });
  let batch: JournalState['batch'] = null;
  const planned = new Map<string, string>();
  const done = new Map<string, Done>();
  for (const line of text.split('\n')) {
    const parsed = entry.safeParse(parseLine(line));
    if (!parsed.success) continue;
    const one = parsed.data;
    if (one.event === 'batch') batch = { id: one.id, settings: one.settings };
    else if (one.event === 'planned') planned.set(one.picture, one.output);
    else if (one.event === 'done') done.set(one.picture, one);
  }
  return { batch, planned, done };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/**
 * The journal of a batch: lines that are only ever appended. `write` resolves when its lines are safe on the disk;
 * lines that wait for the disk at the same time share one flush.
 */
export class Journal {
  readonly #file: FileHandle;
  #waiting: { text: string; settle: (error: Error | null) => void }[] = [];
  #flushing: Promise<void> | null = null;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens a journal to append to, or a new one in the place of what is there. Throws a Fault `write`. */
  static async open(path: string, fresh: boolean): Promise<Journal> {
    const file = await open(path, fresh ? 'w' : 'a').catch((error: NodeJS.ErrnoException) => {
      throw new Fault(
        'write',
        `The journal ${path} cannot be written (${error.code}).`,
        'Choose another folder.',
      );
    });
    return new Journal(file);
  }

  write(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    // A line may have been cut short before: an empty line ends it.
    const text = `\n${entries.map((one) => JSON.stringify(one)).join('\n')}\n`;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, settle: (error) => (error ? reject(error) : resolve()) });
      this.#flushing ??= this.#flush();
    });
  }

  /** Waits for what is being written, then closes. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      let error: Error | null = null;
      try {
        await this.#file.appendFile(group.map(({ text }) => text).join(''));
        await this.#file.datasync();
      } catch (thrown) {
        const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
        error = new Fault('write', `The journal cannot be written (${code}).`, 'Make room on the disk.');
      }
      for (const { settle } of group) settle(error);
    }
    this.#flushing = null;
  }
}
