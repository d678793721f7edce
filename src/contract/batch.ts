import { z } from 'zod';

/** A folder that the person chose, named by an opaque token. */
export const chosenFolder = z.object({ token: z.string(), name: z.string() });

const batchId = z.string().min(1).max(64);

/** What the batch dialog may ask for; the rest is as `attune batch` has it by default. */
export const batchOrder = z.object({
  /** Tokens of two chosen folders. */
  folder: z.string(),
  output: z.string(),
  method: z.string().min(1).max(64),
  strength: z.number().min(0).max(1),
  invert: z.boolean(),
  /** Name of a result without extension: `{name}`, `{method}`. */
  template: z.string().min(1).max(200),
  existing: z.enum(['overwrite', 'skip', 'number']),
  format: z.enum(['keep', 'png', 'jpeg', 'webp', 'avif', 'tiff']),
  quality: z.number().int().min(1).max(100).nullable(),
  /** The longest side of the results at most, pixels. */
  size: z.number().int().min(1).max(65535).nullable(),
  /** Goes on with an interrupted batch of the same order. */
  resume: z.boolean(),
});
export type BatchOrder = z.infer<typeof batchOrder>;

const none = z.object({});

/** Folder jobs: prepare says what would be done, start does it, events tell how it goes. One at a time. */
export const batchRequests = {
  /** The folders chosen so far, and whether the host can ask for more. */
  'batch.folders': {
    input: none,
    output: z.object({ folders: z.array(chosenFolder), canChoose: z.boolean() }),
  },
  'batch.choose': {
    input: z.object({ title: z.string().max(100) }),
    output: z.object({ folder: chosenFolder.nullable() }),
  },
  'batch.prepare': {
    input: batchOrder,
    /** What was found and will be done, a line each, and how many pictures that is. */
    output: z.object({ id: batchId, lines: z.array(z.string()), pictures: z.number().int().nonnegative() }),
  },
  'batch.start': { input: z.object({ id: batchId }), output: none },
  /** Finishes the pictures in the works, or with `drop` drops them; `batch.ended` follows. */
  'batch.cancel': { input: z.object({ id: batchId, drop: z.boolean() }), output: none },
} as const;

export const batchEvents = {
  /** A picture is done with. */
  'batch.progress': z.object({
    id: batchId,
    done: z.number(),
    total: z.number(),
    /** 0..1, by the bytes of the files. */
    share: z.number(),
    perMinute: z.number().nullable(),
    /** Seconds. */
    left: z.number().nullable(),
    name: z.string(),
    /** What went wrong with it. */
    error: z.string().nullable(),
    /** Token of the result, when a window can show it. */
    result: z.string().nullable(),
  }),
  'batch.ended': z.object({
    id: batchId,
    /** The batch as a whole could not go on. */
    error: z.string().nullable(),
    done: z.number(),
    failed: z.number(),
    left: z.number(),
  }),
} as const;
