import type { Document } from '../document/records';
import { Fault } from '../pixels/fault';
import { isOra } from './ora/archive';
import { readOra } from './ora/read';
import { writeOra } from './ora/write';
import { isPsd } from './psd/container';
import type {
  OpenedProject,
  ProjectShelf,
  ProjectSource,
  ReadOptions,
  SavedProject,
  WriteOptions,
} from './project-file';
import { readPsdProject } from './psd/read';
import { writePsdProject } from './psd/write';

export type {
  Cancellation,
  Notice,
  OpenedProject,
  ProjectFormat,
  ProjectShelf,
  ProjectSource,
  ReadOptions,
  SavedProject,
  WriteOptions,
} from './project-file';

/** Whether the bytes (the first hundred are enough) begin as a project file does. */
export function isProject(bytes: Uint8Array): boolean {
  return isPsd(bytes) || isOra(bytes);
}

/**
 * Opens a PSD, PSB or OpenRaster file, told by its content. Pixels go to the shelf layer by layer; nothing of them is
 * held here. 8 bits, straight alpha, sRGB.
 *
 * @param name the file's, for messages.
 * @throws Fault `unreadable`, `unsupported`, `too-large` or `cancelled`, naming the file; never anything else.
 */
export async function readProject(
  bytes: Uint8Array,
  name: string,
  shelf: ProjectShelf,
  options: ReadOptions = {},
): Promise<OpenedProject> {
  try {
    if (isPsd(bytes)) return await readPsdProject(bytes, name, shelf, options);
    if (isOra(bytes)) return await readOra(bytes, name, shelf, options);
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Fault(
      'unreadable',
      `${name} is damaged: ${reason}.`,
      'Open it in the program that made it and save it again.',
    );
  }
  throw new Fault(
    'unsupported',
    `${name} is neither a Photoshop nor an OpenRaster file.`,
    'Save it as PSD or ORA in the program that made it.',
  );
}

/**
 * Saves a document as PSD, PSB or OpenRaster, with the flattened picture that other programs show.
 *
 * @throws Fault `document` when pixels are missing, `too-large`, `cancelled`.
 */
export function writeProject(
  document: Document,
  source: ProjectSource,
  options: WriteOptions,
): Promise<SavedProject> {
  return options.format === 'ora'
    ? writeOra(document, source, options)
    : writePsdProject(document, source, options);
}
