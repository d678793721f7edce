import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../pixels/fault';
import { writeAtomically } from './files/atomic';
import { inTurn } from './files/in-turn';

/** Work that was not saved, as a sitting that ended badly left it. */
export interface Unsaved {
  readonly sitting: string;
  readonly record: string;
  /** When it was written last, milliseconds since 1970. */
  readonly at: number;
}

/** Keeps unsaved work: pieces of pixels by their names, each written once, and one record that names them. */
export interface Recovery {
  /** Of the pieces named, those that are not there yet. */
  missing(names: readonly string[]): Promise<string[]>;
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Writes the record; pieces that `keep` does not name are let go. */
  record(text: string, keep: readonly string[]): Promise<void>;
  /** Forgets the work of this sitting: it was saved, or given up. */
  clear(): Promise<void>;
  /** The newest work that a sitting left which is no longer going on; null where there is none. */
  unsaved(): Promise<Unsaved | null>;
  piece(sitting: string, name: string): Promise<Uint8Array<ArrayBuffer>>;
  forget(sitting: string): Promise<void>;
}

const PIECE = /^[A-Za-z0-9._-]{1,200}$/;
const SITTING = /^(\d+)-[a-z0-9]+$/;

/**
 * Opens the folder where unsaved work lies, a folder a sitting, named after the process that runs it. Names are checked:
 * nothing outside the folder is ever touched. Everything is written atomically.
 *
 * @param isRunning whether a process of this number is going on.
 */
export function openRecovery(folder: string, isRunning: (pid: number) => boolean = runs): Recovery {
  const own = `${process.pid}-${Date.now().toString(36)}`;
  const home = join(folder, own);
  const within = (sitting: string, name: string) => {
    if (!SITTING.test(sitting) || !PIECE.test(name) || name.startsWith('.')) {
      throw new Fault('usage', `“${name.slice(0, 80)}” is no name of a piece.`);
    }
    return join(folder, sitting, name);
  };
  const left = async () => {
    const found: Unsaved[] = [];
    for (const sitting of await readdir(folder).catch(() => [])) {
      const match = SITTING.exec(sitting);
      if (!match || sitting === own || isRunning(Number(match[1]))) continue;
      const path = join(folder, sitting, 'record.json');
      const info = await stat(path).catch(() => null);
      if (info) found.push({ sitting, record: await readFile(path, 'utf8'), at: info.mtimeMs });
      // Pieces without a record are of no use: the sitting ended before it wrote one.
      else await rm(join(folder, sitting), { recursive: true, force: true });
    }
    return found.toSorted((a, b) => b.at - a.at);
  };
  const oneByOne = inTurn();
  return {
    async missing(names) {
      const there = new Set(await readdir(home).catch(() => []));
      return names.filter((name) => !there.has(name));
    },
    put: (name, bytes) =>
      oneByOne(async () => {
        await mkdir(home, { recursive: true });
        await writeAtomically(within(own, name), bytes);
      }),
    record: (text, keep) =>
      oneByOne(async () => {
        await mkdir(home, { recursive: true });
        await writeAtomically(join(home, 'record.json'), new TextEncoder().encode(text));
        const kept = new Set([...keep, 'record.json']);
        for (const name of await readdir(home)) {
          if (!kept.has(name)) await rm(join(home, name), { recursive: true, force: true });
        }
      }),
    clear: () => oneByOne(() => rm(home, { recursive: true, force: true })),
    unsaved: async () => (await left())[0] ?? null,
    async piece(sitting, name) {
      return new Uint8Array(await readFile(within(sitting, name)));
    },
    async forget(sitting) {
      if (SITTING.test(sitting)) await rm(join(folder, sitting), { recursive: true, force: true });
    },
  };
}

/** Signal 0 asks whether a process is there without doing it anything (kill(2)). */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
