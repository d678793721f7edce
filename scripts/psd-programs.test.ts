import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentView, renderDocument } from '../src/compositor/render';
import type { Document } from '../src/document/records';
import { readProject, writeProject } from '../src/formats/project';
import { readContainer } from '../src/formats/psd/container';
import { decodeComposite } from '../src/formats/psd/flat';
import { conversionOf } from '../src/formats/psd/profile';
import { TestShelf } from '../src/formats/shelf-for-tests';
import type { Image } from '../src/pixels/image';
import { backdrop, disc, features } from './psd-programs/features';
import { programs, runGimp, runKrita, type Program } from './psd-programs/programs';
import { note, writeTables } from './psd-programs/tables';

/**
 * Attune's PSD and OpenRaster files against programs nobody here wrote. A program that is not installed is skipped, with
 * that as the reason. ATTUNE_TABLES names a file that gathers what is measured, for the tables of docs/psd.md.
 */
const shelf = new TestShelf();
/** Everything and every program is tried only when asked for, by either variable: GIMP and Krita take minutes. */
const { ATTUNE_TABLES, ATTUNE_FEATURES } = process.env;
const thorough = ATTUNE_TABLES !== undefined || ATTUNE_FEATURES !== undefined;
const SLOW = 'takes minutes; ATTUNE_TABLES or ATTUNE_FEATURES asks for it';
/** ATTUNE_FEATURES: a pattern of those to try. */
const asked = new RegExp(ATTUNE_FEATURES ?? (thorough ? '' : '^(layers,|mask$|mode multiply$)'));
const all = features(shelf).filter(({ name }) => asked.test(name));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-psd-'));
});
afterAll(async () => {
  await writeTables();
  await rm(folder, { recursive: true, force: true });
});

const flat = (document: Document) => renderDocument(document, shelf, documentView(document));

async function pictureOf(path: string): Promise<Image | null> {
  if (!existsSync(path)) return null;
  const { data, info } = await sharp(path)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}

/** The mean difference of premultiplied colours and alpha, in levels; Infinity when the sizes differ. */
function difference(one: Image, two: Image): number {
  if (one.width !== two.width || one.height !== two.height) return Infinity;
  let sum = 0;
  for (let i = 0; i < one.data.length; i += 4) {
    const a = one.data[i + 3]!;
    const b = two.data[i + 3]!;
    sum += Math.abs(a - b);
    for (let k = 0; k < 3; k++) sum += Math.abs(one.data[i + k]! * a - two.data[i + k]! * b) / 255;
  }
  return sum / one.data.length;
}

async function compare(program: Program, format: 'psd' | 'ora'): Promise<Map<string, number | null>> {
  const place = join(folder, `${program.name}-${format}`);
  await mkdir(place);
  const jobs = all.map((_, i) => ({
    file: join(place, `f${i}.${format}`),
    picture: join(place, `f${i}.png`),
  }));
  for (const [i, { document }] of all.entries()) {
    await writeFile(jobs[i]!.file, (await writeProject(document, shelf, { format })).bytes);
  }
  await program.flatten(jobs, place);
  const found = new Map<string, number | null>();
  for (const [i, { name, document }] of all.entries()) {
    const picture = await pictureOf(jobs[i]!.picture);
    found.set(name, picture && difference(flat(document), picture));
  }
  for (const [feature, value] of found) await note({ table: format, feature, program: program.name, value });
  return found;
}

describe.each(programs)('files saved by Attune in $name', (program) => {
  const asleep = program.slow && !thorough;
  const version = asleep ? null : program.version();
  for (const format of program.formats) {
    it(`show the same picture (${format})`, { timeout: 3_000_000 }, async (context) => {
      if (asleep) return context.skip(SLOW);
      if (version === null) return context.skip(`${program.name} is not installed`);
      const found = await compare(program, format);
      // What the file says by layers alone, no program may show otherwise.
      const certain =
        program.shows === 'picture'
          ? all.map(({ name }) => name)
          : [
              'layers, transparency, offset',
              'a layer beyond the edges',
              'hidden layer',
              'opacity',
              'scaled and turned layer',
              'harmonized layer',
              'mode multiply',
              'mode screen',
            ];
      for (const name of certain.filter((each) => found.has(each))) {
        expect(found.get(name), name).toBeLessThanOrEqual(1);
      }
    });
  }
});

/** Attune's flattening of a file against the picture that the file itself carries. */
async function openAndCompare(path: string): Promise<number> {
  const bytes = new Uint8Array(await readFile(path));
  const opened = await readProject(bytes, basename(path), shelf);
  const container = readContainer(bytes, path);
  const own = decodeComposite(container, bytes, path);
  const toSrgb = conversionOf(container, bytes);
  if (typeof toSrgb === 'function') toSrgb(own.data);
  return difference(flat(opened.document), own);
}

describe('files saved by others', () => {
  it('by GIMP open as GIMP flattened them', { timeout: 3_000_000 }, async (context) => {
    const program = programs.find(({ name }) => name === 'GIMP')!;
    if (!thorough) return context.skip(SLOW);
    if (program.version() === null) return context.skip('GIMP is not installed');
    const place = join(folder, 'by-gimp');
    await mkdir(place);
    for (const [name, { width, height, data }] of [
      ['under', backdrop()],
      ['over', disc()],
    ] as const) {
      await sharp(data, { raw: { width, height, channels: 4 } })
        .png()
        .toFile(join(place, `${name}.png`));
    }
    const modes =
      'NORMAL MULTIPLY SCREEN OVERLAY DARKEN-ONLY LIGHTEN-ONLY DODGE BURN HARDLIGHT SOFTLIGHT DIFFERENCE ADDITION SUBTRACT DIVIDE EXCLUSION LINEAR-BURN VIVID-LIGHT LINEAR-LIGHT PIN-LIGHT HARD-MIX HSV-HUE'.split(
        ' ',
      );
    await runGimp(
      modes.map((mode) => [
        `(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "${place}/under.png" "u")))`,
        `       (layer (car (gimp-file-load-layer RUN-NONINTERACTIVE image "${place}/over.png"))))`,
        '  (gimp-image-insert-layer image layer 0 0)',
        '  (gimp-layer-set-offsets layer 12 4)',
        '  (gimp-layer-set-opacity layer 80)',
        `  (gimp-layer-set-mode layer LAYER-MODE-${mode})`,
        // As every PSD is blended, and not in linear light, which GIMP would choose and no PSD can say.
        '  (gimp-layer-set-blend-space layer LAYER-COLOR-SPACE-RGB-PERCEPTUAL)',
        '  (gimp-layer-set-composite-space layer LAYER-COLOR-SPACE-RGB-PERCEPTUAL)',
        `  (file-psd-save RUN-NONINTERACTIVE image layer "${place}/${mode}.psd" "${mode}" 0 0))`,
      ]),
      place,
    );
    for (const mode of modes) {
      const path = join(place, `${mode}.psd`);
      const value = existsSync(path) ? await openAndCompare(path) : null;
      await note({ table: 'others', feature: `GIMP: ${mode.toLowerCase()}`, program: 'Attune', value });
    }
    expect(await openAndCompare(join(place, 'NORMAL.psd'))).toBeLessThanOrEqual(1);
  });

  it('by Krita open as Krita flattened them', { timeout: 3_000_000 }, async (context) => {
    const program = programs.find(({ name }) => name === 'Krita')!;
    if (!thorough) return context.skip(SLOW);
    if (program.version() === null) return context.skip('Krita is not installed');
    const place = join(folder, 'by-krita');
    await mkdir(place);
    for (const [i, { name, document }] of all.entries()) {
      const from = join(place, `f${i}.ora`);
      await writeFile(from, (await writeProject(document, shelf, { format: 'ora' })).bytes);
      const to = join(place, `f${i}.psd`);
      await runKrita(from, to);
      const value = existsSync(to) ? await openAndCompare(to) : null;
      await note({ table: 'others', feature: `Krita: ${name}`, program: 'Attune', value });
    }
    expect(await openAndCompare(join(place, 'f0.psd'))).toBeLessThanOrEqual(1);
  });

  it('of a folder of samples open as the files’ own pictures', { timeout: 3_000_000 }, async (context) => {
    const samples = process.env.ATTUNE_PSD_SAMPLES;
    if (!samples) return context.skip('ATTUNE_PSD_SAMPLES names no folder of sample files');
    for (const file of (await readdir(samples)).filter((name) => /\.(psd|psb|pdd)$/.test(name)).sort()) {
      const path = join(samples, file);
      const value = await openAndCompare(path).catch((thrown: Error) => thrown.message);
      await note({ table: 'samples', feature: file, program: 'Attune', value });
    }
  });
});
