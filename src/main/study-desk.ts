import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Services } from '../contract/bridge';
import { toServiceError, type Reply } from '../contract/errors';
import { Fault } from '../pixels/fault';
import { readPage } from '../study/page';
import type { ChosenFolders } from './folders';
import type { OpenedFiles } from './opened';

/** The requests of the contract that are about studies. */
export type StudyServices = Pick<Services, Extract<keyof Services, `study.${string}`>>;

/** A page is a megabyte at most; more is something else. */
const MOST = 16 * 2 ** 20;
const PAGE = /^rater-(\d{1,19})\.html$/;

/** Lets a window show the pairs of a study. The key, which says what they show, is never read. */
export function openStudyDesk({
  folders,
  files,
}: {
  readonly folders: ChosenFolders;
  readonly files: OpenedFiles;
}): StudyServices {
  return {
    'study.open': ({ folder }) =>
      reply(async () => {
        const path = folders.pathOf(folder);
        const names = (await namesIn(path)).filter((name) => PAGE.test(name)).sort();
        if (names.length === 0) {
          throw new Fault(
            'not-found',
            'The folder holds no study.',
            'Choose one that attune study prepare made: it holds rater-01.html.',
          );
        }
        const pages = await Promise.all(names.map((name) => pageIn(path, name)));
        const other = pages.findIndex(({ study }) => study !== pages[0]!.study);
        if (other > 0) {
          throw new Fault(
            'unreadable',
            `${names[other]} is of another study than ${names[0]}.`,
            'Leave the pages of one study in the folder.',
          );
        }
        return {
          study: pages[0]!.study,
          pages: pages.map(({ page, trials }) => ({ page, pairs: trials.length })),
        };
      }),

    'study.page': ({ folder, page: wanted }) =>
      reply(async () => {
        const path = folders.pathOf(folder);
        if (!/^\d+$/.test(wanted)) throw new Fault('not-found', `The study has no page ${wanted}.`);
        const { study, page, trials } = await pageIn(path, `rater-${wanted}.html`);
        const tokens = new Map<string, string>();
        for (const name of new Set(trials.flatMap(({ pictures }) => pictures))) {
          const [opened] = await files.addOwn([join(path, name)]);
          tokens.set(name, opened!.token);
        }
        const pairs = trials.map(({ pair, left, pictures: [one, other] }) => ({
          pair,
          left,
          pictures: [tokens.get(one)!, tokens.get(other)!] as [string, string],
        }));
        return { study, page, pairs };
      }),
  };
}

async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    throw new Fault('unreadable', `The folder cannot be read (${error.code}).`, 'Choose it again.');
  });
}

async function pageIn(path: string, name: string) {
  const bytes = await readFile(join(path, name)).catch((error: NodeJS.ErrnoException) => {
    throw new Fault('unreadable', `${name} cannot be read (${error.code}).`, 'Choose the study again.');
  });
  return readPage(bytes.length > MOST ? '' : bytes.toString('utf8'), name);
}

async function reply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: toServiceError(thrown) };
  }
}
