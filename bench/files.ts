import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { builtFile } from '../src/main/place';
import { picture } from './lifting';
import { atMost, fastest, row, type Row, skipped, timesFaster } from './row';

const report = z.object({
  ms: z.object({
    decode: z.number(),
    network: z.number(),
    lift: z.number(),
    encode: z.number(),
    total: z.number(),
  }),
});
type Stages = z.infer<typeof report>['ms'];

/** JPEG as Attune writes it here: colours as the file had them, tables made for the picture (sharp's standard, too). */
const JPEG = { quality: 95, chromaSubsampling: '4:2:0' } as const;

/** Writes a photograph-like JPEG and a grey mask, as masks are kept, whose soft ellipse is a third of it. */
async function writePictures(folder: string, width: number, height: number) {
  const composite = join(folder, `${width}.jpg`);
  const mask = join(folder, `${width}-mask.png`);
  const raw = { width, height, channels: 4 } as const;
  const { image } = picture(width, height);
  await sharp(image.data, { raw, limitInputPixels: false })
    .removeAlpha()
    .jpeg({ quality: 92 })
    .toFile(composite);
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const far = Math.hypot((x / width - 0.45) / 0.3, (y / height - 0.55) / 0.35);
      values[y * width + x] = 255 * Math.min(Math.max((1 - far) * 40 + 0.5, 0), 1);
    }
  }
  await sharp(values, { raw: { ...raw, channels: 1 }, limitInputPixels: false })
    .toColourspace('b-w')
    .png({ compressionLevel: 3 })
    .toFile(mask);
  return { composite, mask };
}

/** Runs the built command; the times it tells, and the most memory that it and its engine held together, MB. */
async function harmonize(
  composite: string,
  mask: string,
  method: string,
): Promise<{ ms: Stages; memory: number | null }> {
  const output = `${composite}-harmonized.jpg`;
  const args = ['harmonize', composite, '--mask', mask, '-o', output, '--method', method, '--json'];
  const child = spawn(process.execPath, [builtFile('attune.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  let ended = false;
  const end = new Promise<number | null>((resolve) => child.on('close', resolve)).finally(
    () => (ended = true),
  );
  let most = 0;
  while (!ended) {
    most = Math.max(most, await residentBytes(child.pid!));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if ((await end) !== 0) throw new Error(`attune ${args.join(' ')} failed.`);
  return { ms: report.parse(JSON.parse(text)).ms, memory: most === 0 ? null : most / 1e6 };
}

/** Resident memory of a process and its children by /proc; 0 where there is none. */
async function residentBytes(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const own = 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    let below = 0;
    for (const thread of await readdir(`/proc/${pid}/task`)) {
      const children = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8');
      for (const child of children.split(' ')) if (child !== '') below += await residentBytes(Number(child));
    }
    return own + below;
  } catch {
    return 0;
  }
}

/** `attune harmonize` from file to file, beside sharp decoding and encoding the same file; the share of each stage. */
export async function files(): Promise<Row[]> {
  const rows: Row[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'attune-bench-'));
  sharp.cache(false);
  try {
    for (const [name, width, height, limit] of [
      ['24 MP', 6000, 4000, 1000],
      ['100 MP', 12_000, 8400, 3000],
    ] as const) {
      const { composite, mask } = await writePictures(folder, width, height);
      const alone = () =>
        sharp(composite, { limitInputPixels: false }).jpeg(JPEG).toFile(join(folder, 'alone.jpg'));
      const huge = width > 10_000;
      for (const method of huge ? ['colormap'] : ['colormap', 'joint']) {
        const id = `${name} JPEG, ${method}`;
        let best: { ms: Stages; memory: number | null } | null = null;
        let sharpAlone = Infinity;
        for (let i = 0; i < (huge ? 1 : 3); i++) {
          // Taken in turns, so that what else the machine does falls on both.
          sharpAlone = Math.min(sharpAlone, await fastest(1, alone));
          const ran = await harmonize(composite, mask, method);
          if (!best || ran.ms.total < best.ms.total) best = ran;
        }
        if (!best) continue;
        const { ms, memory } = best;
        const goal = huge ? {} : { goal: timesFaster(0.5) };
        rows.push(
          row({
            group: 'files',
            id,
            value: ms.total,
            unit: 'ms',
            peer: 'sharp: decode + encode',
            peerValue: sharpAlone,
            ...goal,
          }),
        );
        for (const stage of ['decode', 'network', 'lift', 'encode'] as const) {
          const share = (100 * ms[stage]) / ms.total;
          rows.push(row({ group: 'files', id: `${id}: share of ${stage}`, value: share, unit: '%' }));
        }
        rows.push(
          memory === null
            ? skipped('files', `${id}: memory`, 'no /proc here to read it from')
            : row({
                group: 'files',
                id: `${id}: memory`,
                value: memory,
                unit: 'MB',
                goal: atMost(limit, 'MB'),
              }),
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return rows;
}
