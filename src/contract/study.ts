import { z } from 'zod';

const folder = z.string().max(64);
const pageName = z.string().min(1).max(20);
const token = z.string().max(64);

/** A question of a rater: two pictures, by the tokens under which a window may read them. */
export const askedPair = z.object({
  pair: z.string(),
  /** Which of the pair's two pictures is on the left. */
  left: z.enum(['first', 'second']),
  /** Left and right. */
  pictures: z.tuple([token, token]),
});
export type AskedPair = z.infer<typeof askedPair>;

/** Studies that `attune study prepare` made, in folders that the person chose (`batch.folders`, `batch.choose`). */
export const studyRequests = {
  /** The raters' pages of a study, and how many pairs each asks. */
  'study.open': {
    input: z.object({ folder }),
    output: z.object({
      study: z.string(),
      pages: z.array(z.object({ page: pageName, pairs: z.number().int().nonnegative() })),
    }),
  },
  /** What a page asks, in order. What the pairs show stays untold. */
  'study.page': {
    input: z.object({ folder, page: pageName }),
    output: z.object({ study: z.string(), page: pageName, pairs: z.array(askedPair) }),
  },
} as const;
