import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Removes what killed writes of these files left: the hidden folders that `writeAtomically` makes beside them. Only
 * for outputs that nobody writes at the moment.
 */
export async function sweepUnfinished(outputs: readonly string[]): Promise<void> {
  const names = new Map<string, Set<string>>();
  for (const output of outputs) {
    const folder = dirname(output);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(output).slice(0, 100)));
  }
  for (const [folder, own] of names) {
    for (const entry of await readdir(folder).catch(() => [])) {
      const name = /^\.(.+)\.\d+-[0-9a-f]{8}\.tmp$/s.exec(entry)?.[1];
      if (name === undefined || !own.has(name)) continue;
      await rm(join(folder, entry), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
