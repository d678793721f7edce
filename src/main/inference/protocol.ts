import { z } from 'zod';
import { serviceError } from '../../contract/errors';
import { networkInput, networkResult, sceneResult } from '../../contract/requests';
import type { NetworkInput, NetworkResult, SceneResult } from '../../harmonize/network';
import { devices } from './devices';
import { networkSpec } from './registry';

/** What goes to the engine process and comes from it; the same over a Node child's IPC and Electron's message port. */

const id = z.number().int().nonnegative();
const device = z.enum(devices);
const passedOver = z.object({ device, reason: z.string() });

export const toEngine = z.object({
  id,
  /** The network that the method runs; null: a classical method without one. */
  spec: networkSpec.nullable(),
  folder: z.string(),
  /** The devices to try in order; null: the machine's own order. */
  order: z.array(device).nullable(),
  /** Devices that took an earlier engine process down. */
  lost: z.array(passedOver),
  /** Null: only load the network. */
  input: networkInput.nullable(),
});
/** {@link toEngine}, with arrays over any kind of memory. */
export type ToEngine = Omit<z.infer<typeof toEngine>, 'input'> & { input: NetworkInput | null };

export const fromEngine = z.discriminatedUnion('type', [
  /** A device is about to be tried: what is to blame if no more is heard. */
  z.object({ type: z.literal('trying'), id, device, stage: z.enum(['loading', 'running']) }),
  z.object({ type: z.literal('loaded'), id, device, fellBack: z.array(z.string()) }),
  z.object({ type: z.literal('ran'), id, result: z.union([networkResult, sceneResult]) }),
  z.object({ type: z.literal('failed'), id, error: serviceError }),
]);
type Ran = { type: 'ran'; id: number; result: NetworkResult | SceneResult };
export type FromEngine = Exclude<z.infer<typeof fromEngine>, { type: 'ran' }> | Ran;
