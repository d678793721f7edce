import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { builtFile } from '../src/main/place';
import { atMost, row, skipped, timesFaster, type Row } from './row';

const PICTURES = 60;
/** Single commands are alike: so many of the sixty, spread over the sizes, stand for all. */
const SINGLES = 12;

/** `attune batch` on 60 photographs of 2 to 12 megapixels beside one `attune harmonize` a picture, one after the other. */
export async function batchRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attune-bench-batch-'));
  try {
    for (let i = 0; i < PICTURES; i++) await makePair(folder, i);
    const output = join(folder, 'out');
    const whole = await measured(['batch', join(folder, 'in'), '-o', output, '--device', 'cpu']);
    const perMinute = (PICTURES / whole.seconds) * 60;
    let seconds = 0;
    for (let i = 0; i < SINGLES; i++) {
      const name = nameOf(Math.round((i * (PICTURES - 1)) / (SINGLES - 1)));
      const picture = join(folder, 'in', `${name}.jpg`);
      const mask = join(folder, 'in', 'masks', `${name}.png`);
      const out = join(folder, 'one.jpg');
      seconds += (await measured(['harmonize', picture, '-m', mask, '-o', out, '--device', 'cpu'])).seconds;
    }
    const least = { text: '≥ 90 %', holds: (value: number) => value >= 90 };
    return [
      row({
        group: 'batch',
        id: 'a picture of 2–12 MP, batch of 60',
        value: (60 / perMinute) * 1000,
        unit: 'ms',
        peer: 'one attune harmonize a picture',
        peerValue: (seconds / SINGLES) * 1000,
        goal: timesFaster(3),
      }),
      row({ group: 'batch', id: 'cores busy, batch of 60', value: whole.busy * 100, unit: '%', goal: least }),
      whole.peak === null
        ? skipped('batch', 'peak memory, batch of 60', 'only measured on Linux')
        : row({
            group: 'batch',
            id: 'peak memory, batch of 60',
            value: whole.peak / 1e6,
            unit: 'MB',
            goal: atMost(1500, 'MB'),
          }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nameOf = (i: number) => `p${String(i).padStart(2, '0')}`;

/** A photograph-like JPEG (soft shapes under grain), a brighter disc pasted in, and its mask. */
async function makePair(folder: string, i: number): Promise<void> {
  const width = Math.round(Math.sqrt((2 + (10 * i) / (PICTURES - 1)) * 1e6 * 1.5));
  const height = Math.round(width / 1.5);
  const masks = join(folder, 'in', 'masks');
  await mkdir(masks, { recursive: true });
  const shapes = `<svg width="${width}" height="${height}"><defs><linearGradient id="g" x2="0" y2="1">
    <stop stop-color="hsl(${(i * 47) % 360},50%,60%)"/><stop offset="1" stop-color="hsl(${(i * 31) % 360},40%,25%)"/>
    </linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>
    <circle cx="${width / 2}" cy="${height / 2}" r="${height / 4}" fill="hsl(30,70%,70%)"/></svg>`;
  const disc = `<svg width="${width}" height="${height}"><rect width="100%" height="100%"/>
    <circle cx="${width / 2}" cy="${height / 2}" r="${height / 4}" fill="#fff"/></svg>`;
  const grain = await sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 24 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
  await sharp(Buffer.from(shapes))
    .composite([{ input: grain, blend: 'soft-light' }])
    .removeAlpha()
    .jpeg({ quality: 92 })
    .toFile(join(folder, 'in', `${nameOf(i)}.jpg`));
  await sharp(Buffer.from(disc))
    .removeAlpha()
    .toColourspace('b-w')
    .png()
    .toFile(join(masks, `${nameOf(i)}.png`));
}

interface Measured {
  readonly seconds: number;
  /** 0..1, of all cores of the machine. */
  readonly busy: number;
  /** Bytes of the process and its children together; null where that cannot be told. */
  readonly peak: number | null;
}

/** Runs the built command. */
async function measured(args: readonly string[]): Promise<Measured> {
  const before = ticks();
  const started = performance.now();
  const child = spawn(process.execPath, [builtFile('attune.js'), ...args], { stdio: 'ignore' });
  let peak: number | null = null;
  const watch = setInterval(() => {
    const now = child.pid === undefined ? null : memoryOf(child.pid);
    if (now !== null) peak = Math.max(peak ?? 0, now);
  }, 50);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  clearInterval(watch);
  if (code !== 0) throw new Error(`attune ${args.join(' ')} ended with ${String(code)}.`);
  const after = ticks();
  return {
    seconds: (performance.now() - started) / 1000,
    busy: 1 - (after.idle - before.idle) / (after.all - before.all),
    peak,
  };
}

/** Time of all cores since the machine's start. */
function ticks(): { idle: number; all: number } {
  const times = cpus()
    .slice(0, availableParallelism())
    .map((cpu) => cpu.times);
  const sum = (pick: (time: (typeof times)[number]) => number) =>
    times.reduce((total, time) => total + pick(time), 0);
  return { idle: sum((t) => t.idle), all: sum((t) => t.user + t.nice + t.sys + t.idle + t.irq) };
}

/** Resident bytes of a process and its children (Linux), or null. */
function memoryOf(pid: number): number | null {
  const status = read(`/proc/${pid}/status`);
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) * 1024;
  if (!Number.isFinite(own)) return null;
  const children = existsSync(`/proc/${pid}/task`)
    ? readdirSync(`/proc/${pid}/task`).flatMap((task) =>
        read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
      )
    : [];
  return children.reduce((sum, child) => sum + (memoryOf(child) ?? 0), own);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
