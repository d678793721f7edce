import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../main/files/atomic';
import { Fault } from '../pixels/fault';
import { mergeRatings, readKey, readRatings, writeRatings, type Rating } from '../study/ratings';
import { report, reportCsv, reportText } from '../study/report';
import { tell } from './running';

export const mergeOptions = z.object({ output: z.string() });

export const reportOptions = z.object({
  pass: z.number().min(0).max(1),
  bootstrap: z.number().int().positive(),
  seed: z.number().int().nonnegative(),
  output: z.string().optional(),
  json: z.boolean().default(false),
});

/** `attune study merge`. Throws a Fault naming the file that cannot be read or contradicts another. */
export async function mergeFiles(
  files: readonly string[],
  { output }: z.infer<typeof mergeOptions>,
): Promise<void> {
  const merged = await readAll(files);
  await writeText(output, writeRatings(merged));
  const raters = new Set(merged.map(({ rater }) => rater)).size;
  process.stdout.write(
    `${merged.length} answers of ${raters} ${raters === 1 ? 'rater' : 'raters'}: ${output}\n`,
  );
}

/** `attune study report`. Throws a Fault when files do not fit each other or the answers cannot be ranked. */
export async function reportStudy(
  folder: string,
  files: readonly string[],
  options: z.infer<typeof reportOptions>,
): Promise<void> {
  const path = join(folder, 'key.csv');
  const key = readKey(await readText(path), path);
  const ratings = await readAll(files);
  const { pass, bootstrap: rounds, seed } = options;
  const made = report(key, ratings, { pass, rounds, seed });
  if (options.output !== undefined) {
    await writeText(options.output, reportCsv(made));
    tell(`Scores: ${options.output}`);
  }
  process.stdout.write(`${options.json ? JSON.stringify(made) : reportText(made)}\n`);
}

async function readAll(files: readonly string[]): Promise<Rating[]> {
  const read = await Promise.all(
    files.map(async (file) => ({ file, ratings: readRatings(await readText(file), file) })),
  );
  return mergeRatings(read);
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT';
    throw new Fault(
      missing ? 'not-found' : 'unreadable',
      `${path} ${missing ? 'does not exist' : `cannot be read (${error.code})`}.`,
      'Check the name and the folder.',
    );
  });
}

function writeText(path: string, text: string): Promise<void> {
  return writeAtomically(path, new TextEncoder().encode(text));
}
