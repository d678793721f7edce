import { mkdir, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeImage } from '../src/main/files/decode';
import { encodeImage } from '../src/main/files/encode';
import { squashImage, squashMask } from '../src/pixels/area';
import { GRID_SHAPE } from '../src/pixels/bilateral-grid';
import { GUIDED_SIGMAS } from '../src/pixels/guided';
import { createImage, createMask, type Image, type Mask } from '../src/pixels/image';
import type { LowResolutionChange } from '../src/pixels/low-resolution';
import { scaling } from '../src/pixels/matrix';
import type { Recolouring } from '../src/pixels/recolouring';
import { upsampleExactly } from '../src/pixels/reference/joint-bilateral';
import { upsampleBilateral, upsampleBilinear, upsampleGuided } from '../src/pixels/upsample';

// `npm run bench -- --entry sigmas --data FOLDER [--crops FOLDER]`: the study behind docs/lifting.md. A region of every
// photograph of the folder is recoloured at full size; the photograph squashed to 512×512 is what a network without a
// fault would answer; every lifter brings that to full size, and is measured against the photograph.
const { values } = parseArgs({
  options: { data: { type: 'string' }, crops: { type: 'string' } },
});
if (!values.data) {
  process.stderr.write('Name a folder of photographs: --data FOLDER\n');
  process.exit(2);
}

const SIDE = 512;
/** Bands of rows that are measured, and how far apart they lie: an eighth of the picture. */
const BAND = 8;
const APART = 64;

interface Scene {
  readonly real: Image;
  readonly composite: Image;
  readonly mask: Mask;
}

const clamp = (v: number, low: number, high: number) => Math.min(Math.max(v, low), high);

/** How a region is recoloured; `x` is 0..1 across the picture. */
type Edit = (r: number, g: number, b: number, x: number) => [number, number, number];
const warmer: Edit = (r, g, b) => [1.5 * r, 1.35 * g, 1.16 * b];
const lightFromTheSide: Edit = (r, g, b, x) => [
  r * (1.1 + 0.5 * x),
  g * (1.1 + 0.35 * x),
  b * (1.05 + 0.15 * x),
];
const curve: Edit = (r, g, b) => [255 * (r / 255) ** 1.4, 255 * (g / 255) ** 1.25, 255 * (b / 255) ** 0.9];

/** Share of foreground by the distance inside an ellipse (pixels) and the pixel's brightness, both 0..255. */
type Region = (inside: number, brightness: number, median: number) => number;
const regions: Readonly<Record<string, { region: Region; edit: Edit }>> = {
  'hard disc': { region: (inside) => clamp(inside / 4 + 0.5, 0, 1), edit: warmer },
  'soft disc': { region: (inside) => clamp(inside / 80 + 0.5, 0, 1), edit: lightFromTheSide },
  // What is brighter than the median, with the picture's own edges: leaves, windows, clouds.
  'bright parts': {
    region: (inside, brightness, median) => (inside > 0 ? clamp((brightness - median) / 8 + 0.5, 0, 1) : 0),
    edit: curve,
  },
};

function sceneOf(real: Image, { region, edit }: { region: Region; edit: Edit }): Scene {
  const { width, height } = real;
  const composite = createImage(width, height);
  const mask = createMask(width, height);
  const brightness = (i: number) =>
    0.3 * real.data[4 * i]! + 0.59 * real.data[4 * i + 1]! + 0.11 * real.data[4 * i + 2]!;
  const some = Array.from({ length: 4001 }, (_, k) =>
    brightness(Math.floor((k * (width * height - 1)) / 4000)),
  );
  const median = some.sort((a, b) => a - b)[2000]!;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const far = Math.hypot((x / width - 0.5) / 0.33, (y / height - 0.5) / 0.38);
      const share = Math.round(255 * region((1 - far) * 0.38 * height, brightness(i), median)) / 255;
      mask.data[i] = 255 * share;
      const colour = [real.data[4 * i]!, real.data[4 * i + 1]!, real.data[4 * i + 2]!] as const;
      const changed = edit(...colour, x / width);
      for (let c = 0; c < 3; c++) {
        composite.data[4 * i + c] = colour[c]! + share * (clamp(changed[c]!, 0, 255) - colour[c]!);
      }
      composite.data[4 * i + 3] = 255;
    }
  }
  return { real, composite, mask };
}

type Lifter = (
  job: Recolouring,
  low: LowResolutionChange,
  band: { from: number; to: number },
  out: Uint8ClampedArray,
) => void;

/** The same change with every cell wholly foreground: what lifting did before shares counted. */
const shareless = new WeakMap<LowResolutionChange, LowResolutionChange>();
function withoutShares(low: LowResolutionChange): LowResolutionChange {
  const made = shareless.get(low) ?? { ...low, mask: { ...low.mask, data: low.mask.data.map(() => 255) } };
  shareless.set(low, made);
  return made;
}

const exact = (space: number, colour: number): [string, Lifter] => [
  `bilateral as defined, σ ${space} cells, ${colour} levels`,
  (job, low, band, out) => upsampleExactly(job, low, band, out, { space, colour }),
];
const bilateral = (reach: number, levels: number, spread: number): [string, Lifter] => [
  `bilateral grid, reach ${reach}, ${levels} levels, spread ${spread}`,
  (job, low, band, out) => upsampleBilateral(job, low, band, out, { reach, levels, spread }),
];
const guided = (reach: number, damping: number): [string, Lifter] => [
  `guided, reach ${reach}, damping ${damping.toExponential(0)}`,
  (job, low, band, out) => upsampleGuided(job, low, band, out, { reach, damping }),
];
const { levels, spread } = GRID_SHAPE;
const { reach, damping } = GUIDED_SIGMAS;
const lifters = new Map<string, Lifter>([
  ['composite as it is', () => undefined],
  ['bilinear', upsampleBilinear],
  [
    'bilateral, shares ignored',
    (job, low, band, out) => upsampleBilateral(job, withoutShares(low), band, out),
  ],
  exact(0.8, 15),
  ...[1, 2, 3].map((r) => bilateral(r, levels, spread)),
  ...[12, 16, 32].map((count) => bilateral(GRID_SHAPE.reach, count, spread)),
  ...[0, 0.08, 0.25].map((share) => bilateral(GRID_SHAPE.reach, levels, share)),
  ['guided, shares ignored', (job, low, band, out) => upsampleGuided(job, withoutShares(low), band, out)],
  ...[1e-6, 1e-5, 1e-4, 1e-3].map((d) => guided(reach, d)),
  ...[1, 4, 8].map((r) => guided(r, damping)),
]);

/** The mean squared error of the foreground's inside and of its edge (within 8 pixels of both), in bands of rows. */
function errors({ real, composite, mask }: Scene, low: LowResolutionChange, lifter: Lifter) {
  const { width, height } = real;
  const job: Recolouring = {
    source: composite,
    amount: mask,
    strength: 1,
    toFrame: scaling(1 / width, 1 / height),
  };
  const out = composite.data.slice();
  const sums = { inside: 0, insideCount: 0, edge: 0, edgeCount: 0 };
  for (let from = APART / 2; from + BAND <= height; from += APART) {
    lifter(job, low, { from, to: from + BAND }, out);
    for (let y = from; y < from + BAND; y++) {
      for (let x = 8; x < width - 8; x++) {
        const i = y * width + x;
        const atEdge = mask.data[i - 8] !== mask.data[i + 8] || (mask.data[i]! > 0 && mask.data[i]! < 255);
        if (mask.data[i] === 0 && !atEdge) continue;
        let error = 0;
        for (let c = 0; c < 3; c++) error += (out[4 * i + c]! - real.data[4 * i + c]!) ** 2 / 3;
        sums[atEdge ? 'edge' : 'inside'] += error;
        sums[atEdge ? 'edgeCount' : 'insideCount']++;
      }
    }
  }
  return { inside: sums.inside / sums.insideCount, edge: sums.edge / sums.edgeCount };
}

/** The truth and three lifters side by side, three times as large, where the mask's edge is. */
async function writeCrop(
  folder: string,
  name: string,
  scene: Scene,
  low: LowResolutionChange,
): Promise<void> {
  const { real, composite, mask } = scene;
  const { width, height } = real;
  const job: Recolouring = {
    source: composite,
    amount: mask,
    strength: 1,
    toFrame: scaling(1 / width, 1 / height),
  };
  const side = 120;
  const left = Math.round(width * (0.5 - 0.33)) - side / 4;
  const top = Math.round(height / 2 - side / 2);
  const rows = { from: top, to: top + side };
  const shown = [real.data, composite.data];
  for (const lifter of [upsampleBilinear, upsampleBilateral, upsampleGuided]) {
    const out = composite.data.slice();
    lifter(job, low, rows, out);
    shown.push(out);
  }
  const sheet = createImage(3 * side * shown.length, 3 * side);
  for (let y = 0; y < sheet.height; y++) {
    for (let x = 0; x < sheet.width; x++) {
      const pixels = shown[Math.floor(x / (3 * side))]!;
      const from = 4 * ((top + Math.floor(y / 3)) * width + left + (Math.floor(x / 3) % side));
      for (let c = 0; c < 4; c++) sheet.data[4 * (y * sheet.width + x) + c] = pixels[from + c]!;
    }
  }
  await encodeImage(join(folder, `${name}.png`), sheet);
}

const found = new Map<string, Map<string, { inside: number; edge: number }[]>>();
for (const file of (await readdir(values.data)).sort()) {
  const { image: real } = await decodeImage(join(values.data, file));
  for (const [name, kind] of Object.entries(regions)) {
    const scene = sceneOf(real, kind);
    const guide = squashImage(scene.composite, SIDE, SIDE);
    const ideal = squashImage(real, SIDE, SIDE);
    const change = { ...ideal, data: ideal.data.map((v, i) => v - guide.data[i]!) };
    const low: LowResolutionChange = { change, guide, mask: squashMask(scene.mask, SIDE, SIDE) };
    for (const [lifter, lift] of lifters) {
      const of = found.get(lifter) ?? new Map<string, { inside: number; edge: number }[]>();
      found.set(lifter, of);
      of.set(name, [...(of.get(name) ?? []), errors(scene, low, lift)]);
    }
    if (values.crops) {
      await mkdir(values.crops, { recursive: true });
      await writeCrop(values.crops, `${basename(file, extname(file))}-${name.replace(' ', '-')}`, scene, low);
    }
    process.stderr.write(`${file}: ${name}\n`);
  }
}

const names = Object.keys(regions);
const mean = (list: readonly number[]) => list.reduce((sum, v) => sum + v, 0) / list.length;
const lines = [['lifter', ...names.flatMap((name) => [`${name}: inside`, 'edge'])]];
for (const [lifter, of] of found) {
  lines.push([
    lifter,
    ...names.flatMap((name) =>
      (['inside', 'edge'] as const).map((where) => mean(of.get(name)!.map((e) => e[where])).toFixed(2)),
    ),
  ]);
}
lines.splice(
  1,
  0,
  lines[0]!.map((_, k) => (k === 0 ? '---' : '--:')),
);
process.stdout.write(`${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
process.exit(0);
