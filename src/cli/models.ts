import { z } from 'zod';
import { classicalInfo, classicalMethods, networkOf } from '../harmonize/classical/methods';
import { openRegistry, readNetwork } from '../main/inference/registry';
import { Fault } from '../pixels/fault';

export const modelsOptions = z.object({ json: z.boolean().default(false) });

/**
 * `attune models`: the networks, the default first said so, each file checked, and the methods that need none. Throws
 * the first broken file's Fault after the list.
 */
export async function models({ json }: z.infer<typeof modelsOptions>): Promise<void> {
  const registry = await openRegistry();
  const faults: Fault[] = [];
  const networks = [];
  for (const spec of registry.specs) {
    const { name, version, title, kind, input, file, bytes, license } = spec;
    const fault = await readNetwork(registry.folder, spec).then(
      () => null,
      (error: unknown) => {
        if (error instanceof Fault) return error;
        throw error;
      },
    );
    if (fault) faults.push(fault);
    networks.push({
      name,
      version,
      title,
      kind,
      inputWidth: input.width,
      inputHeight: input.height,
      isDefault: name === registry.defaultName,
      file,
      bytes,
      license: license ?? null,
      sound: fault === null,
    });
  }
  const classical = classicalMethods.map((name) => {
    const needed = networkOf(name);
    const available = registry.methods.some((method) => method.name === name);
    return { name, title: classicalInfo(name).title, network: needed, available };
  });
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ folder: registry.folder, default: registry.defaultName, networks, classical })}\n`,
    );
  } else {
    const width = Math.max(...[...networks, ...classical].map(({ name }) => name.length));
    for (const { name, title, kind, inputWidth, inputHeight, bytes, isDefault, sound } of networks) {
      const size = `${inputWidth}×${inputHeight}, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
      const marks = [
        ...(isDefault ? ['default'] : []),
        ...(kind === 'score' ? ['scores pictures, for the method of the same name'] : []),
        ...(kind === 'scene' ? ['says what is where, for selecting by content'] : []),
        ...(sound ? [] : ['broken']),
      ];
      process.stdout.write(
        `${name.padEnd(width)}  ${title} (${size})${marks.length ? `  ${marks.join(', ')}` : ''}\n`,
      );
    }
    for (const { name, title, network, available } of classical) {
      const how =
        network === null ? 'no network' : available ? `network ${network}` : `its network is not here`;
      process.stdout.write(`${name.padEnd(width)}  ${title} (${how})\n`);
    }
  }
  if (faults[0]) throw faults[0];
}
