import { spawnSync, type ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, outputsIn, TestRedis, until, writePair } from './batch-for-tests';
import { attune, finished, start } from './command-for-tests';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

describe.skipIf(!hasRedis)(
  'attune batch --queue (needs redis-server, skipped without it)',
  { timeout: 180_000 },
  () => {
    let root = '';
    let redis: TestRedis;
    const children: ChildProcess[] = [];
    const at = (...parts: string[]) => join(root, ...parts);
    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'attune-queue-'));
      redis = new TestRedis(await freePort());
      await redis.start();
    });
    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
      await redis.stop();
      await rm(root, { recursive: true });
    });

    /** Starts a command and keeps what it says. */
    function run(...args: string[]) {
      const child = start([...args, '--queue', redis.url]);
      children.push(child);
      const one = { child, said: '', ended: finished(child) };
      child.stderr?.on('data', (text: string) => (one.said += text));
      return one;
    }
    const worker = (...args: string[]) => run('worker', '--jobs', '2', '--device', 'cpu', ...args);
    const batch = (...args: string[]) => run('batch', at('in'), '-o', at('out'), ...args);
    const count = async () => (await outputsIn(at('out')).catch(() => new Map())).size;

    it('loses no picture and does none twice when one of two workers is killed', async () => {
      for (let i = 0; i < 16; i++) await writePair(at('in'), `s${i % 2}/p${i}`, i, [500, 400]);
      await attune(['batch', at('in'), '-o', at('whole')]);
      const first = worker('--lease', '2');
      const second = worker('--lease', '2');
      await until(() => [first, second].every(({ said }) => said.includes('Waiting')));
      const sent = batch('--json');
      await until(async () => (await count()) >= 3 && first.said.includes('→') && second.said.includes('→'));
      first.child.kill('SIGKILL');
      const ran = await sent.ended;
      expect(ran.code, ran.stderr).toBe(0);
      const report = JSON.parse(ran.stdout) as { counts: Record<string, number> };
      expect(report.counts).toMatchObject({ done: 16, failed: 0, left: 0 });
      expect(await outputsIn(at('out'))).toEqual(await outputsIn(at('whole')));
      second.child.kill('SIGINT');
      expect((await second.ended).code).toBe(0);
      // The journal has every picture once.
      const journal = (await readFile(at('out', '.attune-batch.jsonl'), 'utf8')).split('\n');
      expect(journal.filter((line) => line.includes('"event":"done"'))).toHaveLength(16);
    });

    it('goes on when Redis goes away and comes back empty', async () => {
      for (let i = 0; i < 10; i++) await writePair(at('in'), `p${i}`, i, [500, 400]);
      const one = worker('--lease', '2');
      await until(() => one.said.includes('Waiting'));
      const sent = batch();
      await until(async () => (await count()) >= 2);
      await redis.stop();
      await until(() => one.said.includes('waiting for it') && sent.said.includes('waiting for it'));
      await redis.start();
      const ran = await sent.ended;
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.stdout).toMatch(/^10 done/);
      expect(await count()).toBe(10);
      expect(ran.stderr).toContain('is back');
    });

    it('names the pictures that fail, and finds its own jobs again when the batch itself is killed', async () => {
      for (let i = 0; i < 6; i++) await writePair(at('in'), `p${i}`, i);
      await rm(at('in', 'p3.png'));
      await writePair(at('in'), 'p4', 0, [20, 20]);
      await writePair(at('other'), 'p4', 0, [30, 30]);
      await rm(at('in', 'p4_mask.png'));
      await copyFile(at('other', 'p4_mask.png'), at('in', 'p4_mask.png'));
      const first = batch();
      await until(() => first.said.includes('to do'));
      await until(async () =>
        (await readFile(at('out', '.attune-batch.jsonl'), 'utf8').catch(() => '')).includes('planned'),
      );
      first.child.kill('SIGKILL');
      await first.ended;
      const one = worker();
      const ran = await batch('--resume').ended;
      expect(ran.code).toBe(1);
      expect(ran.stdout).toMatch(/^4 done .*1 failed/);
      expect(ran.stderr).toContain('p4_mask.png');
      one.child.kill('SIGINT');
      await one.ended;
    });

    /** How many objects of this kind lie in Redis. */
    async function objects(pattern = 'attune:object:*'): Promise<number> {
      const own = new Redis(redis.url, { maxRetriesPerRequest: null });
      try {
        return (await own.keys(pattern)).length;
      } finally {
        own.disconnect();
      }
    }

    it('sends the pictures themselves to workers that do not see the folders, and takes the results back', async () => {
      for (let i = 0; i < 5; i++) await writePair(at('in'), `s${i % 2}/p${i}`, i, [500, 400]);
      await writePair(at('in'), 'wrong', 0, [20, 20]);
      await writePair(at('other'), 'wrong', 0, [30, 30]);
      await copyFile(at('other', 'wrong_mask.png'), at('in', 'wrong_mask.png'));
      await attune(['batch', at('in'), '-o', at('whole')]);
      const sent = batch('--send', '--json');
      await until(async () => (await objects()) === 12 && (await objects('bull:*')) > 6);
      // Nobody sees the pictures any longer but in Redis.
      await rename(at('in'), at('away'));
      const one = worker();
      const ran = await sent.ended;
      expect(ran.code).toBe(1);
      const report = JSON.parse(ran.stdout) as { counts: Record<string, number> };
      expect(report.counts, ran.stderr).toMatchObject({ done: 5, failed: 1, left: 0 });
      expect(await outputsIn(at('out'))).toEqual(await outputsIn(at('whole')));
      // What is said names the files as the batch has them.
      expect(ran.stderr).toContain(at('in', 'wrong_mask.png'));
      expect(ran.stderr).not.toContain('attune-worker-');
      expect(await objects()).toBe(0);
      one.child.kill('SIGINT');
      expect((await one.ended).code).toBe(0);
      const left = (await readdir(tmpdir())).filter((name) =>
        name.startsWith(`attune-worker-${one.child.pid}-`),
      );
      expect(left).toEqual([]);
    });

    it('loses no sent picture when a worker is killed and Redis comes back empty', async () => {
      for (let i = 0; i < 12; i++) await writePair(at('in'), `p${i}`, i, [500, 400]);
      await attune(['batch', at('in'), '-o', at('whole')]);
      const first = worker('--lease', '2');
      const second = worker('--lease', '2');
      await until(() => [first, second].every(({ said }) => said.includes('Waiting')));
      const sent = batch('--send');
      await until(async () => (await count()) >= 2 && first.said.includes('→'));
      first.child.kill('SIGKILL');
      await redis.stop();
      await until(() => second.said.includes('waiting for it') && sent.said.includes('waiting for it'));
      await redis.start();
      const ran = await sent.ended;
      expect(ran.code, ran.stderr).toBe(0);
      expect(await outputsIn(at('out'))).toEqual(await outputsIn(at('whole')));
      second.child.kill('SIGINT');
      await second.ended;
    });

    it('follows a folder with workers behind the queue', async () => {
      await writePair(at('in'), 'a');
      const one = worker();
      const sent = batch('--watch', '--send', '--existing', 'overwrite');
      await until(() => sent.said.includes('Following'));
      await writePair(at('in'), 'b', 3);
      await until(() => sent.said.includes('b-colormap.png'));
      // A picture that changes is done again, under the same output.
      const output = () => readFile(at('out', 'b-colormap.png'), 'base64');
      const before = await output();
      await writePair(at('in'), 'b', 5);
      await until(async () => (await output()) !== before);
      sent.child.kill('SIGINT');
      expect((await sent.ended).code).toBe(0);
      one.child.kill('SIGINT');
      await one.ended;
      await attune(['batch', at('in'), '-o', at('whole')]);
      expect(await outputsIn(at('out'))).toEqual(await outputsIn(at('whole')));
      expect(await objects()).toBe(0);
    });

    it('refuses to send without a queue', async () => {
      await writePair(at('in'), 'a');
      const ran = await attune(['batch', at('in'), '-o', at('out'), '--send']);
      expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('--queue redis://HOST') });
    });

    it('says when no Redis answers', async () => {
      await writePair(at('in'), 'a');
      await redis.stop();
      const ran = await batch().ended;
      expect(ran).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('No Redis answers at 127.0.0.1'),
      });
      const bad = await attune(['worker', '--queue', 'localhost']);
      expect(bad.code).toBe(2);
    });
  },
);
