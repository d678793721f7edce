import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { extensionOf, imageFormats } from '../formats/image-formats';
import { Fault } from '../pixels/fault';

/** One case of an evaluation: the pictures of a folder. */
export interface Case {
  /** The folder's name. */
  readonly name: string;
  readonly composite: string;
  readonly mask: string;
  /** The truth; the composite itself when only identity is asked. */
  readonly real: string;
}

/** A folder of cases. */
export interface CaseSet {
  /** The folder's name; with the name of the folder around it where two are alike. */
  readonly name: string;
  readonly cases: readonly Case[];
}

/** Finds the cases of several folders; throws like {@link findCases}, and a Fault `usage` for a folder named twice. */
export async function findSets(
  folders: readonly string[],
  identity: boolean | 'where-missing',
): Promise<CaseSet[]> {
  const paths = folders.map((folder) => resolve(folder));
  const twice = folders.find((_, k) => paths.indexOf(paths[k]!) !== k);
  if (twice !== undefined) {
    throw new Fault('usage', `The folder ${twice} is named twice.`, 'Name each set once.');
  }
  const last = (path: string, parts: number) => path.split(/[\\/]/).slice(-parts).join('/');
  const names = paths.map((path) => {
    for (let parts = 1; ; parts++) {
      const alike = paths.filter((other) => last(other, parts) === last(path, parts));
      if (alike.length === 1) return last(path, parts) || basename(path);
    }
  });
  const cases = await Promise.all(folders.map((folder) => findCases(folder, identity)));
  return names.map((name, k) => ({ name, cases: cases[k]! }));
}

/** What is decoded but not written. */
const readOnly = ['.gif', '.svg'];
const extensions = new Set([...imageFormats.flatMap((format) => format.extensions), ...readOnly]);

/**
 * Finds the cases of a folder: every subfolder with pictures named `composite`, `mask` and `real` (not needed for
 * `identity`; for `where-missing` the composite stands in), sorted by name, numbers by value. Hidden folders and loose files are passed over.
 *
 * @throws Fault naming the case that lacks a picture or has two of a name; or the folder, when it has no cases.
 */
export async function findCases(folder: string, identity: boolean | 'where-missing'): Promise<Case[]> {
  const info = await stat(folder).catch(() => null);
  if (!info) throw new Fault('not-found', `${folder} does not exist.`, 'Check the name and the folder.');
  if (!info.isDirectory()) {
    throw new Fault('unreadable', `${folder} is a file.`, 'Name a folder whose subfolders are the cases.');
  }
  const names: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const isFolder = entry.isSymbolicLink()
      ? (await stat(join(folder, entry.name)).catch(() => null))?.isDirectory()
      : entry.isDirectory();
    if (isFolder) names.push(entry.name);
  }
  if (names.length === 0) {
    throw new Fault(
      'not-found',
      `${folder} holds no cases.`,
      `Each case is a folder in it with composite, mask${identity === false ? ' and real' : ''} pictures.`,
    );
  }
  names.sort(new Intl.Collator('en', { numeric: true }).compare);
  return Promise.all(names.map((name) => findCase(join(folder, name), name, identity)));
}

async function findCase(folder: string, name: string, identity: boolean | 'where-missing'): Promise<Case> {
  const files = (await readdir(folder)).filter((file) => extensions.has(extensionOf(file)));
  const named = (role: string) =>
    files.filter((file) => file.slice(0, -extname(file).length).toLowerCase() === role);
  const find = (role: string) => {
    const found = named(role);
    if (found.length === 1) return join(folder, found[0]!);
    if (found.length === 0) {
      const hint =
        role === 'real'
          ? 'Add it, or measure against the composite with --identity.'
          : `Add one, as ${role}.png or in another format.`;
      throw new Fault('not-found', `The case ${name} (${folder}) has no ${role} picture.`, hint);
    }
    throw new Fault(
      'unsupported',
      `The case ${name} (${folder}) has more than one ${role} picture: ${found.sort().join(', ')}.`,
      'Leave one.',
    );
  };
  const composite = find('composite');
  const alone = identity === true || (identity === 'where-missing' && named('real').length === 0);
  return { name, composite, mask: find('mask'), real: alone ? composite : find('real') };
}
