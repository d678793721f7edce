import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, TestRedis } from '../../cli/batch-for-tests';
import { seeded } from '../../pixels/random';
import { checkSent, dropStored, fetchFile, isStored, KEPT_FOR, MOST_SENT, storeFile } from './objects';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

describe('what may travel', () => {
  it('has a limit, and says what to do', () => {
    expect(() => checkSent('a.tif', MOST_SENT)).not.toThrow();
    expect(() => checkSent('a.tif', MOST_SENT + 1)).toThrow(/a\.tif has 257 MiB; at most 256 MiB/);
  });
});

describe.skipIf(!hasRedis)('files in Redis (needs redis-server, skipped without it)', () => {
  let root = '';
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'attune-objects-'));
    server = new TestRedis(await freePort());
    await server.start();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
    await rm(root, { recursive: true });
  });

  const MIB = 2 ** 20;
  it.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 17])('come back as they went: %i bytes', async (length) => {
    const random = seeded(length);
    const bytes = Uint8Array.from({ length }, () => 256 * random());
    const path = join(root, `${length}`);
    await writeFile(path, bytes);
    const object = await storeFile(redis, `attune:object:${length}`, path);
    expect(object.bytes).toBe(length);
    expect(await isStored(redis, object)).toBe(true);
    // What nobody keeps goes by itself.
    const left = await redis.ttl(object.key);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(KEPT_FOR);
    await fetchFile(redis, object, `${path}-back`, 'it');
    expect((await readFile(`${path}-back`)).equals(bytes)).toBe(true);
    await dropStored(redis, [object.key]);
    expect(await isStored(redis, object)).toBe(false);
    await expect(fetchFile(redis, object, `${path}-gone`, 'it')).rejects.toThrow(/it is not in Redis as/);
  });

  it('are refused when they are not what was sent, or not there', async () => {
    const path = join(root, 'a');
    await writeFile(path, 'one thing');
    const object = await storeFile(redis, 'attune:object:a', path);
    await redis.del(object.key);
    await redis.rpush(object.key, 'two thing');
    await expect(fetchFile(redis, object, join(root, 'b'), 'a.png')).rejects.toThrow(
      /a\.png is not in Redis/,
    );
    await redis.rpush(object.key, 'more');
    await redis.lset(object.key, 0, 'a great deal more');
    await expect(fetchFile(redis, object, join(root, 'c'), 'a.png')).rejects.toThrow(/not in Redis/);
    await expect(storeFile(redis, 'k', join(root, 'none'))).rejects.toThrow(/none does not exist/);
    expect(await redis.keys('k*')).toEqual([]);
  });
});
