import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { toServiceError, type ServiceError } from '../../contract/errors';
import { extensionOf, imageFormats } from '../../formats/image-formats';
import { Fault } from '../../pixels/fault';
import { openSource } from '../files/source';

/** What to look for in a folder. */
export interface FindRules {
  /** Where a picture's mask is, from the picture's folder and without extension; `{name}` is the picture's name. */
  readonly masks: readonly string[];
  /** The background that cut-outs (pictures with alpha and without a mask) are laid on; null: there are none. */
  readonly background: string | null;
  /** Endings of files that are projects, lower case with the dot. */
  readonly projects: readonly string[];
  /** Folders that are not looked into (where the results go). */
  readonly leaveOut: readonly string[];
}

export const MASK_RULES = ['{name}_mask', '{name}-mask', 'masks/{name}'] as const;

/** A picture that can be harmonized. Paths are absolute; `size` is the bytes of all its files. */
export type FoundPicture = { readonly path: string; readonly size: number } & (
  | { readonly kind: 'pair'; readonly mask: string }
  | { readonly kind: 'cutout'; readonly background: string }
  | { readonly kind: 'project' }
);

/** Something that was found and cannot be done, or is no work, and why. */
export interface Remark {
  readonly path: string;
  readonly error: ServiceError;
}

/** What a folder holds. Everything is sorted by path, numbers by value. */
export interface Found {
  readonly pictures: readonly FoundPicture[];
  /** Pictures that were meant and cannot be done: they count as failed. */
  readonly problems: readonly Remark[];
  /** Masks without a picture and pictures without a mask: told of, but no failures. */
  readonly passedOver: readonly Remark[];
  /** How many folders were looked into, and how many files in them are no pictures. */
  readonly folders: number;
  readonly otherFiles: number;
}

/** What is decoded but not written. */
const readable = new Set([...imageFormats.flatMap(({ extensions }) => extensions), '.gif', '.svg']);

const collator = new Intl.Collator('en', { numeric: true });

/** Throws a Fault `usage` unless every rule names a place for a mask. */
export function checkMaskRules(rules: readonly string[]): void {
  for (const rule of rules) {
    const parts = rule.split('/');
    const plain = rule !== '{name}' && rule.split('{name}').length === 2 && parts.at(-1)!.includes('{name}');
    if (plain && !parts.includes('..') && !parts.includes('')) continue;
    throw new Fault(
      'usage',
      `“${rule}” does not say where masks are.`,
      'Write {name} once, such as {name}_mask or masks/{name}.',
    );
  }
}

/**
 * Finds the work in a folder and all folders in it. Hidden files and folders are passed over; a folder that cannot be
 * read is a problem and the rest goes on.
 *
 * @throws Fault `not-found`, `unreadable`: the folder itself.
 */
export async function findWork(folder: string, rules: FindRules): Promise<Found> {
  checkMaskRules(rules.masks);
  const info = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      throw new Fault('not-found', `${folder} does not exist.`, 'Check the name and the folder.');
    }
    throw new Fault('unreadable', `${folder} cannot be read (${error.code}).`);
  });
  if (!info.isDirectory()) {
    throw new Fault(
      'unreadable',
      `${folder} is a file.`,
      'Name a folder; for one picture use attune harmonize.',
    );
  }
  const walk = new Walk(rules);
  await walk.enter(folder);
  if (walk.folders === 0 && walk.problems.length > 0) {
    const { message, hint } = walk.problems[0]!.error;
    throw new Fault('unreadable', message, hint);
  }
  return sortOut(walk, rules);
}

/** Goes through folders and keeps what is in them. */
class Walk {
  readonly files = new Map<string, number>();
  readonly problems: Remark[] = [];
  folders = 0;
  otherFiles = 0;
  readonly #rules: FindRules;
  /** Links may lead in a circle. */
  readonly #seen = new Set<string>();
  readonly #leaveOut: Promise<Set<string>>;

  constructor(rules: FindRules) {
    this.#rules = rules;
    this.#leaveOut = Promise.all(rules.leaveOut.map((folder) => realpath(folder).catch(() => folder))).then(
      (real) => new Set(real),
    );
  }

  async enter(folder: string): Promise<void> {
    const real = await realpath(folder).catch(() => folder);
    if (this.#seen.has(real) || (await this.#leaveOut).has(real)) return;
    this.#seen.add(real);
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.#refuse(folder, error, 'The folder');
      return;
    }
    this.folders++;
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        await this.enter(path);
        continue;
      }
      const extension = extensionOf(entry.name);
      const wanted = readable.has(extension) || this.#rules.projects.includes(extension);
      if (entry.isFile() && !wanted) {
        this.otherFiles++;
        continue;
      }
      try {
        const info = await stat(path);
        if (info.isDirectory()) await this.enter(path);
        else if (info.isFile() && wanted) this.files.set(path, info.size);
        else this.otherFiles++;
      } catch (error) {
        // It was here a moment ago, or is a link to nowhere.
        this.#refuse(path, error, 'The file');
      }
    }
  }

  #refuse(path: string, error: unknown, what: string): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const fault =
      code === 'EACCES' || code === 'EPERM'
        ? new Fault('unreadable', `${what} ${path} may not be read.`, 'Change its permissions.')
        : code === 'ENOENT'
          ? new Fault('not-found', `${what} ${path} is gone, or a link to nowhere.`)
          : new Fault('unreadable', `${what} ${path} cannot be read (${code}).`);
    this.problems.push({ path, error: toServiceError(fault) });
  }
}

const stemOf = (path: string) => basename(path, extname(path));

async function sortOut({ files, problems, folders, otherFiles }: Walk, rules: FindRules): Promise<Found> {
  const pictures: FoundPicture[] = [];
  const passedOver: Remark[] = [];
  const isProject = (path: string) => rules.projects.includes(extensionOf(path));
  /** Files by their path without extension. */
  const byStem = new Map<string, string[]>();
  for (const path of files.keys()) {
    if (isProject(path)) continue;
    const stem = join(dirname(path), stemOf(path));
    byStem.set(stem, [...(byStem.get(stem) ?? []), path]);
  }
  const masksOf = (path: string) =>
    rules.masks.flatMap(
      (rule) =>
        byStem.get(join(dirname(path), ...rule.replace('{name}', () => stemOf(path)).split('/'))) ?? [],
    );
  const sorted = [...files.keys()].sort(collator.compare);
  const masks = new Set(sorted.filter((path) => !isProject(path)).flatMap(masksOf));
  const background = rules.background && (await realpath(rules.background).catch(() => rules.background));
  for (const path of sorted) {
    const size = files.get(path)!;
    if (isProject(path)) {
      pictures.push({ kind: 'project', path, size });
      continue;
    }
    if (masks.has(path) || path === background) continue;
    const own = masksOf(path);
    if (own.length === 1) {
      pictures.push({ kind: 'pair', path, mask: own[0]!, size: size + files.get(own[0]!)! });
    } else if (own.length > 1) {
      const names = own
        .map((mask) => relative(dirname(path), mask).split(sep).join('/'))
        .sort(collator.compare);
      const fault = new Fault(
        'usage',
        `${path} has more than one mask: ${names.join(', ')}.`,
        'Leave one, or say with --masks where masks are.',
      );
      problems.push({ path, error: toServiceError(fault) });
    } else if (isMaskName(path, rules.masks)) {
      const fault = new Fault(
        'not-found',
        `${path} is a mask without a picture.`,
        'Add the picture, or remove the mask.',
      );
      passedOver.push({ path, error: toServiceError(fault) });
    } else if (background === null) {
      const fault = new Fault(
        'not-found',
        `${path} has no mask.`,
        `Add one as ${rules.masks.map((rule) => rule.replace('{name}', () => stemOf(path))).join(', ')}.`,
      );
      passedOver.push({ path, error: toServiceError(fault) });
    } else {
      const outcome = await asCutout(path, background, size);
      if ('kind' in outcome) pictures.push(outcome);
      else if (outcome.error.code === 'mask') passedOver.push(outcome);
      else problems.push(outcome);
    }
  }
  problems.sort((a, b) => collator.compare(a.path, b.path));
  return { pictures, problems, passedOver, folders, otherFiles };
}

/** A picture with alpha is a cut-out; only its header is read. */
async function asCutout(path: string, background: string, size: number): Promise<FoundPicture | Remark> {
  try {
    const { metadata } = await openSource(path);
    if (metadata.hasAlpha) return { kind: 'cutout', path, background, size };
    throw new Fault('mask', `${path} has neither a mask nor alpha.`, 'Add a mask, or cut it out.');
  } catch (error) {
    return { path, error: toServiceError(error) };
  }
}

/** Whether a file's name is that of a mask by one of the rules. */
function isMaskName(path: string, rules: readonly string[]): boolean {
  return rules.some((rule) => {
    const parts = rule.split('/');
    const [before, after] = parts.pop()!.split('{name}') as [string, string];
    const stem = stemOf(path);
    const longer = stem.length > before.length + after.length;
    const folders = dirname(path)
      .split(sep)
      .slice(-parts.length || Infinity);
    return longer && stem.startsWith(before) && stem.endsWith(after) && parts.join('/') === folders.join('/');
  });
}
