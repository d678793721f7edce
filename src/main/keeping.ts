import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './files/atomic';
import { inTurn } from './files/in-turn';

/** What outlives a sitting. */
export interface Keeping {
  /** The window's settings as it wrote them last; nothing where there are none. */
  settings(): Promise<string>;
  writeSettings(text: string): Promise<void>;
}

/** Keeps things in a folder, which is made when first needed. Rejects with a Fault `write` where it cannot be written. */
export function openKeeping(folder: string): Keeping {
  const settings = join(folder, 'settings.json');
  const oneByOne = inTurn();
  return {
    settings: () => readFile(settings, 'utf8').catch(() => ''),
    writeSettings: (text) =>
      oneByOne(async () => {
        await mkdir(folder, { recursive: true });
        await writeAtomically(settings, new TextEncoder().encode(text));
      }),
  };
}
