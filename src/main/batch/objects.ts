import { createHash, randomBytes } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { Fault } from '../../pixels/fault';

/** A file that lies in Redis, as a list of chunks. */
export const storedObject = z.object({
  key: z.string().min(1).max(200),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type StoredObject = z.infer<typeof storedObject>;

const CHUNK = 2 ** 20;
/** The most bytes that a picture's files, and its result, may have to travel through Redis. */
export const MOST_SENT = 256 * 2 ** 20;
/** Seconds after which an object that nobody asks to be kept is gone: what a batch or worker that was killed leaves. */
export const KEPT_FOR = 3600;

/** Throws a Fault `too-large` naming what is. */
export function checkSent(name: string, bytes: number): void {
  if (bytes <= MOST_SENT) return;
  const mib = (value: number) => Math.ceil(value / 2 ** 20);
  throw new Fault(
    'too-large',
    `${name} has ${mib(bytes)} MiB; at most ${mib(MOST_SENT)} MiB travel through a queue.`,
    'Give the workers the folders instead, and leave --send out.',
  );
}

/**
 * Puts a file into Redis under a key, wholly or not at all: the chunks go under another name first. Throws a Fault
 * `not-found`, `unreadable` or `too-large` naming the file.
 */
export async function storeFile(redis: Redis, key: string, path: string, name = path): Promise<StoredObject> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new Fault('not-found', `${name} does not exist.`, 'Is it still there?');
    throw new Fault('unreadable', `${name} cannot be read (${error.code}).`, 'Check the file.');
  });
  const half = `${key}:${randomBytes(6).toString('hex')}`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, bytes);
      if (bytesRead === 0 && bytes > 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      bytes += bytesRead;
      checkSent(name, bytes);
      hash.update(chunk);
      await redis.multi().rpush(half, chunk).expire(half, KEPT_FOR).exec();
      // An empty file is one empty chunk.
      if (bytesRead === 0) break;
    }
    await redis.rename(half, key);
  } catch (error) {
    await redis.del(half).catch(() => 0);
    if (error instanceof Fault) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'engine',
      `${name} cannot be put into Redis (${why}).`,
      'Give Redis more memory, or the workers the folders.',
    );
  } finally {
    await file.close();
  }
  return { key, bytes, sha256: hash.digest('hex') };
}

/**
 * Writes what lies in Redis to a new file. Throws a Fault `engine` when it is not there, or not as it was put there
 * (`name` says what it is); errors of the disk as they are.
 */
export async function fetchFile(
  redis: Redis,
  { key, bytes, sha256 }: StoredObject,
  path: string,
  name: string,
): Promise<void> {
  checkSent(name, bytes);
  const hash = createHash('sha256');
  let there = 0;
  const file = await open(path, 'wx');
  try {
    for (let k = 0; k === 0 || there < bytes; k++) {
      const chunk = await redis.lindexBuffer(key, k);
      if (chunk === null || there + chunk.length > bytes) throw gone(name);
      hash.update(chunk);
      await file.write(chunk);
      there += chunk.length;
    }
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== sha256) throw gone(name);
}

/** Whether an object lies there. */
export async function isStored(redis: Redis, { key, bytes }: StoredObject): Promise<boolean> {
  return (await redis.llen(key)) === Math.max(1, Math.ceil(bytes / CHUNK));
}

/** Keeps objects for another hour. */
export async function keepStored(redis: Redis, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => redis.expire(key, KEPT_FOR)));
}

/** Deletes objects. */
export async function dropStored(redis: Redis, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await redis.unlink(...keys);
}

/** The bytes of files together; those that are gone count nothing. */
export async function bytesOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => null))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const gone = (name: string) =>
  new Fault(
    'engine',
    `${name} is not in Redis as it was sent.`,
    'It is sent again when the batch is resumed.',
  );
