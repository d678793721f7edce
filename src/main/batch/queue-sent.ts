import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Redis } from 'ioredis';
import { toFault, toServiceError } from '../../contract/errors';
import { Fault } from '../../pixels/fault';
import { fetchFile, storeFile, type StoredObject } from './objects';
import { inputsOf, type PictureResult, type PictureWork } from './work';

/** The temporary folders of workers: with the worker's process, so that those of killed ones are known. */
const PREFIX = 'attune-worker-';

/**
 * Does a picture whose files came through Redis: they are laid into a temporary folder, and the output goes back the
 * same way. What is said of the picture names it as the batch does. Throws Faults.
 */
export async function workOnSent(
  redis: Redis,
  { work, sent }: { readonly work: PictureWork; readonly sent: readonly StoredObject[] },
  doWork: (here: PictureWork) => Promise<PictureResult | null>,
): Promise<{ result: PictureResult; sent: StoredObject }> {
  const names = inputsOf(work);
  if (names.length !== sent.length) {
    throw new Fault('usage', 'The job has not the files that it needs.', 'Use workers of the same version.');
  }
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)).catch(ofDisk);
  /** Temporary path → the path as the batch has it. */
  const told = new Map<string, string>();
  const place = (name: string, original: string) => {
    const path = join(folder, `${name}${extensionOf(original)}`);
    told.set(path, original);
    return path;
  };
  const original = (text: string) =>
    [...told].reduce((all, [path, name]) => all.replaceAll(path, name), text);
  try {
    const files: string[] = [];
    for (const [k, object] of sent.entries()) {
      const path = place(`in-${k}`, names[k]!);
      await fetchFile(redis, object, path, names[k]!).catch(ofDisk);
      files.push(path);
    }
    const here = relocated(work, files, place('out', work.output));
    const result = await doWork(here);
    if (result === null) throw new Fault('cancelled', 'The batch was cancelled.');
    const key = `${sent[0]!.key}:out:${randomBytes(6).toString('hex')}`;
    const output = await storeFile(redis, key, here.output, work.output);
    return { result: { ...result, notices: result.notices.map(original) }, sent: output };
  } catch (thrown) {
    const { code, message, hint } = toServiceError(thrown);
    throw toFault({ code, message: original(message), hint: original(hint) });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 }).catch(() => undefined);
  }
}

/** The extension, where it is a plain one: nothing else of a job's names becomes a name here. */
function extensionOf(path: string): string {
  const extension = extname(path);
  return /^\.[a-z0-9]{1,8}$/i.test(extension) ? extension : '';
}

function relocated(work: PictureWork, [picture, other]: readonly string[], output: string): PictureWork {
  if (work.kind === 'pair') return { ...work, picture: picture!, mask: other!, output };
  if (work.kind === 'cutout') return { ...work, picture: picture!, background: other!, output };
  return { ...work, picture: picture!, output };
}

function ofDisk(error: unknown): never {
  if (error instanceof Fault) throw error;
  const why = error instanceof Error ? error.message : String(error);
  throw new Fault(
    'write',
    `The worker cannot keep the picture in ${tmpdir()} (${why}).`,
    'Make room, or name another folder in TMPDIR.',
  );
}

/** Removes what workers of this machine that were killed left in its temporary folder. */
export async function sweepLeft(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = /^attune-worker-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
