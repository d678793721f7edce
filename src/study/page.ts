import { z } from 'zod';
import { Fault } from '../pixels/fault';

/** A picture of a study: its name says nothing, and it lies in the study's folder and nowhere else. */
const picture = z.string().regex(/^pictures\/[0-9a-f]{16}\.png$/);

/** What a rater's page asks, in order; `pictures` are left and right, from the study's folder. */
export const studyPage = z.object({
  study: z.string().min(1).max(64),
  page: z.string().min(1).max(20),
  trials: z
    .array(
      z.object({
        pair: z.string().min(1).max(20),
        left: z.enum(['first', 'second']),
        pictures: z.tuple([picture, picture]),
      }),
    )
    .max(20_000),
});
export type StudyPage = z.infer<typeof studyPage>;

/** Where the page's template has its plan. */
const PLACE = '/*PLAN*/ null';

/** A rater's page: the template with the plan in it. */
export function writePage(template: string, page: StudyPage): string {
  // Nothing in it ends the script or its line.
  const words = JSON.stringify(page).replace(
    /[<\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return template.replace(PLACE, () => words);
}

/** The plan of a rater's page. Throws a Fault `unreadable` naming the file. */
export function readPage(html: string, file: string): StudyPage {
  const words = /const plan = (\{.*\});$/m.exec(html)?.[1];
  const parsed = studyPage.safeParse(words === undefined ? null : parse(words));
  if (parsed.success) return parsed.data;
  throw new Fault(
    'unreadable',
    `${file} is no page of a study, or not whole.`,
    'Give the folder as attune study prepare made it.',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
