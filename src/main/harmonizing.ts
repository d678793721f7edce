import type { LiftMethod } from '../harmonize/lift';
import { CUT_AND_PASTE, type CancelSignal } from '../harmonize/network';
import { checkForeground, prepareMask, type PreparedMask, prepareWith } from '../harmonize/prepare';
import { agreeWith, checkReference, squashReference } from '../harmonize/reference';
import { Fault } from '../pixels/fault';
import { invertMask, type Image, type Mask, type Rows } from '../pixels/image';
import { scaling } from '../pixels/matrix';
import type { Engine } from './inference/engine-client';
import type { Registry } from './inference/registry';
import { lift, warmLift } from './lift';
import { RowsReady } from './lift/rows-ready';

export interface HarmonizingOptions {
  /** A network's name, a classical method's, or `none`. */
  readonly method: string;
  /** 0..1: how much of the change. */
  readonly strength: number;
  /** Harmonizes the background to the foreground instead. */
  readonly invert: boolean;
  /** The part of the background to agree with ({@link prepareReference}); absent: all of it. */
  readonly reference?: Float32Array;
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
  harmonizer: Harmonizer,
  composite: Image,
  mask: Mask,
  options: HarmonizingOptions,
): Promise<Harmonized> {
  const foreground = prepareForeground(harmonizer, mask, options);
  checkForeground(composite, mask, foreground.share);
  return run(harmonizer, composite, foreground, options);
}

/** A mask, and what harmonizing makes of it alone: it can be made while the composite is still being decoded. */
export interface Foreground {
  /** As it was given. */
  readonly mask: Mask;
  /** Its foreground's share, where that was looked at. */
  readonly share?: number;
  /** What takes how much of the change; null for the method `none`. */
  readonly prepared: PreparedMask | null;
  /** What preparing it took, milliseconds. */
  readonly ms: number;
}

/** Throws a Fault `usage` when there is no such method. */
export function prepareForeground(
  { registry }: Harmonizer,
  mask: Mask,
  { method, invert }: Pick<HarmonizingOptions, 'method' | 'invert'>,
): Foreground {
  if (method === CUT_AND_PASTE) return { mask, prepared: null, ms: 0 };
  const started = performance.now();
  const prepared = prepareMask(invert ? invertMask(mask) : mask, registry.info(method));
  const share = invert ? 1 - prepared.share : prepared.share;
  return { mask, share, prepared, ms: performance.now() - started };
}

/**
 * A mask of the part of the background to agree with (white counts), at the network's size; undefined for the method
 * `none`. Throws a Fault: `size-mismatch`, `mask` (empty, or wholly inside the foreground).
 */
export function prepareReference(
  { registry }: Harmonizer,
  reference: Mask,
  { mask, prepared }: Foreground,
  method: string,
): Float32Array | undefined {
  if (reference.width !== mask.width || reference.height !== mask.height) {
    throw new Fault(
      'size-mismatch',
      `The reference is ${reference.width}×${reference.height} pixels, the picture ${mask.width}×${mask.height}.`,
      'Give a reference of the same size as the picture.',
    );
  }
  if (!prepared) return undefined;
  const { inputWidth: width, inputHeight: height } = registry.info(method);
  const plane = squashReference(reference, { width, height });
  checkReference(prepared.plane, plane);
  return plane;
}

/** A harmonization under way: it writes over the composite's pixels, whose rows become final one after the other. */
export interface UnderWay {
  readonly done: Promise<Harmonized>;
  /** Resolves when the rows are final; rejects when harmonizing fails. */
  ready(rows: Rows): Promise<void>;
}

/**
 * As {@link harmonizePicture} with `inPlace`, for who can use rows before all are done; `order`: the rows of the picture
 * in the order in which they are wanted. Throws the faults of the mask at once.
 */
export function startHarmonizing(
  harmonizer: Harmonizer,
  composite: Image,
  foreground: Foreground,
  options: HarmonizingOptions & { readonly order: readonly Rows[] },
): UnderWay {
  checkForeground(composite, foreground.mask, foreground.share);
  const box = foreground.prepared?.box;
  const rows = new RowsReady(composite.height, box ? { from: box.y, to: box.y + box.height } : null);
  const done = run(harmonizer, composite, foreground, { ...options, inPlace: true, ready: rows });
  done.catch((error: unknown) => rows.fail(error));
  return { done, ready: (wanted) => rows.wait(wanted) };
}

async function run(
  { registry, engine }: Harmonizer,
  composite: Image,
  { prepared, ms }: Foreground,
  options: HarmonizingOptions & { readonly order?: readonly Rows[]; readonly ready?: RowsReady },
): Promise<Harmonized> {
  if (!prepared) {
    const none = { network: 0, lift: 0 };
    return { image: composite, network: null, device: CUT_AND_PASTE, lift: null, ms: none };
  }
  const info = registry.info(options.method);
  const started = performance.now();
  if (options.threads === undefined) warmLift(composite, options.ready !== undefined);
  const whole = prepareWith(composite, prepared.plane, info);
  const input = options.reference ? agreeWith(whole, options.reference) : whole;
  const squashed = performance.now();
  const result = await engine.run(input, options.signal);
  const ran = performance.now();
  const { signal, threads, inPlace, order, ready } = options;
  const image = await lift(
    {
      source: composite,
      amount: prepared.mask,
      strength: options.strength,
      toFrame: scaling(1 / composite.width, 1 / composite.height),
      input,
      result,
      method: options.lift,
    },
    {
      box: prepared.box,
      ...(signal ? { signal } : {}),
      ...(threads === undefined ? {} : { threads }),
      ...(inPlace ? { inPlace } : {}),
      ...(order ? { order } : {}),
      ...(ready ? { ready } : {}),
    },
  );
  return {
    image,
    network: registry.needs(options.method)?.name ?? null,
    device: result.device,
    lift: result.kind === 'image' ? options.lift : null,
    ms: { network: ms + squashed - started + result.ms, lift: performance.now() - ran },
  };
}
