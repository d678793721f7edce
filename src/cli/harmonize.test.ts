import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelsFolder } from '../main/place';
import {
  attune,
  composite,
  finished,
  foreground,
  HEIGHT,
  pixelsOf,
  start,
  WIDTH,
  writeCase,
  writeMask,
  type Ran,
} from './command-for-tests';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-command-'));
  await writeCase(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const harmonize = (...args: string[]) =>
  attune(['harmonize', at('composite.png'), '--mask', at('mask.png'), ...args]);

/** How many pixels changed where the mask is 0, where it is 255, and between. */
async function changes(output: string): Promise<{ outside: number; inside: number; edge: number }> {
  const before = composite();
  const after = await pixelsOf(output);
  expect(after.length).toBe(before.length);
  const counts = { outside: 0, inside: 0, edge: 0 };
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const share = foreground(i % WIDTH, Math.floor(i / WIDTH));
    const same = [0, 1, 2, 3].every((k) => before[4 * i + k] === after[4 * i + k]);
    if (!same) counts[share === 0 ? 'outside' : share === 255 ? 'inside' : 'edge']++;
  }
  return counts;
}

describe('attune harmonize', () => {
  it.each(['colormap', 'joint'])('%s changes the foreground alone', async (method) => {
    const output = at(`${method}.png`);
    const ran = await harmonize('--method', method, '-o', output, '--json', '--device', 'cpu');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const report: unknown = JSON.parse(ran.stdout);
    expect(report).toEqual({
      method,
      network: method,
      device: 'cpu',
      lift: method === 'joint' ? 'guided' : null,
      width: WIDTH,
      height: HEIGHT,
      ms: {
        decode: expect.any(Number),
        network: expect.any(Number),
        lift: expect.any(Number),
        encode: expect.any(Number),
        total: expect.any(Number),
      },
      output,
    });
    const { outside, inside } = await changes(output);
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(300);
  });

  it('none leaves every pixel as it is and names no network', async () => {
    const output = at('none.png');
    const ran = await harmonize('--method', 'none', '-o', output, '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      method: 'none',
      network: null,
      device: 'none',
      lift: null,
      output,
    });
    expect(await changes(output)).toEqual({ outside: 0, inside: 0, edge: 0 });
  });

  it('writes beside the input with the default network and says so in one line', async () => {
    const ran = await harmonize();
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^\S+composite\.png \(96×64\) harmonized with \w+ on \w+ in [\d.]+ s: \S+\n$/);
    expect((await changes(at('composite-harmonized.png'))).outside).toBe(0);
  });

  it('scales the change by the strength', async () => {
    await harmonize('--strength', '0', '-o', at('s0.png'));
    expect(await changes(at('s0.png'))).toEqual({ outside: 0, inside: 0, edge: 0 });
    await harmonize('--strength', '0.5', '-o', at('s5.png'));
    await harmonize('-o', at('s10.png'));
    const [before, half, full] = [composite(), await pixelsOf(at('s5.png')), await pixelsOf(at('s10.png'))];
    for (let i = 0; i < before.length; i++) {
      const middle = (before[i]! + full[i]!) / 2;
      expect(Math.abs(half[i]! - middle)).toBeLessThanOrEqual(1);
    }
  });

  it('harmonizes the background instead when inverted', async () => {
    const ran = await harmonize('--invert', '-o', at('inverted.png'));
    expect(ran.code).toBe(0);
    const { outside, inside } = await changes(at('inverted.png'));
    expect(inside).toBe(0);
    expect(outside).toBeGreaterThan(300);
  });

  /** A mask of the rows from..to. */
  const rows = (name: string, from: number, to: number) =>
    writeMask(
      at(name),
      Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
        const y = Math.floor(i / WIDTH);
        return y >= from && y < to ? 255 : 0;
      }),
    );
  /** The mean of a channel over the solid foreground. */
  const meanOf = async (path: string, channel: number) => {
    const pixels = await pixelsOf(path);
    let [sum, count] = [0, 0];
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      if (foreground(i % WIDTH, Math.floor(i / WIDTH)) < 255) continue;
      sum += pixels[4 * i + channel]!;
      count++;
    }
    return sum / count;
  };

  it('agrees with the part of the background that the reference shows', async () => {
    // The ground is the darker the higher: green goes from 60 to 140.
    await rows('above.png', 0, 8);
    await rows('below.png', HEIGHT - 8, HEIGHT);
    await rows('all.png', 0, HEIGHT);
    const green: Record<string, number> = {};
    for (const name of ['above', 'below', 'all']) {
      const output = at(`reference-${name}.png`);
      const asked = ['--method', 'reinhard', '--reference', at(`${name}.png`), '-o', output];
      expect(await harmonize(...asked)).toMatchObject({ code: 0, stderr: '' });
      expect((await changes(output)).outside).toBe(0);
      green[name] = await meanOf(output, 1);
    }
    expect(green.above).toBeLessThan(green.all! - 10);
    expect(green.below).toBeGreaterThan(green.all! + 10);
    await harmonize('--method', 'reinhard', '-o', at('reference-none.png'));
    expect(await pixelsOf(at('reference-all.png'))).toEqual(await pixelsOf(at('reference-none.png')));
  });

  it('refuses a reference that is empty, within the foreground, of another size, or not there', async () => {
    await rows('empty.png', 0, 0);
    await writeMask(
      at('within.png'),
      Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
        Math.hypot((i % WIDTH) - WIDTH / 2, Math.floor(i / WIDTH) - HEIGHT / 2) < 8 ? 255 : 0,
      ),
    );
    await writeMask(at('small.png'), new Uint8Array(16).fill(255), 4);
    for (const [name, said] of [
      ['empty.png', 'empty.png: The reference region is empty.'],
      ['within.png', 'within.png: The reference region lies wholly inside the foreground'],
      ['small.png', 'small.png: The reference is 4×4 pixels, the picture 96×64.'],
      ['nowhere.png', 'nowhere.png'],
    ] as const) {
      const ran = await harmonize('--reference', at(name), '-o', at('refused.png'));
      expect(ran).toMatchObject({ code: 1, stdout: '' });
      expect(ran.stderr).toContain(said);
      expect(await readdir(folder)).not.toContain('refused.png');
    }
  });

  it('keeps what a photograph says, upright, in another format', async () => {
    const input = at('photograph.jpg');
    await sharp(composite(), { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .removeAlpha()
      .rotate(90)
      .withMetadata({ orientation: 8, density: 200 })
      .withExifMerge({ IFD0: { Artist: 'Ann Artist' } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toFile(input);
    const ran = await attune(['harmonize', input, '-m', at('mask.png'), '-o', at('out.tif'), '--json']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(await sharp(at('out.tif')).metadata()).toMatchObject({
      width: WIDTH,
      height: HEIGHT,
      density: 200,
    });
    await attune(['harmonize', input, '-m', at('mask.png')]);
    const { exif, orientation } = await sharp(at('photograph-harmonized.jpg')).metadata();
    expect(exif!.toString('latin1')).toContain('Ann Artist');
    expect(orientation).toBe(1);
  });

  it('says when transparency is lost or pages are left out', async () => {
    const flat = await harmonize('--method', 'none', '-o', at('flat.jpg'));
    expect(flat.code).toBe(0);
    expect(flat.stderr).toContain('laid on white');
    const page = { create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#345' } } as const;
    const frames = [sharp(page), sharp(page).negate()].map((frame) => frame.png().toBuffer());
    await sharp(await Promise.all(frames), { join: { animated: true } }).toFile(at('two.gif'));
    const ran = await attune(['harmonize', at('two.gif'), '--mask', at('mask.png'), '--method', 'none']);
    expect(ran.stderr).toContain('2 pages');
    expect(ran.stdout).toContain('two-harmonized.png');
  });

  it('ends at Ctrl-C with nothing half-written', async () => {
    const place = at('interrupted');
    await mkdir(place);
    await writeCase(place, 1600, 1200);
    const listed = ['composite.png', 'mask.png'];
    const output = join(place, 'out.avif');
    const child = start([
      'harmonize',
      join(place, 'composite.png'),
      '--mask',
      join(place, 'mask.png'),
      '-o',
      output,
    ]);
    const end = finished(child);
    while (child.exitCode === null && (await readdir(place)).length === listed.length) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill('SIGINT');
    expect(await end).toEqual({ code: 130, stdout: '', stderr: '' });
    expect((await readdir(place)).sort()).toEqual(listed);
  });
});

describe('bad input of attune harmonize', () => {
  /** Exit 1, one line that says what and names the file, nothing on standard output, the target as it was. */
  async function expectRefusal(run: (output: string) => Promise<Ran>, ...words: string[]): Promise<void> {
    const output = at('target.png');
    await writeFile(output, 'precious');
    const before = await readdir(folder);
    const { code, stdout, stderr } = await run(output);
    expect(stderr).toMatch(/^attune: [^\n]+\n$/);
    for (const word of words) expect(stderr).toContain(word);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(await readFile(output, 'utf8')).toBe('precious');
    expect(await readdir(folder)).toEqual(before);
  }
  const withComposite = (name: string) => (output: string) =>
    attune(['harmonize', at(name), '--mask', at('mask.png'), '-o', output]);
  const withMask = (name: string) => (output: string) =>
    attune(['harmonize', at('composite.png'), '--mask', at(name), '-o', output]);

  it('a missing, empty, cut, wrong or monstrous file', async () => {
    const png = await readFile(at('composite.png'));
    const huge = Buffer.from(png);
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    await Promise.all([
      writeFile(at('empty.png'), ''),
      writeFile(at('cut.png'), png.subarray(0, png.length / 2)),
      writeFile(at('text.png'), 'This is no picture.'),
      writeFile(at('huge.png'), huge),
    ]);
    for (const [name, words] of [
      ['missing.png', 'does not exist'],
      ['empty.png', 'is empty'],
      ['cut.png', 'cut short'],
      ['text.png', 'not a picture'],
      ['huge.png', '100000×100000'],
    ] as const) {
      await expectRefusal(withComposite(name), at(name), words);
    }
    await expectRefusal(withMask('cut.png'), at('cut.png'), 'cut short');
  });

  it('a mask of another size, with both sizes', async () => {
    await writeMask(at('small-mask.png'), new Uint8Array(95 * 64).fill(255, 0, 999), 95);
    await expectRefusal(withMask('small-mask.png'), at('small-mask.png'), '95×64', '96×64');
  });

  it('a mask without foreground, and one of nothing else, for none too', async () => {
    await writeMask(at('black.png'), new Uint8Array(WIDTH * HEIGHT));
    await writeMask(at('white.png'), new Uint8Array(WIDTH * HEIGHT).fill(255));
    await expectRefusal(withMask('black.png'), at('black.png'), 'no foreground');
    await expectRefusal(withMask('white.png'), at('white.png'), 'all foreground');
    const none = (output: string) =>
      attune(['harmonize', at('composite.png'), '--mask', at('black.png'), '--method', 'none', '-o', output]);
    await expectRefusal(none, 'no foreground');
    const inverted = (output: string) =>
      attune(['harmonize', at('composite.png'), '--mask', at('black.png'), '--invert', '-o', output]);
    await expectRefusal(inverted, 'no foreground');
  });

  it('an output that cannot be written', async () => {
    await mkdir(at('folder.png'));
    await expectRefusal(() => harmonize('-o', at('folder.png')), at('folder.png'), 'A folder has that name');
    await expectRefusal(() => harmonize('-o', at('no/out.png')), at('no/out.png'), 'folder does not exist');
    await expectRefusal(() => harmonize('-o', at('mask.png/out.png')), at('mask.png/out.png'));
    await expectRefusal(() => harmonize('-o', at('out.bmp')), at('out.bmp'), '.png');
  });

  it('a network whose file is missing, cut or changed, or no list of networks', async () => {
    const models = at('models');
    await cp(modelsFolder(), models, { recursive: true });
    const run = (output: string) =>
      attune(
        ['harmonize', at('composite.png'), '--mask', at('mask.png'), '-o', output, '--method', 'colormap'],
        {
          ATTUNE_MODELS: models,
        },
      );
    const file = join(models, 'colormap.onnx');
    const bytes = await readFile(file);
    const changed = Buffer.from(bytes);
    changed[changed.length >> 1]! ^= 1;
    await writeFile(file, changed);
    await expectRefusal(run, file, 'sha256');
    const listing = await attune(['models'], { ATTUNE_MODELS: models });
    expect(listing.code).toBe(1);
    expect(listing.stdout).toMatch(/^colormap .*broken$/m);
    await writeFile(file, bytes.subarray(0, 1000));
    await expectRefusal(run, file, '1000 bytes');
    await rm(file);
    await expectRefusal(run, file, 'is missing');
    await rm(join(models, 'index.json'));
    await expectRefusal(run, join(models, 'index.json'));
    await copyFile(at('text.png'), join(models, 'index.json'));
    await expectRefusal(run, 'is not JSON');
  });
});

describe('wrong usage', () => {
  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['no mask', ['harmonize', 'a.png'], '--mask'],
    ['no composite', ['harmonize', '--mask', 'm.png'], 'composite'],
    ['an unknown option', ['harmonize', 'a.png', '--mask', 'm.png', '--fast'], '--fast'],
    ['a strength above 1', ['harmonize', 'a.png', '--mask', 'm.png', '--strength', '2'], '0 to 1'],
    ['an unknown method', ['harmonize', 'a.png', '--mask', 'm.png', '--method', 'magic'], 'none, colormap'],
    ['an unknown device', ['harmonize', 'a.png', '--mask', 'm.png', '--device', 'abacus'], 'abacus'],
    ['an unknown way to lift', ['harmonize', 'a.png', '--mask', 'm.png', '--lift', 'crane'], 'bilateral'],
    ['an unknown method to evaluate', ['evaluate', '.', '--methods', 'none,magic'], 'magic'],
    ['an unknown command', ['harmonise'], 'harmonize'],
  ];
  it.each(wrong)('%s is exit 2 in one line', async (_, args, words) => {
    const { code, stdout, stderr } = await attune(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^attune: [^\n]+\n$/);
    expect(stderr).toContain(words);
  });

  it('help and version are exit 0', async () => {
    const help = await attune(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['harmonize', 'evaluate', 'models']) expect(help.stdout).toContain(command);
    expect(await attune(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    expect(await attune([])).toMatchObject({ code: 2 });
  });
});

describe('attune models', () => {
  it('lists the networks, the default among them', async () => {
    const words = await attune(['models']);
    expect(words).toMatchObject({ code: 0, stderr: '' });
    expect(words.stdout).toMatch(/^colormap /m);
    const json = await attune(['models', '--json']);
    const { default: name, networks } = JSON.parse(json.stdout) as {
      default: string;
      networks: { name: string; sound: boolean; isDefault: boolean }[];
    };
    expect(networks.filter(({ isDefault }) => isDefault).map((network) => network.name)).toEqual([name]);
    expect(networks.every(({ sound }) => sound)).toBe(true);
  });
});
