import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { checkFits, findFormat, formatOf } from '../formats/image-formats';
import type { LiftMethod } from '../harmonize/lift';
import { checkWritable } from '../main/files/atomic';
import { decodeImage } from '../main/files/decode';
import { decodeMask } from '../main/files/decode-mask';
import { encodeImage } from '../main/files/encode';
import { harmonizePicture } from '../main/harmonizing';
import { openRegistry } from '../main/inference/registry';
import { Fault } from '../pixels/fault';
import { checkMethod, runningOptions, tell, withEngine } from './running';

export const harmonizeOptions = runningOptions.extend({
  mask: z.string(),
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
  /** Milliseconds; `total` is the whole command's, start of the program and of the engine included. */
  readonly ms: Readonly<Record<'decode' | 'network' | 'lift' | 'encode' | 'total', number>>;
  readonly output: string;
}

/** `attune harmonize`: one composite, file to file. Throws Faults; nothing is left half-written. */
export async function harmonize(composite: string, options: HarmonizeOptions): Promise<void> {
  const output = options.output ?? besideInput(composite);
  const format = formatOf(output);
  const registry = await openRegistry();
  const method = options.method ?? registry.defaultName;
  checkMethod(registry, method);
  await checkWritable(output);
  const report = await withEngine(registry, options.device, async (harmonizer): Promise<HarmonizeReport> => {
    // The engine starts while the pictures are decoded; a network that cannot be loaded is told of by the run.
    if (method !== 'none') harmonizer.engine.warm(method).catch(() => undefined);
    const started = performance.now();
    const [picture, mask] = await Promise.all([decodeImage(composite), decodeMask(options.mask)]);
    const decoded = performance.now();
    const { width, height } = picture.image;
    checkFits(format, width, height);
    if (picture.pages > 1) tell(`${composite} has ${picture.pages} pages; the first is harmonized.`);
    const result = await harmonizePicture(harmonizer, picture.image, mask, {
      ...options,
      method,
      inPlace: true,
    }).catch((error: unknown) => {
      throw ofMask(options.mask, error);
    });
    const lifted = performance.now();
    const { flattened } = await encodeImage(output, result.image, { metadata: picture.metadata });
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
        decode: rounded(decoded - started),
        network: rounded(result.ms.network),
        lift: rounded(result.ms.lift),
        encode: rounded(ended - lifted),
        total: rounded(ended),
      },
      output,
    };
  });
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
