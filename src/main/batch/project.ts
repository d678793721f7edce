import { extensionOf } from '../../formats/image-formats';
import { Fault } from '../../pixels/fault';
import type { Bench } from './picture';
import type { BatchSettings, PictureResult, PictureWork } from './work';

/** Endings of layered projects, lower case with the dot. */
export const PROJECT_EXTENSIONS = ['.psd', '.psb', '.ora'] as const;

type ProjectWork = Extract<PictureWork, { kind: 'project' }>;

/** A kind of project that can be worked on. */
export interface ProjectFormat {
  /** Lower case with the dot. */
  readonly extensions: readonly string[];
  /** Harmonizes one layer and writes the project, or its flattened picture. Throws Faults that name the file. */
  work(bench: Bench, work: ProjectWork, settings: BatchSettings): Promise<PictureResult>;
}

/** One project of a batch, by the reader of its kind. Throws a Fault `unsupported` when there is none. */
export async function workOnProject(
  bench: Bench,
  work: ProjectWork,
  settings: BatchSettings,
): Promise<PictureResult> {
  const extension = extensionOf(work.picture);
  const format = bench.projects.find(({ extensions }) => extensions.includes(extension));
  if (format) return format.work(bench, work, settings);
  throw new Fault(
    'unsupported',
    `${work.picture}: this Attune cannot read “${extension}” projects.`,
    'Save it as a picture with a mask.',
  );
}
