import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attune,
  composite,
  foreground,
  HEIGHT,
  WIDTH,
  writeCase,
  writeMask,
  writePicture,
} from './command-for-tests';
import type { Evaluation } from './evaluate';

let folder = '';
const at = (...names: string[]) => join(folder, ...names);

/** The composite with every colour under the mask lower by 10, as `real.png`: the error is known. */
async function writeReal(path: string): Promise<void> {
  const data = composite();
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    if (foreground(i % WIDTH, Math.floor(i / WIDTH)) < 128) continue;
    for (let k = 0; k < 3; k++) data[4 * i + k]! -= 10;
  }
  await writePicture(path, data);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-evaluate-'));
  for (const name of ['case10', 'case2']) {
    await mkdir(at('cases', name), { recursive: true });
    await writeCase(at('cases', name));
    await writeReal(at('cases', name, 'real.png'));
  }
  await rename(at('cases', 'case2', 'real.png'), at('cases', 'case2', 'Real.PNG'));
  await mkdir(at('cases', '.hidden'));
  await writeFile(at('cases', 'notes.txt'), 'not a case');
  await writeFile(at('cases', 'case2', 'notes.txt'), 'not a picture');
});
afterAll(() => rm(folder, { recursive: true }));

describe('attune evaluate', () => {
  it('measures every method on every case', async () => {
    const ran = await attune(['evaluate', at('cases'), '--json']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('2/2 case10');
    const { cases, methods, perCase } = JSON.parse(ran.stdout) as Evaluation;
    expect(cases).toBe(2);
    expect(Object.keys(methods)).toEqual(expect.arrayContaining(['none', 'colormap', 'joint']));
    expect(perCase.slice(0, 2).map((row) => row.case)).toEqual(['case2', 'case2']);
    expect(Object.keys(perCase[0]!)).toEqual(['case', 'method', 'mse', 'psnr', 'fmse', 'ssim']);
    const pixels = WIDTH * HEIGHT;
    const inside = Array.from({ length: pixels }, (_, i) =>
      foreground(i % WIDTH, Math.floor(i / WIDTH)),
    ).filter((share) => share >= 128).length;
    const expected = (100 * inside) / pixels;
    expect(methods.none).toMatchObject({ fmse: 100, ms: 0 });
    expect(methods.none!.mse).toBeCloseTo(expected, 9);
    expect(methods.none!.psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / expected), 9);
    expect(methods.none!.ssim).toBeGreaterThan(0.9);
    for (const name of ['colormap', 'joint']) {
      const rows = perCase.filter(({ method }) => method === name);
      expect(rows).toHaveLength(2);
      expect(methods[name]!.mse).toBeCloseTo((rows[0]!.mse + rows[1]!.mse) / 2, 9);
      expect(methods[name]!.psnr).toBeCloseTo((rows[0]!.psnr + rows[1]!.psnr) / 2, 9);
      expect(methods[name]!.ms).toBeGreaterThan(0);
    }
  });

  it('measures against the composite with --identity', async () => {
    await mkdir(at('plain', 'only'), { recursive: true });
    await writeCase(at('plain', 'only'));
    const ran = await attune(['evaluate', at('plain'), '--identity', '--methods', 'none,colormap', '--json']);
    expect(ran.code).toBe(0);
    const { methods } = JSON.parse(ran.stdout) as Evaluation;
    expect(methods.none).toEqual({ mse: 0, psnr: 100, fmse: 0, ssim: 1, ms: 0 });
    expect(methods.colormap!.mse).toBeGreaterThan(0);
    const table = await attune(['evaluate', at('plain'), '--identity', '--methods', 'none']);
    expect(table.stdout).toBe(
      [
        '1 case',
        '',
        'method   MSE    PSNR  fMSE    SSIM   ms',
        'none    0.00  100.00  0.00  1.0000  0.0',
        '',
      ].join('\n'),
    );
  });

  it('names the case that is broken', async () => {
    const refusal = async (name: string, ...words: string[]) => {
      const { code, stdout, stderr } = await attune(['evaluate', at(name), '--methods', 'none']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      const last = stderr.trimEnd().split('\n').at(-1)!;
      expect(last).toMatch(/^attune: /);
      for (const word of words) expect(last).toContain(word);
    };
    await refusal('plain', 'case only', 'no real picture', '--identity');
    await refusal('nowhere', at('nowhere'), 'does not exist');
    await mkdir(at('empty'));
    await refusal('empty', at('empty'), 'no cases');
    await mkdir(at('sizes', 'odd'), { recursive: true });
    await writeCase(at('sizes', 'odd'));
    await writeReal(at('sizes', 'odd', 'real.png'));
    await writeMask(at('sizes', 'odd', 'mask.png'), new Uint8Array(95 * 64).fill(255, 0, 500), 95);
    await refusal('sizes', 'case odd', '95×64', '96×64');
    await writeFile(at('sizes', 'odd', 'mask.png'), 'no picture');
    await refusal('sizes', 'case odd', at('sizes', 'odd', 'mask.png'), 'not a picture');
    await writeMask(at('sizes', 'odd', 'mask.tif'), new Uint8Array(WIDTH * HEIGHT).fill(255, 0, 500));
    await refusal('sizes', 'case odd', 'more than one mask', 'mask.png, mask.tif');
  });
});
