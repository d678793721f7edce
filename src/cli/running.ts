import { z } from 'zod';
import { classicalMethods } from '../harmonize/classical/methods';
import { liftMethods } from '../harmonize/lift';
import { CUT_AND_PASTE } from '../harmonize/network';
import type { Harmonizer } from '../main/harmonizing';
import { parseOrder } from '../main/inference/devices';
import { openEngine, type Engine } from '../main/inference/engine-client';
import type { StartEngineProcess } from '../main/inference/engine-process';
import type { Registry } from '../main/inference/registry';
import { Fault } from '../pixels/fault';

/** Options that every command that runs networks has, as commander gives them. */
export const runningOptions = z.object({
  lift: z.enum(liftMethods),
  device: z.string().optional(),
  json: z.boolean().default(false),
});

/** Says something on standard error; standard output is for the result alone. */
export function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Throws a Fault: `usage` unless the method is known, `network-file` when the network that it needs is not there. */
export function checkMethod(registry: Registry, method: string): void {
  const known = [CUT_AND_PASTE, ...registry.networks.map(({ name }) => name), ...classicalMethods];
  if (known.includes(method)) return void (method === CUT_AND_PASTE || registry.needs(method));
  throw new Fault('usage', `There is no method “${method}”.`, `Known methods: ${known.join(', ')}.`);
}

/**
 * Calls `work` with a harmonizer whose engine ends with it; fallbacks are told on standard error. `start`: how its
 * process is started.
 */
export async function withEngine<T>(
  registry: Registry,
  device: string | undefined,
  work: (harmonizer: Harmonizer & { readonly engine: Engine }) => Promise<T>,
  start?: StartEngineProcess,
): Promise<T> {
  const engine = openEngine({
    registry,
    onNotice: tell,
    ...(device === undefined ? {} : { order: parseOrder(device) }),
    ...(start ? { start } : {}),
  });
  try {
    return await work({ registry, engine });
  } finally {
    engine.dispose();
  }
}
