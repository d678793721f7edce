import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { checkFits, findFormat, formatOf } from '../formats/image-formats';
import type { LiftMethod } from '../harmonize/lift';
import { CUT_AND_PASTE } from '../harmonize/network';
import { checkForeground } from '../harmonize/prepare';
import { checkWritable } from '../main/files/atomic';
import { decodeMask } from '../main/files/decode-mask';
import { encodeImage, rowsAsWritten } from '../main/files/encode';
import { type Harmonizer, prepareForeground, prepareReference, startHarmonizing } from '../main/harmonizing';
import type { Engine } from '../main/inference/engine-client';
import { openRegistry } from '../main/inference/registry';
import { warmLift } from '../main/lift';
import { Fault } from '../pixels/fault';
import type { Rows } from '../pixels/image';
import type { Ahead } from './harmonize-ahead';
import { checkMethod, runningOptions, tell, withEngine } from './running';

export const harmonizeOptions = runningOptions.extend({
  mask: z.string(),
  reference: z.string().optional(),
  output: z.string().optional(),
  method: z.string().optional(),
  strength: z.number().min(0).max(1),
  invert: z.boolean().default(false),
});
export type HarmonizeOptions = z.infer<typeof harmonizeOptions>;

/** What `attune harmonize --json` writes. */
export interface HarmonizeReport {
  readonly method: string;
  /** Null for a method without a network: `none` and most classical ones. */
  readonly network: string | null;
  /** `none` for the method `none`. */
  readonly device: string;
  /** How a network's picture was brought to full size; null when there was none to bring. */
  readonly lift: LiftMethod | null;
  readonly width: number;
  readonly height: number;
  /**
   * Milliseconds; `total` is the whole command's, start of the program and of the engine included. Stages overlap, each
   * counts from the end of the one before: `encode` is what the file still took when the last pixel was lifted. `decode`
   * and `network` (squashing, and the run itself) are their own time.
   */
  readonly ms: Readonly<Record<'decode' | 'network' | 'lift' | 'encode' | 'total', number>>;
  readonly output: string;
}

/**
 * `attune harmonize`: one composite, file to file; `ahead`: what was begun for it. Throws Faults; nothing is left
 * half-written.
 */
export async function harmonize(composite: string, options: HarmonizeOptions, ahead: Ahead): Promise<void> {
  const output = options.output ?? besideInput(composite);
  const format = formatOf(output);
  const registry = await openRegistry();
  const method = options.method ?? registry.defaultName;
  checkMethod(registry, method);
  await checkWritable(output);
  const work = async (harmonizer: Harmonizer & { readonly engine: Engine }): Promise<HarmonizeReport> => {
    // The network is loaded while the pictures are decoded; one that cannot be loaded is told of by the run.
    if (method !== CUT_AND_PASTE) harmonizer.engine.warm(method).catch(() => undefined);
    // What concerns the mask alone is done while the composite is decoded.
    const { reference: path, ...rest } = options;
    const [picture, foreground, region] = await Promise.all([
      ahead.picture,
      ahead.mask.then((mask) => {
        if (method !== CUT_AND_PASTE) warmLift(mask, true);
        return prepareForeground(harmonizer, mask, { ...options, method });
      }),
      path === undefined ? undefined : decodeMask(path),
    ]);
    const decoded = performance.now();
    const { image, metadata, hadAlpha } = picture;
    const { width, height } = image;
    checkFits(format, width, height);
    if (picture.pages > 1) tell(`${composite} has ${picture.pages} pages; the first is harmonized.`);
    try {
      checkForeground(image, foreground.mask, foreground.share);
    } catch (error) {
      throw ofMask(options.mask, error);
    }
    let reference: Float32Array | undefined;
    try {
      if (region) reference = prepareReference(harmonizer, region, foreground, method);
    } catch (error) {
      throw ofMask(path!, error);
    }
    try {
      const order = rowsAsWritten(output, image, metadata);
      const underWay = startHarmonizing(harmonizer, image, foreground, {
        ...rest,
        method,
        order,
        ...(reference ? { reference } : {}),
      });
      // The rows that are harmonized are written while the others still are lifted.
      const ready = (rows: Rows) => underWay.ready(rows);
      const writing = encodeImage(output, image, { metadata, ready, ...(hadAlpha ? {} : { opaque: true }) });
      writing.catch(() => undefined);
      const [result, lifted] = await underWay.done.then(
        (done) => [done, performance.now()] as const,
        async (error: unknown) => {
          await writing.catch(() => undefined);
          throw error;
        },
      );
      const { flattened } = await writing;
      if (flattened) tell(`${output}: ${format.label} holds no transparency; the picture is laid on white.`);
      const ended = performance.now();
      return {
        method,
        network: result.network,
        device: result.device,
        lift: result.lift,
        width,
        height,
        ms: {
          decode: rounded(decoded - ahead.began),
          network: rounded(result.ms.network),
          lift: rounded(result.ms.lift),
          encode: rounded(ended - lifted),
          total: rounded(ended),
        },
        output,
      };
    } catch (error) {
      throw ofMask(options.mask, error);
    }
  };
  const report = await withEngine(registry, options.device, work, ahead.engine);
  process.stdout.write(`${options.json ? JSON.stringify(report) : inWords(composite, report)}\n`);
}

/** `photo.jpg` → `photo-harmonized.jpg`; PNG when Attune does not write the input's format. */
export function besideInput(path: string): string {
  const extension = extname(path);
  const name = basename(path, extension);
  return join(dirname(path), `${name}-harmonized${findFormat(path) ? extension : '.png'}`);
}

/** The faults of a mask with the file they are in. */
function ofMask(path: string, error: unknown): unknown {
  if (!(error instanceof Fault) || (error.code !== 'mask' && error.code !== 'size-mismatch')) return error;
  return new Fault(error.code, `${path}: ${error.message}`, error.hint);
}

/** Tenths of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function inWords(composite: string, { method, device, width, height, ms, output }: HarmonizeReport) {
  const how = method === 'none' ? 'left as it is' : `harmonized with ${method} on ${device}`;
  return `${composite} (${width}×${height}) ${how} in ${(ms.total / 1000).toFixed(2)} s: ${output}`;
}
