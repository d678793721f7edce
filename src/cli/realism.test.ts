import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyModels } from '../main/inference/onnx-for-tests';
import { attune, foreground, HEIGHT, pixelsOf, WIDTH, writeCase } from './command-for-tests';

let folder = '';
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-realism-'));
  await writeCase(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const args = ['harmonize', 'composite.png', '--mask', 'mask.png', '--method', 'realism', '--device', 'cpu'];
const paths = () => args.map((one) => (one.endsWith('.png') ? at(one) : one));

describe('the method realism, with whatever network scores', { timeout: 180_000 }, () => {
  it.each([13, 1, 5])('takes the colours that it likes best, %i pictures at once', async (batch) => {
    // Likes blue: the orange foreground gets bluer, the background stays bit for bit.
    const realism = { name: 'realism', kind: 'score', batch, width: 16, height: 16 } as const;
    const graph = { mix: [[0, 0, 0.5, 0]] as const, bias: [-80] };
    const models = await tinyModels({ name: 'first' }, { ...realism, graph });
    const output = at(`out-${batch}.png`);
    const ran = await attune([...paths(), '-o', output, '--json'], { ATTUNE_MODELS: models });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ method: 'realism', network: 'realism', device: 'cpu' });
    const [before, after] = [await pixelsOf(at('composite.png')), await pixelsOf(output)];
    let [gained, inside] = [0, 0];
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const covered = foreground(i % WIDTH, Math.floor(i / WIDTH), WIDTH, HEIGHT);
      if (covered === 0) expect(after.subarray(4 * i, 4 * i + 4)).toEqual(before.subarray(4 * i, 4 * i + 4));
      if (covered < 255) continue;
      gained += after[4 * i + 2]! - before[4 * i + 2]!;
      inside++;
    }
    expect(gained / inside).toBeGreaterThan(5);
    await rm(models, { recursive: true });
  });

  it('says what is missing without one', async () => {
    const models = await tinyModels({ name: 'first' });
    const ran = await attune([...paths(), '-o', at('none.png')], { ATTUNE_MODELS: models });
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('The method realism needs a network “realism” of kind score');
    const listed = await attune(['models'], { ATTUNE_MODELS: models });
    expect(listed.stdout).toMatch(/realism/);
    await rm(models, { recursive: true });
  });
});
