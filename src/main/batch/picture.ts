import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkFits, formatOf } from '../../formats/image-formats';
import { Fault } from '../../pixels/fault';
import type { Image, Mask } from '../../pixels/image';
import { decodeImage } from '../files/decode';
import { decodeMask } from '../files/decode-mask';
import { encodeImage } from '../files/encode';
import type { PictureMetadata } from '../files/metadata';
import { harmonizePicture, type Harmonizer } from '../harmonizing';
import { layOver } from './cutout';
import { workOnProject } from './project';
import { shrink } from './shrink';
import type { BatchSettings, PictureResult, PictureWork } from './work';

interface Composite {
  readonly composite: Image;
  readonly mask: Mask;
  readonly metadata: PictureMetadata;
  readonly notices: readonly string[];
}

/**
 * One picture of a batch, file to file, on this thread: what `attune harmonize` does. The output is written wholly or
 * not at all, its folder made.
 *
 * @throws Fault that names the file.
 */
export async function workOnPicture(
  harmonizer: Harmonizer,
  work: PictureWork,
  settings: BatchSettings,
): Promise<PictureResult> {
  if (work.kind === 'project') return workOnProject(harmonizer, work, settings);
  const started = performance.now();
  const { composite, mask, metadata, notices } =
    work.kind === 'pair'
      ? await readPair(work.picture, work.mask)
      : await readCutout(work.picture, work.background);
  const decoded = performance.now();
  const result = await harmonizePicture(harmonizer, composite, mask, { ...settings, threads: 0 }).catch(
    (error: unknown) => {
      throw ofMask(work.kind === 'pair' ? work.mask : work.picture, error);
    },
  );
  const lifted = performance.now();
  const written = await writePicture(work.output, result.image, settings, metadata);
  return {
    network: result.network,
    device: result.device,
    width: written.width,
    height: written.height,
    bytes: written.bytes,
    ms: {
      decode: rounded(decoded - started),
      network: rounded(result.ms.network),
      lift: rounded(result.ms.lift),
      encode: rounded(performance.now() - lifted),
    },
    notices: [...notices, ...written.notices],
  };
}

async function readPair(picture: string, maskPath: string): Promise<Composite> {
  const [{ image, metadata, pages }, mask] = await Promise.all([decodeImage(picture), decodeMask(maskPath)]);
  return { composite: image, mask, metadata, notices: ofPages(picture, pages) };
}

async function readCutout(picture: string, background: string): Promise<Composite> {
  const [cutout, under] = await Promise.all([decodeImage(picture), decodeImage(background)]);
  return {
    ...layOver(under.image, cutout.image),
    metadata: under.metadata,
    notices: ofPages(picture, cutout.pages),
  };
}

const ofPages = (path: string, pages: number) =>
  pages > 1 ? [`${path} has ${pages} pages; the first is harmonized.`] : [];

/** Encodes a result by the settings of the batch into a folder that is made when it is not there. */
export async function writePicture(
  output: string,
  image: Image,
  { size, quality, lossless }: BatchSettings,
  metadata: PictureMetadata,
): Promise<Pick<PictureResult, 'width' | 'height' | 'bytes' | 'notices'>> {
  const format = formatOf(output);
  const small = size === undefined ? image : shrink(image, size);
  checkFits(format, small.width, small.height);
  await makeFolder(dirname(output));
  const { flattened } = await encodeImage(output, small, {
    metadata,
    ...(quality === undefined ? {} : { quality }),
    ...(lossless === undefined ? {} : { lossless }),
  });
  return {
    width: small.width,
    height: small.height,
    bytes: (await stat(output)).size,
    notices: flattened
      ? [`${output}: ${format.label} holds no transparency; the picture is laid on white.`]
      : [],
  };
}

/** Makes a folder and those above it. Throws a Fault `write`. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const full = error.code === 'ENOSPC' ? 'The disk is full.' : `(${error.code})`;
    throw new Fault(
      'write',
      `The folder ${folder} cannot be made. ${full}`,
      'Make room, or choose another place.',
    );
  });
}

/** The faults of a mask with the file they are in. */
export function ofMask(path: string, error: unknown): unknown {
  if (!(error instanceof Fault) || (error.code !== 'mask' && error.code !== 'size-mismatch')) return error;
  return new Fault(error.code, `${path}: ${error.message}`, error.hint);
}

/** Tenths of a millisecond. */
export function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
