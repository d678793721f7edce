import { z } from 'zod';
import { CUT_AND_PASTE } from '../harmonize/network';
import { decodeImage } from '../main/files/decode';
import { decodeMask } from '../main/files/decode-mask';
import { harmonizePicture, type Harmonizer } from '../main/harmonizing';
import { openRegistry } from '../main/inference/registry';
import { foregroundMse, mse, psnr } from '../metrics/difference';
import { ssim } from '../metrics/ssim';
import { Fault } from '../pixels/fault';
import type { Image, Mask } from '../pixels/image';
import { findCases, type Case } from './cases';
import { checkMethod, runningOptions, tell, withEngine } from './running';

export const evaluateOptions = runningOptions.extend({
  methods: z.array(z.string()).optional(),
  identity: z.boolean().default(false),
});
export type EvaluateOptions = z.infer<typeof evaluateOptions>;

/** What is measured of one harmonized picture: errors on 0..255, ratios in dB. */
interface Scores {
  readonly mse: number;
  readonly psnr: number;
  readonly fmse: number;
  readonly ssim: number;
}

type CaseScores = { readonly case: string; readonly method: string } & Scores;

/** What `attune evaluate --json` writes. */
export interface Evaluation {
  /** How many cases. */
  readonly cases: number;
  /** Means over the cases; `ms` is the mean time of network and lifting. */
  readonly methods: Readonly<Record<string, Scores & { readonly ms: number }>>;
  readonly perCase: readonly CaseScores[];
}

/** `attune evaluate`: every method on every case, at full resolution on the 8-bit result. Throws Faults that name the case. */
export async function evaluate(folder: string, options: EvaluateOptions): Promise<void> {
  const registry = await openRegistry();
  const methods = options.methods ?? [CUT_AND_PASTE, ...registry.networks.map(({ name }) => name)];
  for (const method of methods) checkMethod(registry, method);
  const cases = await findCases(folder, options.identity);
  const rows: (CaseScores & { readonly ms: number })[] = [];
  await withEngine(registry, options.device, async (harmonizer) => {
    // Loading is no part of the time of the first case.
    for (const method of methods) if (method !== CUT_AND_PASTE) await harmonizer.engine.warm(method);
    for (const [index, one] of cases.entries()) {
      tell(`${index + 1}/${cases.length} ${one.name}`);
      try {
        const pictures = await decodeCase(one);
        for (const method of methods) {
          rows.push({ case: one.name, method, ...(await score(harmonizer, pictures, method, options.lift)) });
        }
      } catch (error) {
        throw ofCase(one.name, error);
      }
    }
  });
  const evaluation: Evaluation = {
    cases: cases.length,
    methods: Object.fromEntries(
      methods.map((method) => [method, means(rows.filter((row) => row.method === method))]),
    ),
    perCase: rows.map(({ case: name, method, mse, psnr, fmse, ssim }) => ({
      case: name,
      method,
      mse,
      psnr,
      fmse,
      ssim,
    })),
  };
  process.stdout.write(`${options.json ? JSON.stringify(evaluation) : table(evaluation)}\n`);
}

interface Pictures {
  readonly composite: Image;
  readonly mask: Mask;
  readonly real: Image;
}

async function decodeCase({ composite, mask, real }: Case): Promise<Pictures> {
  const [first, second, third] = await Promise.all([
    decodeImage(composite),
    decodeMask(mask),
    real === composite ? null : decodeImage(real),
  ]);
  const pictures = { composite: first.image, mask: second, real: (third ?? first).image };
  const size = (picture: { width: number; height: number }) => `${picture.width}×${picture.height}`;
  for (const [path, picture] of [
    [mask, pictures.mask],
    [real, pictures.real],
  ] as const) {
    if (size(picture) === size(pictures.composite)) continue;
    throw new Fault(
      'size-mismatch',
      `${path} is ${size(picture)} pixels, the composite ${size(pictures.composite)}.`,
      'Give pictures of the same size.',
    );
  }
  return pictures;
}

async function score(
  harmonizer: Harmonizer,
  { composite, mask, real }: Pictures,
  method: string,
  lift: EvaluateOptions['lift'],
): Promise<Scores & { ms: number }> {
  const options = { method, strength: 1, invert: false, lift };
  const { image, ms } = await harmonizePicture(harmonizer, composite, mask, options);
  const error = mse(image, real);
  return {
    mse: error,
    psnr: psnr(error),
    fmse: foregroundMse(image, real, mask),
    ssim: ssim(image, real),
    ms: ms.network + ms.lift,
  };
}

/** A fault with the case it is in. */
function ofCase(name: string, error: unknown): unknown {
  if (!(error instanceof Fault) || ['network-file', 'engine', 'cancelled'].includes(error.code)) return error;
  return new Fault(error.code, `The case ${name}: ${error.message}`, error.hint);
}

function means(rows: readonly (Scores & { ms: number })[]): Scores & { ms: number } {
  const mean = (key: keyof Scores | 'ms') => rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
  return { mse: mean('mse'), psnr: mean('psnr'), fmse: mean('fmse'), ssim: mean('ssim'), ms: mean('ms') };
}

/** Columns that line up, a row a method. */
function table({ cases, methods }: Evaluation): string {
  const head = ['method', 'MSE', 'PSNR', 'fMSE', 'SSIM', 'ms'];
  const body = Object.entries(methods).map(([name, row]) => [
    name,
    row.mse.toFixed(2),
    row.psnr.toFixed(2),
    row.fmse.toFixed(2),
    row.ssim.toFixed(4),
    row.ms.toFixed(1),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  ');
  return [`${cases} ${cases === 1 ? 'case' : 'cases'}`, '', ...[head, ...body].map(line)].join('\n');
}
