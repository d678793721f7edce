import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../main/inference/registry';
import { tinyModels } from '../main/inference/onnx-for-tests';
import {
  attune,
  composite,
  foreground,
  HEIGHT,
  pixelsOf,
  WIDTH,
  writeCase,
  writeMask,
  writePicture,
} from './command-for-tests';
import { everyMethod } from './evaluate';
import type { Evaluation } from './evaluate-tables';

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
    const ran = await attune(['evaluate', at('cases'), '--methods', 'none,colormap,joint', '--json']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('2/2 case10');
    const { cases, methods, perCase } = JSON.parse(ran.stdout) as Evaluation;
    expect(cases).toBe(2);
    expect(Object.keys(methods)).toEqual(['none', 'colormap', 'joint']);
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

  it('writes a table a metric over several sets, goes on after an interruption, and draws a contact sheet', async () => {
    await mkdir(at('other', 'cases', 'one'), { recursive: true });
    await writeCase(at('other', 'cases', 'one'));
    await writeReal(at('other', 'cases', 'one', 'real.png'));
    const out = at('tables');
    const args = ['evaluate', at('cases'), at('other', 'cases'), '--methods', 'none,reinhard', '-o', out];
    const ran = await attune(args);
    expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('3/3 other/cases/one');
    expect(ran.stdout.split('\n')[0]).toMatch(
      /^\| MSE +\| .*\/cases \(2 cases\) \| other\/cases \(1 case\) \|$/,
    );
    expect(await readFile(join(out, 'tables.md'), 'utf8')).toBe(ran.stdout);
    const sheet = await readFile(join(out, 'sheet.html'), 'utf8');
    const pictures = [...sheet.matchAll(/src="([^"]+)"/g)].map((match) => match[1]!);
    expect(pictures).toHaveLength(3 * 6);
    for (const picture of pictures) expect((await pixelsOf(join(out, picture))).length).toBe(4 * 96 * 64);

    // All is there: nothing is measured, no engine started.
    const again = await attune([...args, '--json']);
    expect(again.stderr).toContain('6 of 6 measurements are there already');
    expect(again.stderr).not.toContain('1/3');
    const { sets } = JSON.parse(again.stdout) as { sets: Record<string, Evaluation> };
    expect(sets['other/cases']!.methods.none).toMatchObject({ fmse: 100 });

    // A journal cut in the middle of a line, as a kill would leave it.
    const journal = join(out, 'journal.jsonl');
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.slice(0, text.length * 0.6));
    const resumed = await attune([...args, '--json']);
    expect(resumed.stderr).toContain('3 of 6 measurements are there already');
    const measured = JSON.parse(resumed.stdout) as { sets: Record<string, Evaluation> };
    for (const [name, { perCase }] of Object.entries(sets)) {
      expect(measured.sets[name]!.perCase).toEqual(perCase);
    }
    // A picture that changed is measured again, the others are not.
    await writeReal(at('other', 'cases', 'one', 'real.png'));
    const changed = await attune(args);
    expect(changed.stderr).toContain('4 of 6 measurements are there already');
    const twice = await attune(['evaluate', at('cases'), at('cases', '..', 'cases')]);
    expect(twice).toMatchObject({ code: 2, stdout: '' });
    expect(twice.stderr).toContain('named twice');
  });

  it('measures, unless told otherwise, cut-and-paste, the classical methods that work here and every network', async () => {
    const realism = { name: 'realism', kind: 'score', batch: 13 } as const;
    const registry = await openRegistry(await tinyModels({ name: 'first' }, realism, { name: 'second' }));
    expect(everyMethod(registry)).toEqual([
      'none',
      'reinhard',
      'lalonde',
      'xue',
      'realism',
      'first',
      'second',
    ]);
  });

  it('says that a method’s network is not there', async () => {
    const models = await tinyModels({ name: 'first' });
    const ran = await attune(['evaluate', at('cases'), '--methods', 'realism'], { ATTUNE_MODELS: models });
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('needs a network “realism”');
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
