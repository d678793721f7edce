import { z } from 'zod';
import { imageFormats } from '../../formats/image-formats';
import { liftMethods } from '../../harmonize/lift';

const formatNames = imageFormats.map(({ name }) => name);

/** What is done to every picture of a batch. Plain data: it goes to threads, into the journal and over a queue. */
export const batchSettings = z.object({
  /** A method of `attune harmonize`. */
  method: z.string().min(1).max(64),
  strength: z.number().min(0).max(1),
  invert: z.boolean(),
  lift: z.enum(liftMethods),
  /** The format of every output, or `keep`: the picture's own (PNG where Attune does not write it). */
  format: z.enum(['keep', ...formatNames]),
  /** 1..100, where the format knows it. */
  quality: z.number().int().min(1).max(100).optional(),
  lossless: z.boolean().optional(),
  /** The longest side of the output, pixels; larger results are made smaller. */
  size: z.number().int().min(1).max(65535).optional(),
  /** Projects: the layer to harmonize by its name, `*` and `?` allowed; otherwise the top visible pixel layer. */
  layer: z.string().min(1).max(255).optional(),
  /** Projects are saved as one picture instead of as projects. */
  flatten: z.boolean(),
});
export type BatchSettings = z.infer<typeof batchSettings>;

const path = z.string().min(1).max(32_767);

/** One picture of a batch: what to read and where to write. Paths are absolute. Plain data, like the settings. */
export const pictureWork = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pair'), picture: path, mask: path, output: path }),
  /** A cut-out, laid in the middle of a background; its alpha is the mask. */
  z.object({ kind: z.literal('cutout'), picture: path, background: path, output: path }),
  z.object({ kind: z.literal('project'), picture: path, output: path }),
]);
export type PictureWork = z.infer<typeof pictureWork>;

/** The files that a picture is made of. */
export function inputsOf(work: PictureWork): string[] {
  if (work.kind === 'pair') return [work.picture, work.mask];
  return work.kind === 'cutout' ? [work.picture, work.background] : [work.picture];
}

/** How a picture came out. Times are milliseconds. */
export const pictureResult = z.object({
  /** Null for methods without a network. */
  network: z.string().nullable(),
  device: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Length of the output file. */
  bytes: z.number().int().nonnegative(),
  ms: z.object({ decode: z.number(), network: z.number(), lift: z.number(), encode: z.number() }),
  /** What a person should know of it: pages left out, transparency lost. */
  notices: z.array(z.string()),
});
export type PictureResult = z.infer<typeof pictureResult>;
