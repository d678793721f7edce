import { z } from 'zod';
import { openRegistry, readNetwork } from '../main/inference/registry';
import { Fault } from '../pixels/fault';

export const modelsOptions = z.object({ json: z.boolean().default(false) });

/** `attune models`: the networks, the default first said so, each file checked. Throws the first broken file's Fault after the list. */
export async function models({ json }: z.infer<typeof modelsOptions>): Promise<void> {
  const registry = await openRegistry();
  const faults: Fault[] = [];
  const networks = [];
  for (const info of registry.networks) {
    const { file, bytes, license } = registry.resolve(info.name);
    const fault = await readNetwork(registry.folder, registry.resolve(info.name)).then(
      () => null,
      (error: unknown) => {
        if (error instanceof Fault) return error;
        throw error;
      },
    );
    if (fault) faults.push(fault);
    networks.push({ ...info, file, bytes, license: license ?? null, sound: fault === null });
  }
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ folder: registry.folder, default: registry.defaultName, networks })}\n`,
    );
  } else {
    const width = Math.max(...networks.map(({ name }) => name.length));
    for (const { name, title, inputWidth, inputHeight, bytes, isDefault, sound } of networks) {
      const size = `${inputWidth}×${inputHeight}, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
      const marks = [...(isDefault ? ['default'] : []), ...(sound ? [] : ['broken'])];
      process.stdout.write(
        `${name.padEnd(width)}  ${title} (${size})${marks.length ? `  ${marks.join(', ')}` : ''}\n`,
      );
    }
  }
  if (faults[0]) throw faults[0];
}
