import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RecentFile } from '../contract/pictures';
import { Fault } from '../pixels/fault';
import { writeAtomically } from './files/atomic';
import { inTurn } from './files/in-turn';

/** The files that were opened or saved last, over all sittings. */
export interface Recent {
  /** The newest first; only those that can be opened now. */
  list(): Promise<RecentFile[]>;
  /** Puts a file on top: one on disk by its path, or content whose path nobody knows as a copy of its own. */
  keep(name: string, thumbnail: Uint8Array, from: { path: string } | { bytes: Uint8Array }): Promise<void>;
  /** The path of a file of the list, which goes to the top; a Fault `not-found` when it is gone. */
  open(id: string): Promise<{ readonly path: string; readonly name: string }>;
  /** Empties the list, and deletes the copies. */
  clear(): Promise<void>;
}

export interface RecentLimits {
  /** Entries of the list. */
  readonly entries: number;
  /** Bytes of one copy, and of all. */
  readonly copy: number;
  readonly copies: number;
}

const LIMITS: RecentLimits = { entries: 12, copy: 256 << 20, copies: 1 << 30 };

const entryShape = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1).max(255),
  at: z.number(),
  /** Null: a copy. */
  path: z.string().nullable(),
  bytes: z.number(),
});
type Entry = z.infer<typeof entryShape>;
const listShape = z.object({ version: z.literal(1), files: z.array(entryShape) });

/** Opens the folder where the list lies, with a small picture of each file and the copies. Everything is written atomically. */
export function openRecent(folder: string, limits: RecentLimits = LIMITS, now = Date.now): Recent {
  const listFile = join(folder, 'list.json');
  const copyOf = (id: string) => join(folder, `${id}.copy`);
  const thumbnailOf = (id: string) => join(folder, `${id}.webp`);
  const pathOf = (entry: Entry) => entry.path ?? copyOf(entry.id);

  const read = async (): Promise<Entry[]> => {
    try {
      return listShape.parse(JSON.parse(await readFile(listFile, 'utf8'))).files;
    } catch {
      // None yet, or damaged: the list is a convenience and begins anew.
      return [];
    }
  };
  const write = async (entries: readonly Entry[]) => {
    const kept = withinLimits(entries, limits);
    await mkdir(folder, { recursive: true });
    const text = JSON.stringify({ version: 1, files: kept });
    await writeAtomically(listFile, new TextEncoder().encode(text));
    const names = new Set(kept.flatMap(({ id }) => [`${id}.copy`, `${id}.webp`]));
    for (const name of await readdir(folder)) {
      if (/^[0-9a-f]{64}\.(copy|webp)$/.test(name) && !names.has(name))
        await rm(join(folder, name), { force: true });
    }
  };
  const isFile = (path: string) =>
    stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
  // One change after the other: each reads the list that the last one wrote.
  const oneByOne = inTurn();

  return {
    list: () =>
      oneByOne(async () => {
        const files: RecentFile[] = [];
        for (const entry of await read()) {
          const thumbnail = await readFile(thumbnailOf(entry.id)).catch(() => null);
          if (!thumbnail || !(await isFile(pathOf(entry)))) continue;
          const { id, name, at, path } = entry;
          files.push({ id, name, at, copy: path === null, thumbnail: new Uint8Array(thumbnail) });
        }
        return files;
      }),
    keep: (name, thumbnail, from) =>
      oneByOne(async () => {
        const path = 'path' in from ? from.path : null;
        const bytes = 'bytes' in from ? from.bytes : null;
        if (bytes && bytes.length > limits.copy) return;
        const id = createHash('sha256')
          .update(bytes ?? `path:${path}`)
          .digest('hex');
        await mkdir(folder, { recursive: true });
        if (bytes) await writeAtomically(copyOf(id), bytes);
        await writeAtomically(thumbnailOf(id), thumbnail);
        // Of a project that is saved again and again only the newest copy is of use.
        const others = (await read()).filter(
          (other) => other.id !== id && !(bytes && other.path === null && other.name === name),
        );
        await write([{ id, name, at: now(), path, bytes: bytes?.length ?? 0 }, ...others]);
      }),
    open: (id) =>
      oneByOne(async () => {
        const entries = await read();
        const entry = entries.find((each) => each.id === id);
        if (!entry || !(await isFile(pathOf(entry)))) {
          throw new Fault('not-found', 'This recent file is no longer there.', 'Open it with File ▸ Open.');
        }
        await write([{ ...entry, at: now() }, ...entries.filter((other) => other !== entry)]);
        return { path: pathOf(entry), name: entry.name };
      }),
    clear: () => oneByOne(() => rm(folder, { recursive: true, force: true })),
  };
}

/** The newest entries; of the copies only as many as fit. */
function withinLimits(entries: readonly Entry[], limits: RecentLimits): Entry[] {
  let bytes = 0;
  return entries
    .filter((entry) => {
      bytes += entry.bytes;
      return entry.path !== null || bytes <= limits.copies;
    })
    .slice(0, limits.entries);
}
