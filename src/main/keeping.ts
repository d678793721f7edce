import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './files/atomic';

/** What outlives a sitting. */
export interface Keeping {
  /** The window's settings as it wrote them; nothing where there are none. */
  settings(): Promise<string>;
  writeSettings(text: string): Promise<void>;
}

/** Keeps things in a folder, which is made when first needed. Rejects with a Fault `write` where it cannot be written. */
export function openKeeping(folder: string): Keeping {
  const settings = join(folder, 'settings.json');
  return {
    settings: () => readFile(settings, 'utf8').catch(() => ''),
    async writeSettings(text) {
      await mkdir(folder, { recursive: true });
      await writeAtomically(settings, new TextEncoder().encode(text));
    },
  };
}
