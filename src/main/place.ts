import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds Attune's package.json: the repository, the installed package, or `app.asar`. Found from this
 * module upwards, so it is right for the sources, for the bundles in out/main and for their chunks.
 */
export function programFolder(from = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && /"name":\s*"attune"/.test(readFileSync(manifest, 'utf8'))) return folder;
    if (dirname(folder) === folder) throw new Error(`Attune's package.json is in no folder above ${from}.`);
  }
}

/** A built file of the main side, such as `engine.js`. */
export function builtFile(name: string): string {
  return join(programFolder(), 'out', 'main', name);
}

/** The editor as built: index.html and what belongs to it. */
export function rendererFolder(): string {
  return join(programFolder(), 'out', 'renderer');
}

/** The networks: `ATTUNE_MODELS`, else beside the packaged program, else in the repository. */
export function modelsFolder(): string {
  const asked = process.env.ATTUNE_MODELS;
  if (asked) return asked;
  const folder = programFolder();
  return folder.endsWith('.asar') ? join(dirname(folder), 'models') : join(folder, 'models');
}

/** The pictures of the sample project, the background first: beside the packaged program, else in the repository. */
export function samplePictures(): string[] {
  const folder = programFolder();
  const resources = folder.endsWith('.asar') ? dirname(folder) : join(folder, 'resources');
  return ['background.jpg', 'cutout.png'].map((name) => join(resources, 'sample', name));
}

/**
 * Where Attune keeps settings and unsaved work: `ATTUNE_STATE`, else the platform's own place for such things
 * (XDG_STATE_HOME by the XDG Base Directory Specification).
 */
export function stateFolder(): string {
  const { ATTUNE_STATE, XDG_STATE_HOME, APPDATA } = process.env;
  if (ATTUNE_STATE) return ATTUNE_STATE;
  if (process.platform === 'win32') return join(APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Attune');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Attune');
  return join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'attune');
}

/** Attune's version, from its package.json. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(programFolder(), 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest && manifest.version;
  if (typeof version !== 'string') throw new Error("Attune's package.json names no version.");
  return version;
}
