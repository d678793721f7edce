import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { checkWritable, discardUnfinished, writeAtomically } from './atomic';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string) => Buffer.from(text);
const posix = process.platform === 'win32' ? it.skip : it;

/** Both ways of giving the content are refused alike, with the path in the message. */
async function refusal(path: string): Promise<Fault> {
  const fault = await writeAtomically(path, bytes('new')).catch((error: unknown) => error);
  expect(fault).toMatchObject({ name: 'Fault', code: 'write' });
  expect((fault as Fault).message).toContain(path);
  expect((fault as Fault).hint).not.toBe('');
  return fault as Fault;
}

describe('writeAtomically', () => {
  it('writes bytes, or lets a function write', async () => {
    const path = join(folder, 'a.txt');
    await writeAtomically(path, bytes('one'));
    expect(await readFile(path, 'utf8')).toBe('one');
    await writeAtomically(path, (temporary) => writeFile(temporary, 'two'));
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('leaves the old file alone until the new one is whole', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'half');
      expect(await readFile(path, 'utf8')).toBe('old');
      await writeFile(temporary, 'whole');
    });
    expect(await readFile(path, 'utf8')).toBe('whole');
  });

  it('removes what it began when the writing fails', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    const failing = (error: Error) =>
      writeAtomically(path, async (temporary) => {
        await writeFile(temporary, 'half');
        throw error;
      });
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await expect(failing(full)).rejects.toMatchObject({
      code: 'write',
      message: expect.stringContaining('full'),
    });
    const spelled = new Error('wbuffer_write: write failed\nunix error: No space left on device\n');
    await expect(failing(spelled)).rejects.toMatchObject({ message: expect.stringContaining('full') });
    const own = new Fault('too-large', 'It does not fit.');
    await expect(failing(own)).rejects.toBe(own);
    await expect(failing(new Error('odd\nthings'))).rejects.toMatchObject({ code: 'write' });
    expect(await readdir(folder)).toEqual(['a.txt']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('refuses a missing folder, a folder in the way, a path under a file', async () => {
    expect((await refusal(join(folder, 'no', 'a.txt'))).message).toContain('folder does not exist');
    await mkdir(join(folder, 'a.png'));
    expect((await refusal(join(folder, 'a.png'))).message).toContain('A folder has that name');
    await writeFile(join(folder, 'file'), '');
    await refusal(join(folder, 'file', 'a.txt'));
    await refusal(join(folder, `${'x'.repeat(300)}.png`));
    await expect(checkWritable(join(folder, 'no', 'a.txt'))).rejects.toMatchObject({ code: 'write' });
    await expect(checkWritable(join(folder, 'new.txt'))).resolves.toBeUndefined();
    expect((await readdir(folder)).sort()).toEqual(['a.png', 'file']);
  });

  posix('refuses devices', async () => {
    expect((await refusal('/dev/full')).message).toContain('device');
  });

  posix('follows links and keeps permissions', async () => {
    const real = join(folder, 'real.txt');
    await writeFile(real, 'old');
    await chmod(real, 0o640);
    await symlink(real, join(folder, 'link.txt'));
    await writeAtomically(join(folder, 'link.txt'), bytes('new'));
    expect(await readFile(real, 'utf8')).toBe('new');
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).sort()).toEqual(['link.txt', 'real.txt']);
  });

  it('can drop everything unfinished at once', async () => {
    const path = join(folder, 'a.txt');
    const writing = writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'half');
      discardUnfinished();
      expect(await readdir(folder)).toEqual([]);
    });
    await expect(writing).rejects.toMatchObject({ code: 'write' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes many at once to the same name, one of them whole', async () => {
    const path = join(folder, 'a.txt');
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(20_000));
    await Promise.all(texts.map((text) => writeAtomically(path, bytes(text))));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.txt']);
  });
});
