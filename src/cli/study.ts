import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../main/files/atomic';
import { encodeImage } from '../main/files/encode';
import { harmonizePicture, type Harmonizer } from '../main/harmonizing';
import { openRegistry } from '../main/inference/registry';
import { CUT_AND_PASTE } from '../harmonize/network';
import { Fault } from '../pixels/fault';
import { createImage, type Image, type Mask } from '../pixels/image';
import { writePage } from '../study/page';
import { EDITED, planStudy, REAL, type StudyPlan } from '../study/pairs';
import { writeKey } from '../study/ratings';
import { findSets, type Case } from './cases';
import { decodeCase, everyMethod, ofCase } from './evaluate';
import { chosen, shrunk } from './evaluate-sheet';
import { TimeLeft } from './evaluate-time';
import { checkMethod, runningOptions, tell, withEngine } from './running';
import page from './study-page.html?raw';

export const prepareOptions = runningOptions.extend({
  output: z.string(),
  methods: z.array(z.string()).optional(),
  raters: z.number().int().positive(),
  pairs: z.number().int().positive(),
  sanity: z.number().int().nonnegative(),
  size: z.number().int().positive(),
  seed: z.number().int().nonnegative(),
});
export type PrepareOptions = z.infer<typeof prepareOptions>;

/** Sanity pairs are made of so many cases, spread over all. */
const SANITY_CASES = 12;

/** A case with the set that it is of. */
type Placed = Case & { readonly set: string };

/**
 * `attune study prepare`: the pictures under names that say nothing, a page for each rater, and the key that says what
 * each pair shows. Throws Faults that name the case; `write` for a folder that holds something.
 */
export async function prepareStudy(folders: readonly string[], options: PrepareOptions): Promise<void> {
  const registry = await openRegistry();
  const methods = options.methods ?? everyMethod(registry);
  for (const method of methods) checkMethod(registry, method);
  const sets = await findSets(folders, 'where-missing');
  const cases = sets.flatMap(({ name: set, cases: list }) => list.map((one): Placed => ({ ...one, set })));
  const checked = options.sanity === 0 ? [] : chosen(cases, SANITY_CASES);
  const plan = planStudy({
    cases,
    methods,
    sanity: checked,
    raters: options.raters,
    perRater: options.pairs,
    sanityPerRater: options.sanity,
    seed: options.seed,
  });
  await makeFolder(options.output);
  const study = nameOf(options.seed, cases, methods);
  const draw = async (one: Placed, role: string, image: Image) => {
    const path = join(options.output, pictureOf(study, one.set, one.name, role));
    await encodeImage(path, shrunk(image, options.size));
  };
  await withEngine(registry, options.device, async (harmonizer) => {
    const time = new TimeLeft(cases.length, performance.now());
    for (const [index, one] of cases.entries()) {
      const left = time.words();
      tell(`${index + 1}/${cases.length} ${one.name}${left && `, ${left}`}`);
      try {
        const pictures = await decodeCase(one);
        for (const method of methods) {
          await draw(one, method, await resultOf(harmonizer, pictures, method, options));
        }
        if (checked.includes(one)) {
          await draw(one, REAL, pictures.real);
          await draw(one, EDITED, heavilyEdited(pictures.real, pictures.mask));
        }
      } catch (error) {
        throw ofCase(one.name, error);
      }
      time.done(performance.now());
    }
  });
  const pages = await writePages(options.output, study, plan);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ study, pairs: plan.pairs.length, pages, key: join(options.output, 'key.csv') })}\n`,
    );
    return;
  }
  process.stdout.write(
    `${plan.pairs.length} pairs of ${methods.length} methods on ${cases.length} cases.\n` +
      `Each rater opens one page of ${options.output} (${pages[0]} …) in a browser, with the folder pictures beside it,\n` +
      `and sends the saved answers back. Keep key.csv to yourself: it says what each pair shows. Then:\n` +
      `attune study report ${options.output} RATINGS.csv …\n`,
  );
}

async function resultOf(
  harmonizer: Harmonizer,
  { composite, mask }: { composite: Image; mask: Mask },
  method: string,
  { lift }: PrepareOptions,
): Promise<Image> {
  if (method === CUT_AND_PASTE) return composite;
  return (await harmonizePicture(harmonizer, composite, mask, { method, strength: 1, invert: false, lift }))
    .image;
}

/** The foreground in colours that no light makes: magenta cast, hard contrast. */
export function heavilyEdited({ width, height, data }: Image, mask: Mask): Image {
  const out = createImage(width, height);
  out.data.set(data);
  const change = [
    { gain: 1.5, offset: 10 },
    { gain: 0.45, offset: -10 },
    { gain: 1.5, offset: 10 },
  ];
  for (let i = 0; i < mask.data.length; i++) {
    const share = mask.data[i]! / 255;
    if (share === 0) continue;
    change.forEach(({ gain, offset }, c) => {
      const value = data[4 * i + c]!;
      out.data[4 * i + c] = value + share * (Math.min(Math.max(gain * value + offset, 0), 255) - value);
    });
  }
  return out;
}

function digest(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The same study has the same name. */
function nameOf(seed: number, cases: readonly Placed[], methods: readonly string[]): string {
  return digest(
    seed,
    cases.map(({ set, name }) => [set, name]),
    methods,
  ).slice(0, 8);
}

/** The name of a picture says nothing of what it shows. */
function pictureOf(study: string, set: string, name: string, role: string): string {
  return `pictures/${digest(study, set, name, role).slice(0, 16)}.png`;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(join(folder, 'pictures'), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Fault('write', `The folder ${folder} cannot be made (${code}).`, 'Choose another output.');
  }
  if ((await readdir(folder)).length > 1) {
    throw new Fault(
      'write',
      `The folder ${folder} holds something already.`,
      'Name a new folder for the study.',
    );
  }
}

/** Writes the pages and the key; answers the pages' names. */
async function writePages(output: string, study: string, plan: StudyPlan): Promise<string[]> {
  const encoder = new TextEncoder();
  const pairs = new Map(plan.pairs.map((pair) => [pair.id, pair]));
  const digits = Math.max(2, String(plan.pages.length).length);
  const names: string[] = [];
  for (const [k, trials] of plan.pages.entries()) {
    const number = String(k + 1).padStart(digits, '0');
    const asked = trials.map(({ pair: id, left }) => {
      const { set, name, first, second } = pairs.get(id)!;
      const of = (role: string) => pictureOf(study, set, name, role);
      const pictures: [string, string] = left === 'first' ? [of(first), of(second)] : [of(second), of(first)];
      return { pair: id, left, pictures };
    });
    const file = `rater-${number}.html`;
    const html = writePage(page, { study, page: number, trials: asked });
    await writeAtomically(join(output, file), encoder.encode(html));
    names.push(file);
  }
  await writeAtomically(join(output, 'key.csv'), encoder.encode(writeKey(study, plan.pairs)));
  return names;
}
