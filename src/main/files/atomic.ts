import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, lstat, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../pixels/fault';

/** Temporary folders of writes that are not done. */
const unfinished = new Set<string>();

/**
 * Removes what every write that is not done has begun, at once. For a program that is about to end on a signal; the
 * writes themselves then fail.
 */
export function discardUnfinished(): void {
  for (const folder of unfinished) rmSync(folder, removal);
  unfinished.clear();
}

/** An encoder's thread may put a file into the folder while it is emptied: then once more. */
const removal = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 } as const;

/**
 * Writes a file wholly or not at all: into a temporary file beside it, which is flushed to the disk and renamed over
 * `path`. Until then what was at `path` is untouched; on any error the temporary file is removed. A symbolic link is
 * followed, an existing file's permissions are kept. The temporary file has a folder of its own: once that is removed,
 * no encoder that still runs on another thread can make the file again.
 *
 * @param content The bytes, or a function that writes them to the temporary path it is given.
 * @throws Fault `write` naming the path; a Fault that `content` throws as it is.
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | ((temporary: string) => Promise<void>),
): Promise<void> {
  const { target, mode } = await resolveTarget(path);
  const folder = join(dirname(target), `.${basename(target).slice(0, 100)}.${suffix()}.tmp`);
  const temporary = join(folder, 'file');
  unfinished.add(folder);
  try {
    await mkdir(folder);
    if (content instanceof Uint8Array) await writeFile(temporary, content);
    else await content(temporary);
    const file = await open(temporary, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode !== null) await chmod(temporary, mode);
    await rename(temporary, target);
  } catch (error) {
    throw asFault(error, path);
  } finally {
    await rm(folder, removal).catch(() => undefined);
    unfinished.delete(folder);
  }
  await syncFolder(dirname(target));
}

/** Fails early when nothing can be written at `path`: no folder, a folder in the way, something that is no file. */
export async function checkWritable(path: string): Promise<void> {
  await resolveTarget(path);
}

function suffix(): string {
  return `${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Where to write, links followed, and the permissions of what is there. */
async function resolveTarget(path: string): Promise<{ target: string; mode: number | null }> {
  try {
    const folder = await stat(dirname(path));
    if (!folder.isDirectory())
      throw refusal(path, `${dirname(path)} is not a folder.`, 'Choose another place.');
    const link = await lstat(path).catch(ignoreMissing);
    if (!link) return { target: path, mode: null };
    const there = await stat(path);
    if (there.isDirectory()) throw refusal(path, 'A folder has that name.', 'Give the name of a file.');
    if (!there.isFile()) throw refusal(path, 'It is not a file but a device.', 'Give the name of a file.');
    return { target: link.isSymbolicLink() ? await realpath(path) : path, mode: there.mode & 0o777 };
  } catch (error) {
    throw asFault(error, path);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function refusal(path: string, why: string, hint: string): Fault {
  return new Fault('write', `${path} cannot be written. ${why}`, hint);
}

/** What the system's codes mean, and what to do about them. */
const reasons: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOENT: ['Its folder does not exist.', 'Make the folder first, or choose another place.'],
  ENOTDIR: ['What should be its folder is a file.', 'Choose another place.'],
  EISDIR: ['A folder has that name.', 'Give the name of a file.'],
  EACCES: ['Permission is denied.', 'Choose a folder that you may write to.'],
  EPERM: ['Permission is denied.', 'Choose a folder that you may write to.'],
  EROFS: ['The disk is read-only.', 'Choose another place.'],
  ENOSPC: ['The disk is full.', 'Make room, or choose another disk.'],
  EDQUOT: ['Your share of the disk is used up.', 'Make room, or choose another disk.'],
  EFBIG: ['The file would be too large for the disk.', 'Choose another disk.'],
  ENAMETOOLONG: ['The name is too long.', 'Choose a shorter name.'],
  ELOOP: ['Its links lead in a circle.', 'Choose another place.'],
};

/** The codes that libvips only spells out, in the words of the C library. */
const spelled: readonly (readonly [RegExp, string])[] = [
  [/no space left/i, 'ENOSPC'],
  [/read-only file system/i, 'EROFS'],
  [/permission denied/i, 'EACCES'],
  [/file too large/i, 'EFBIG'],
  [/quota exceeded/i, 'EDQUOT'],
];

function asFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  const own = error instanceof Error && 'code' in error ? String(error.code) : '';
  const code = own in reasons ? own : (spelled.find(([words]) => words.test(message))?.[1] ?? '');
  const reason = reasons[code];
  if (reason) return refusal(path, reason[0], reason[1]);
  const firstLine = message.split('\n')[0]?.trim() ?? '';
  return refusal(path, `${firstLine}${firstLine.endsWith('.') ? '' : '.'}`, '');
}

/** Makes the new name last through a power cut, where the system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Some network disks cannot flush a folder; the file itself is flushed.
  }
}
