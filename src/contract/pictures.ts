import { z } from 'zod';

/** The most bytes of a file that a window hands to its host to be decoded, or to be kept among the recent ones. */
export const MAX_FILE = 480 << 20;
/** The most pixels that a host answers at once: four bytes each, in one message. */
export const MAX_DECODED = 130_000_000;

const block = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length <= 1 << 20, 'a block has 1 MiB at the most')
  .nullable();

/** What a picture file says beside its pixels ({@link import('../formats/metadata/picture-metadata').FileMetadata}). */
export const pictureMetadata = z.object({
  exif: block,
  xmp: block,
  iptc: block,
  density: z.number().positive().max(30_000).nullable(),
});

const fileBytes = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length <= MAX_FILE, `a file has ${MAX_FILE >> 20} MiB at the most`);
const fileName = z.string().min(1).max(255);
const side = z.number().int().min(1);

export const decodedFile = z
  .object({
    width: side,
    height: side,
    /** RGBA, 8 bits, straight alpha, sRGB, upright. */
    data: z.instanceof(Uint8ClampedArray),
    /** How many pages or frames the file has; the first was decoded. */
    pages: z.number().int().min(1),
    /** Bits of a sample in the file. */
    depth: z.union([z.literal(8), z.literal(16)]),
    metadata: pictureMetadata,
  })
  .refine(
    (file) => file.data.length === 4 * file.width * file.height,
    'data must have 4·width·height values',
  );
export type DecodedFile = z.infer<typeof decodedFile>;

export const recentId = z.string().regex(/^[0-9a-f]{64}$/);

/** A file that was opened or saved not long ago and can be opened now. */
export const recentFile = z.object({
  id: recentId,
  name: fileName,
  /** When it was opened or saved last, milliseconds since 1970. */
  at: z.number(),
  /** Attune's own copy of what was opened; else the file itself. */
  copy: z.boolean(),
  /** A small picture of it. */
  thumbnail: z.instanceof(Uint8Array),
});
export type RecentFile = z.infer<typeof recentFile>;

export const pictureRequests = {
  /** Decodes a picture file of a kind that browsers do not read. Hosts without a decoder refuse with what to do. */
  'picture.decode': { input: z.object({ name: fileName, bytes: fileBytes }), output: decodedFile },
  /** The recent files, the newest first; only those that can be opened now. */
  'recent.list': { input: z.object({}), output: z.object({ files: z.array(recentFile) }) },
  /** Puts a file on the list: by its token, or, where a window has only its content, as a copy. */
  'recent.keep': {
    input: z
      .object({
        name: fileName,
        thumbnail: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 100_000, 'too large'),
        token: z.string().max(64).nullable(),
        bytes: fileBytes.nullable(),
      })
      .refine((file) => (file.token === null) !== (file.bytes === null), 'a token or bytes, and not both'),
    output: z.object({}),
  },
  /** Lets the window read a recent file. */
  'recent.open': {
    input: z.object({ id: recentId }),
    output: z.object({ token: z.string(), name: z.string() }),
  },
  /** Empties the list, and deletes the copies. */
  'recent.clear': { input: z.object({}), output: z.object({}) },
} as const;
