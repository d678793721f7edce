import type { LiftMethod } from '../harmonize/lift';
import { CUT_AND_PASTE, type CancelSignal } from '../harmonize/network';
import { checkForeground, prepare } from '../harmonize/prepare';
import { invertMask, type Image, type Mask } from '../pixels/image';
import { scaling } from '../pixels/matrix';
import type { Engine } from './inference/engine-client';
import type { Registry } from './inference/registry';
import { lift, warmLift } from './lift';

export interface HarmonizingOptions {
  /** A network's name, a classical method's, or `none`. */
  readonly method: string;
  /** 0..1: how much of the change. */
  readonly strength: number;
  /** Harmonizes the background to the foreground instead. */
  readonly invert: boolean;
  /** How an image result is brought to full size. */
  readonly lift: LiftMethod;
  /** How many threads lift; see `LiftOptions`. */
  readonly threads?: number;
  /** The composite's pixels are not needed any more: the result is written over them. */
  readonly inPlace?: boolean;
  readonly signal?: CancelSignal;
}

/** A harmonized picture and how it came about. */
export interface Harmonized {
  readonly image: Image;
  /** The network that ran; null for a method without one. */
  readonly network: string | null;
  /** The device that it ran on; `none` for `none`. */
  readonly device: string;
  /** How an image result was brought to full size; null for results that are applied pixel by pixel, and for `none`. */
  readonly lift: LiftMethod | null;
  /**
   * Milliseconds. `network`: squashing the picture, and the run itself; starting the engine and loading the network's
   * file, which the first picture waits for, are not in it. `lift`: bringing the result to full size.
   */
  readonly ms: { readonly network: number; readonly lift: number };
}

/** What harmonizing needs of the program. */
export interface Harmonizer {
  readonly registry: Registry;
  readonly engine: Pick<Engine, 'run'>;
}

/**
 * Harmonizes the foreground of a composite at full size: squash, network, lift. Pixels whose mask is 0 stay
 * bit-identical, alpha always. The result's pixels may be the composite's own (`none`, `inPlace`), so write into neither.
 *
 * @throws Fault `usage` (no such network), `size-mismatch`, `mask` (no foreground, or nothing else), `network-file`,
 * `engine`, `cancelled`.
 */
export async function harmonizePicture(
  { registry, engine }: Harmonizer,
  composite: Image,
  mask: Mask,
  options: HarmonizingOptions,
): Promise<Harmonized> {
  if (options.method === CUT_AND_PASTE) {
    checkForeground(composite, mask);
    const ms = { network: 0, lift: 0 };
    return { image: composite, network: null, device: CUT_AND_PASTE, lift: null, ms };
  }
  const info = registry.info(options.method);
  const started = performance.now();
  // The faults of the mask speak of the mask as it was given.
  if (options.invert) checkForeground(composite, mask);
  const amount = options.invert ? invertMask(mask) : mask;
  if (options.threads === undefined) warmLift(composite);
  const input = prepare(composite, amount, info);
  const prepared = performance.now();
  const result = await engine.run(input, options.signal);
  const ran = performance.now();
  const image = await lift(
    {
      source: composite,
      amount,
      strength: options.strength,
      toFrame: scaling(1 / composite.width, 1 / composite.height),
      input,
      result,
      method: options.lift,
    },
    {
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      ...(options.inPlace ? { inPlace: true } : {}),
    },
  );
  return {
    image,
    network: registry.needs(options.method)?.name ?? null,
    device: result.device,
    lift: result.kind === 'image' ? options.lift : null,
    ms: { network: prepared - started + result.ms, lift: performance.now() - ran },
  };
}
