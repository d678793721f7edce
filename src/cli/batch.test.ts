import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputsIn, until, writePair } from './batch-for-tests';
import { attune, composite, finished, pixelsOf, start, WIDTH, writePicture } from './command-for-tests';

let root = '';
const at = (...parts: string[]) => join(root, ...parts);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-batch-'));
  await mkdir(at('in'));
});
afterEach(() => rm(root, { recursive: true }));

const batch = (...args: string[]) => attune(['batch', at('in'), '-o', at('out'), '--device', 'cpu', ...args]);
const reportOf = async (folder = 'out') =>
  JSON.parse(await readFile(at(folder, 'report.json'), 'utf8')) as {
    counts: Record<string, number>;
    state: string;
    pictures: { picture: string; output: string; state: string; error: { code: string } | null }[];
  };

describe('attune batch', { timeout: 180_000 }, () => {
  it('does what attune harmonize does to every picture, folders mirrored, and says what it will do', async () => {
    await writePair(at('in'), 'a', 1);
    await writePair(at('in'), 'sub/b', 2);
    await writeFile(at('in', 'lone_mask.png'), '');
    const ran = await batch();
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('NAME.ext with NAME_mask.ext');
    expect(ran.stderr).toContain('2 pictures with masks in 2 folders');
    expect(ran.stderr).toContain('lone_mask.png is a mask without a picture.');
    expect(ran.stderr).toMatch(/2\/2, 100 %/);
    expect(ran.stdout).toMatch(/^2 done in [\d.]+ s/);
    const outputs = await outputsIn(at('out'));
    expect([...outputs.keys()].sort()).toEqual(['a-colormap.png', 'sub/b-colormap.png']);
    await attune([
      'harmonize',
      at('in', 'sub', 'b.png'),
      '-m',
      at('in', 'sub', 'b_mask.png'),
      '-o',
      at('b.png'),
    ]);
    expect((await readFile(at('b.png'))).toString('base64')).toBe(outputs.get('sub/b-colormap.png'));
    expect((await reportOf()).counts).toMatchObject({ done: 2, failed: 0, passedOver: 1 });
    expect((await readFile(at('out', 'report.csv'), 'utf8')).split('\r\n')).toHaveLength(5);
  });

  it('goes on when pictures fail, names each, and exits 1', async () => {
    for (const name of ['good', 'torn', 'black', 'other']) await writePair(at('in'), name);
    const torn = await readFile(at('in', 'torn.png'));
    await writeFile(at('in', 'torn.png'), torn.subarray(0, torn.length / 2));
    const black = { create: { width: WIDTH, height: 64, channels: 3, background: '#000' } } as const;
    await sharp(black).png().toFile(at('in', 'black_mask.png'));
    await sharp({ create: { ...black.create, width: 5 } })
      .png()
      .toFile(at('in', 'other_mask.png'));
    await writeFile(at('in', 'project.psd'), 'not one');
    const ran = await batch('--json');
    expect(ran.code).toBe(1);
    const report = JSON.parse(ran.stdout) as Awaited<ReturnType<typeof reportOf>>;
    expect(report).toEqual(await reportOf());
    expect(report.counts).toMatchObject({ done: 1, failed: 4 });
    const codes = Object.fromEntries(
      report.pictures.map((one) => [one.picture, one.error?.code ?? one.state]),
    );
    expect(codes).toMatchObject({
      'good.png': 'done',
      'torn.png': 'unreadable',
      'black.png': 'mask',
      'other.png': 'size-mismatch',
    });
    for (const name of ['torn.png', 'black_mask.png', 'other_mask.png', 'project.psd'])
      expect(ran.stderr).toContain(name);
    expect([...(await outputsIn(at('out'))).keys()]).toEqual(['good-colormap.png']);
  });

  it('writes the format, size and names that are asked for, and skips what is there', async () => {
    await writePair(at('in'), 'a');
    const args = [
      '--format',
      'jpeg',
      '--quality',
      '40',
      '--size',
      '48',
      '--name',
      '{method}/{name}',
      '--method',
      'none',
    ];
    expect((await batch(...args)).code).toBe(0);
    expect(await sharp(at('out', 'none', 'a.jpg')).metadata()).toMatchObject({
      format: 'jpeg',
      width: 48,
      height: 32,
    });
    const again = await batch(...args);
    expect(again.stdout).toContain('1 there already');
    await batch(...args, '--existing', 'number');
    expect([...(await outputsIn(at('out'))).keys()].sort()).toEqual(['none/a-2.jpg', 'none/a.jpg']);
  });

  it('lays cut-outs on a background', async () => {
    const background = composite();
    for (let i = 3; i < background.length; i += 4) background[i] = 255;
    await writePicture(at('back.png'), background);
    const cut = new Uint8Array(4 * 20 * 10).fill(255);
    for (let i = 0; i < 20; i++) cut[4 * i + 3] = 0;
    await writePicture(at('in', 'cut.png'), cut, 20);
    const ran = await batch('--background', at('back.png'), '--method', 'none');
    expect(ran.code, ran.stderr).toBe(0);
    const pixels = await pixelsOf(at('out', 'cut-none.png'));
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const inside = x >= 38 && x < 58 && y >= 28 && y < 37;
        const i = 4 * (y * WIDTH + x);
        expect(pixels[i]).toBe(inside ? 255 : background[i]);
      }
    }
  });

  it('resumes: what is done is not done again, what has changed is', async () => {
    for (const name of ['a', 'b', 'c']) await writePair(at('in'), name, name.charCodeAt(0));
    await batch();
    const whole = await outputsIn(at('out'));
    await rm(at('out', 'b-colormap.png'));
    await utimes(at('in', 'c.png'), 1, 1);
    await mkdir(at('out', '.b-colormap.png.12-0123abcd.tmp'));
    const ran = await batch('--resume');
    expect(ran.stdout).toMatch(/^2 done .*1 done earlier/);
    expect(await outputsIn(at('out'))).toEqual(whole);
    const states = (await reportOf()).pictures.map(({ state }) => state);
    expect(states).toEqual(['earlier', 'done', 'done']);
    const other = await batch('--resume', '--strength', '0.5');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('had other settings') });
  });

  it('is killed at any moment and resumed to the same bytes', async () => {
    for (let i = 0; i < 12; i++) await writePair(at('in'), `s${i % 3}/p${i}`, i, [300, 200]);
    await attune(['batch', at('in'), '-o', at('whole'), '--existing', 'number']);
    const whole = await outputsIn(at('whole'));
    expect(whole.size).toBe(12);
    const args = ['batch', at('in'), '-o', at('out'), '--existing', 'number', '--resume'];
    for (let kill = 0; kill < 5; kill++) {
      const before = (await outputsIn(at('out')).catch(() => new Map<string, string>())).size;
      const child = start(args);
      const ended = finished(child);
      // After the next picture is there, at a moment of chance.
      let over = false;
      void ended.then(() => (over = true));
      await until(async () => over || (await outputsIn(at('out')).catch(() => new Map())).size > before);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      child.kill('SIGKILL');
      await ended;
      for (const [name, bytes] of await outputsIn(at('out'))) {
        if (bytes !== 'folder' && !name.includes('.tmp')) expect(bytes, name).toBe(whole.get(name));
      }
    }
    expect((await attune(args)).code).toBe(0);
    expect(await outputsIn(at('out'))).toEqual(whole);
  });

  it('ends at Ctrl-C with the pictures in the works finished, and goes on later', async () => {
    for (let i = 0; i < 8; i++) await writePair(at('in'), `p${i}`, i, [600, 400]);
    const child = start(['batch', at('in'), '-o', at('out'), '--jobs', '1']);
    const ended = finished(child);
    let said = '';
    child.stderr?.on('data', (text: string) => (said += text));
    await until(() => said.includes('1/8'));
    child.kill('SIGINT');
    const ran = await ended;
    expect(ran.code).toBe(130);
    expect(ran.stdout).toContain('left: go on with --resume');
    const { state, counts } = await reportOf();
    expect(state).toBe('interrupted');
    const outputs = await outputsIn(at('out'));
    expect(outputs.size).toBe(counts.done);
    expect(outputs.size).toBeLessThan(8);
    expect((await batch('--resume')).stdout).toContain(`${counts.done} done earlier`);
    expect((await outputsIn(at('out'))).size).toBe(8);
  });

  it('drops the pictures in the works at a second Ctrl-C, and leaves nothing half-written', async () => {
    for (let i = 0; i < 4; i++) await writePair(at('in'), `p${i}`, i, [1600, 1200]);
    const child = start([
      'batch',
      at('in'),
      '-o',
      at('out'),
      '--format',
      'avif',
      '--lossless',
      '--jobs',
      '2',
    ]);
    const ended = finished(child);
    const temporary = async () => [
      ...(await outputsIn(at('out')).catch(() => new Map<string, string>())).keys(),
    ];
    await until(async () => (await temporary()).some((name) => name.includes('.tmp')));
    let said = '';
    child.stderr?.on('data', (text: string) => (said += text));
    child.kill('SIGINT');
    await until(() => said.includes('Ctrl-C again'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect((await temporary()).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('follows a folder: waits until a picture is whole, does each once', async () => {
    await writePair(at('in'), 'a');
    await writePair(at('later'), 'b', 3);
    const child = start(['batch', at('in'), '-o', at('out'), '--watch']);
    const ended = finished(child);
    let said = '';
    child.stderr?.on('data', (text: string) => (said += text));
    await until(() => said.includes('Following'));
    const picture = await readFile(at('later', 'b.png'));
    await writeFile(at('in', 'b.png'), picture.subarray(0, 100));
    await copyFile(at('later', 'b_mask.png'), at('in', 'b_mask.png'));
    await appendFile(at('in', 'b.png'), picture.subarray(100));
    await until(() => said.includes('b-colormap.png'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    expect((await reportOf()).counts).toMatchObject({ done: 2, failed: 0 });
    expect((await outputsIn(at('out'))).size).toBe(2);
  });

  it('says what it would do, and does nothing', async () => {
    await writePair(at('in'), 'a');
    const ran = await batch('--dry-run');
    expect(ran).toMatchObject({ code: 0, stdout: 'a.png → a-colormap.png\n' });
    await expect(readFile(at('out', 'report.json'))).rejects.toThrow();
    expect((await attune(['batch', at('in'), '-o', at('in')])).code).toBe(2);
    expect((await batch('--masks', 'x')).code).toBe(2);
  });

  const root0 = process.getuid?.() === 0 && process.platform === 'linux';
  it.skipIf(!root0)('fails picture by picture on a full disk (needs root, to make a small one)', async () => {
    for (let i = 0; i < 6; i++) await writePair(at('in'), `p${i}`, i, [900, 600]);
    await mkdir(at('disk'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', at('disk')]);
    } catch {
      // A container may be root and still not mount.
      return;
    }
    try {
      const ran = await attune(['batch', at('in'), '-o', at('disk', 'out'), '--format', 'tiff', '--json']);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain('The disk is full.');
      const { counts } = JSON.parse(ran.stdout) as { counts: Record<string, number> };
      expect(counts.failed).toBeGreaterThan(0);
      expect(counts.done! + counts.failed!).toBe(6);
      const outputs = await outputsIn(at('disk', 'out'));
      expect([...outputs.keys()].filter((name) => !name.includes('.tmp'))).toHaveLength(counts.done!);
      for (const name of outputs.keys())
        await sharp(at('disk', 'out', name))
          .raw()
          .toBuffer();
    } finally {
      execFileSync('umount', [at('disk')]);
    }
  });
});
