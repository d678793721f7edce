import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { toServiceError } from '../../contract/errors';
import { findFormat, imageFormats } from '../../formats/image-formats';
import { Fault } from '../../pixels/fault';
import type { Found, FoundPicture, Remark } from './find';
import type { BatchSettings, PictureWork } from './work';

/** What becomes of an output that is there already. */
export type Existing = 'overwrite' | 'skip' | 'number';

export interface PlanOptions {
  readonly folder: string;
  readonly output: string;
  /** Name of an output without extension; {@link checkTemplate}. */
  readonly template: string;
  readonly existing: Existing;
  readonly settings: Pick<BatchSettings, 'method' | 'format' | 'flatten'>;
  /** Outputs that an earlier, interrupted run of the same batch chose: picture → output, both absolute. */
  readonly chosen?: ReadonlyMap<string, string>;
}

/** One picture with its place in the batch. */
export interface Planned {
  readonly work: PictureWork;
  /** Bytes of its files: what progress is measured in. */
  readonly size: number;
}

export interface Plan {
  readonly pictures: readonly Planned[];
  /** Outputs that are there and stay. */
  readonly skipped: readonly { readonly path: string; readonly output: string }[];
  /** Pictures that cannot be done. */
  readonly problems: readonly Remark[];
}

/** Throws a Fault `usage` unless a template gives every picture a name inside its folder. */
export function checkTemplate(template: string): void {
  const unknown = /\{(?!name\}|method\})[^}]*\}?/.exec(template)?.[0];
  const parts = template.split(/[/\\]/);
  if (unknown === undefined && template.includes('{name}') && !parts.includes('..') && !parts.includes(''))
    return;
  throw new Fault(
    'usage',
    unknown === undefined
      ? `“${template}” does not name the outputs.`
      : `“${template}” has ${unknown}, which means nothing.`,
    'Use {name}, the name of the picture, and {method}: {name}-{method}.',
  );
}

/**
 * Gives every picture its output: subfolders mirrored, named by the template. Two pictures never share an output: with
 * `number` the later ones are numbered, otherwise none of them is done. No output overwrites a picture of the batch.
 */
export async function planOutputs(found: Found, options: PlanOptions): Promise<Plan> {
  checkTemplate(options.template);
  const inputs = new Set<string>();
  for (const picture of found.pictures) {
    inputs.add(await realpath(picture.path).catch(() => picture.path));
    const other =
      picture.kind === 'pair' ? picture.mask : picture.kind === 'cutout' ? picture.background : null;
    if (other !== null) inputs.add(await realpath(other).catch(() => other));
  }
  const wanted = found.pictures.map((picture) => ({ picture, output: outputOf(picture, options) }));
  const claims = new Map<string, string[]>();
  for (const { picture, output } of wanted) {
    claims.set(folded(output), [...(claims.get(folded(output)) ?? []), picture.path]);
  }
  const taken = new Set([...(options.chosen?.values() ?? [])].map(folded));
  const pictures: Planned[] = [];
  const skipped: { path: string; output: string }[] = [];
  const problems: Remark[] = [];
  for (const { picture, output } of wanted) {
    const before = options.chosen?.get(picture.path);
    if (before !== undefined) {
      pictures.push(planned(picture, before));
      continue;
    }
    const rivals = claims.get(folded(output))!.filter((path) => path !== picture.path);
    if (rivals.length > 0 && options.existing !== 'number') {
      problems.push(remark(picture.path, clash(picture.path, rivals, output)));
      continue;
    }
    const there = await occupant(output);
    if (there !== null && inputs.has(there)) {
      const fault = new Fault(
        'usage',
        `The result of ${picture.path} would overwrite ${output}, which is a picture of this batch.`,
        'Choose another folder or another template.',
      );
      problems.push(remark(picture.path, fault));
    } else if (there !== null && options.existing === 'skip') {
      skipped.push({ path: picture.path, output });
    } else if (options.existing === 'number') {
      const free = await numbered(output, taken);
      taken.add(folded(free));
      pictures.push(planned(picture, free));
    } else {
      pictures.push(planned(picture, output));
    }
  }
  return { pictures, skipped, problems };
}

/** File systems that take `A.png` and `a.png` for one file. */
const foldsCase = process.platform === 'win32' || process.platform === 'darwin';

function folded(path: string): string {
  const composed = path.normalize('NFC');
  return foldsCase ? composed.toLowerCase() : composed;
}

function outputOf(picture: FoundPicture, { folder, output, template, settings }: PlanOptions): string {
  const extension = extname(picture.path);
  const name = template
    .replaceAll('{method}', () => settings.method)
    .replaceAll('{name}', () => basename(picture.path, extension));
  const mirrored = join(resolve(output), dirname(relative(folder, picture.path)), name);
  return mirrored + outputExtension(picture, settings);
}

function outputExtension(picture: FoundPicture, { format, flatten }: PlanOptions['settings']): string {
  if (picture.kind === 'project' && !flatten) {
    return extname(picture.path);
  }
  if (format !== 'keep') return imageFormats.find(({ name }) => name === format)!.extensions[0]!;
  // A cut-out's result is a photograph: its background's format.
  const source = picture.kind === 'cutout' ? picture.background : picture.path;
  return findFormat(source) ? extname(source) : '.png';
}

function planned(picture: FoundPicture, output: string): Planned {
  const { path, size } = picture;
  if (picture.kind === 'pair') {
    return { work: { kind: 'pair', picture: path, mask: picture.mask, output }, size };
  }
  if (picture.kind === 'cutout') {
    return { work: { kind: 'cutout', picture: path, background: picture.background, output }, size };
  }
  return { work: { kind: 'project', picture: path, output }, size };
}

const remark = (path: string, fault: Fault): Remark => ({ path, error: toServiceError(fault) });

function clash(path: string, rivals: readonly string[], output: string): Fault {
  return new Fault(
    'usage',
    `${path} and ${rivals.join(', ')} would both become ${output}.`,
    'Rename one, keep their formats, or use --existing number.',
  );
}

/** What is at a path, its links followed; null when nothing is. */
async function occupant(path: string): Promise<string | null> {
  const info = await lstat(path).catch(() => null);
  return info && (await realpath(path).catch(() => path));
}

/** `a.png`, or `a-2.png`, `a-3.png`, … : the first that neither exists nor is taken. */
async function numbered(output: string, taken: ReadonlySet<string>): Promise<string> {
  const extension = extname(output);
  const stem = output.slice(0, -extension.length || undefined);
  for (let number = 1; ; number++) {
    const path = number === 1 ? output : `${stem}-${number}${extension}`;
    if (!taken.has(folded(path)) && (await occupant(path)) === null) return path;
  }
}
