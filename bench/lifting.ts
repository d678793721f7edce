import type { LiftJob, LiftMethod } from '../src/harmonize/lift';
import { prepare } from '../src/harmonize/prepare';
import type { NetworkResult } from '../src/harmonize/network';
import { lift } from '../src/main/lift';
import type { Image, Mask } from '../src/pixels/image';
import { scaling } from '../src/pixels/matrix';
import { seeded } from '../src/pixels/random';
import { applyColorMap } from '../src/pixels/reference/color-map';
import { applyAffine, upsampleBilateral } from '../src/pixels/reference/upsample';
import { fitGuided, plainGrid } from '../src/pixels/guided';
import { openCvTime } from './opencv';
import { atMost, fastest, type Goal, row, type Row, skipped, timesFaster } from './row';

/** The side of what an image network sees. */
const LOW = 512;
const GRID = 16;

const SIZES = [
  { name: '1 MP', width: 1225, height: 816 },
  { name: '12 MP', width: 4243, height: 2828 },
  { name: '24 MP', width: 6000, height: 4000 },
  { name: '100 MP', width: 12_000, height: 8400 },
] as const;

/** A picture of gradients with grain, all of it foreground but one corner, so that the whole of it is lifted. */
export function picture(width: number, height: number): { image: Image; mask: Mask } {
  const random = seeded(width);
  const grain = Uint8Array.from({ length: 8191 }, () => 40 * random());
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const noise = grain[(i + y) % 8191]!;
      data[i] = (200 * x) / width + noise;
      data[i + 1] = (200 * y) / height + noise;
      data[i + 2] = 90 + ((x >> 6) + (y >> 6)) * 3 + noise;
      data[i + 3] = 255;
    }
  }
  const mask = new Uint8ClampedArray(width * height).fill(255);
  for (let y = 0; y < height / 50; y++) mask.fill(0, y * width, y * width + width / 50);
  return { image: { width, height, data }, mask: { width, height, data: mask } };
}

type Kind = LiftMethod | 'colour map';

function jobOf(kind: Kind, { image, mask }: { image: Image; mask: Mask }): LiftJob {
  const info = { name: 'bench', version: '1', title: 'Bench', kind: 'image', isDefault: false } as const;
  const input = prepare(image, mask, { ...info, inputWidth: LOW, inputHeight: LOW });
  const ran = { network: 'bench', version: '1', device: 'cpu', fellBack: [], ms: 0 };
  const random = seeded(3);
  const result: NetworkResult =
    kind === 'colour map'
      ? {
          ...ran,
          kind: 'colorMap',
          width: GRID,
          height: GRID,
          data: Float32Array.from({ length: 30 * GRID * GRID }, () => 0.2 * (random() - 0.5)),
        }
      : {
          ...ran,
          kind: 'image',
          width: LOW,
          height: LOW,
          data: input.image.map((v) => 0.9 * v + 20),
        };
  return {
    source: image,
    amount: mask,
    strength: 1,
    toFrame: scaling(1 / image.width, 1 / image.height),
    input,
    result,
    method: kind === 'colour map' ? 'bilateral' : kind,
  };
}

/** The plain TypeScript on one thread, by a stretch of rows. */
function reference(kind: Kind, job: LiftJob, rows: number): () => void {
  const { result, input, source } = job;
  const out = new Uint8ClampedArray(source.data.length);
  const part = { from: 0, to: rows };
  if (result.kind === 'colorMap') return () => applyColorMap(job, result, part, out);
  const plane = (data: Float32Array, channels: number) => ({ width: LOW, height: LOW, channels, data });
  const low = {
    change: plane(
      result.data.map((v, i) => v - input.image[i]!),
      3,
    ),
    guide: plane(input.image, 3),
    mask: plane(input.mask, 1),
  };
  if (kind === 'bilateral') return () => upsampleBilateral(job, low, part, out);
  const grid = kind === 'guided' ? fitGuided(low) : plainGrid(low);
  return () => applyAffine(job, grid, part, out);
}

/**
 * The time of a lift as the program does it: once a result, over the source's own pixels. The source is put back
 * between the runs, and every run has a result of its own, of which nothing is known yet; neither is timed.
 */
async function liftTime(runs: number, job: LiftJob, threads: number): Promise<number> {
  const { data } = job.source;
  const source = { ...job.source, data: new Uint8ClampedArray(data.length) };
  let fresh = job;
  return fastest(
    runs,
    () => lift(fresh, { threads, inPlace: true }),
    () => {
      source.data.set(data);
      fresh = { ...job, source, result: { ...job.result } };
    },
  );
}

/** Lifting in place at four sizes; at 24 MP beside plain TypeScript, one thread, and OpenCV's filters at full size. */
export async function lifting(): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (id: string, value: number, peer?: string, peerValue?: number, goal?: Goal) =>
    rows.push(
      row({
        group: 'lift',
        id,
        value,
        unit: 'ms',
        ...(peer ? { peer, peerValue: peerValue ?? null } : {}),
        ...(goal ? { goal } : {}),
      }),
    );
  for (const { name, width, height } of SIZES) {
    const both = picture(width, height);
    const runs = width > 10_000 ? 1 : 3;
    for (const kind of ['colour map', 'bilateral', 'guided', 'bilinear'] as const) {
      const job = jobOf(kind, both);
      const two = await liftTime(runs, job, 2);
      const id = `${kind}, ${name}, two threads`;
      if (name !== '24 MP') {
        add(id, two);
        continue;
      }
      const goal =
        kind === 'bilateral' ? atMost(1000, 'ms') : kind === 'colour map' ? atMost(250, 'ms') : undefined;
      add(id, two, 'one thread', await liftTime(runs, job, 1), goal);
      // A tenth of the rows, for it takes long; every row costs the same, what is done before them once.
      const before = await fastest(1, reference(kind, job, 0));
      const plain = before + 10 * ((await fastest(1, reference(kind, job, height / 10))) - before);
      add(id, two, 'plain TypeScript', plain, kind === 'bilateral' ? timesFaster(8) : undefined);
      if (kind === 'colour map' || kind === 'bilinear') continue;
      const filter = kind === 'bilateral' ? 'jointBilateralFilter' : 'guidedFilter';
      const opencv = await openCvTime(filter, width, height);
      if (typeof opencv === 'string') rows.push(skipped('lift', `OpenCV's ${filter}, ${name}`, opencv));
      else {
        const peer = `OpenCV ${filter}, ${opencv.threads} threads`;
        add(id, two, peer, opencv.ms, kind === 'bilateral' ? timesFaster(10) : undefined);
      }
    }
  }
  return rows;
}
