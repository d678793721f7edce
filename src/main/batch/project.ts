import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { documentView, renderCoverage, renderDocument } from '../../compositor/render';
import { removeHarmonization, setHarmonization } from '../../document/harmonize-actions';
import { layersUpTo } from '../../document/placement';
import type { Document, PixelLayer } from '../../document/records';
import { groupsAround, layersBottomUp } from '../../document/tree';
import { extensionOf } from '../../formats/image-formats';
import { readProject, writeProject, type ProjectFormat } from '../../formats/project';
import { CUT_AND_PASTE } from '../../harmonize/network';
import { prepare } from '../../harmonize/prepare';
import { Fault } from '../../pixels/fault';
import { multiply, scaling } from '../../pixels/matrix';
import { writeAtomically } from '../files/atomic';
import { NO_METADATA } from '../files/metadata';
import { lift } from '../lift';
import type { Harmonizer } from '../harmonizing';
import { makeFolder, rounded, writePicture } from './picture';
import { Shelf } from './shelf';
import type { BatchSettings, PictureResult, PictureWork } from './work';

/** Endings of layered projects, lower case with the dot. */
export const PROJECT_EXTENSIONS = ['.psd', '.psb', '.ora'] as const;

type ProjectWork = Extract<PictureWork, { kind: 'project' }>;

/** A document with one layer harmonized, and how that came about. */
interface HarmonizedDocument {
  readonly document: Document;
  readonly network: string | null;
  readonly device: string;
  readonly ms: { readonly network: number; readonly lift: number };
}

/**
 * One project of a batch: its top visible pixel layer, or the one that `settings.layer` names, is harmonized as the
 * editor does it, beside its own pixels; saved as a project of its kind, or flattened.
 *
 * @throws Fault that names the file.
 */
export async function workOnProject(
  harmonizer: Harmonizer,
  work: ProjectWork,
  settings: BatchSettings,
): Promise<PictureResult> {
  const { picture, output } = work;
  const started = performance.now();
  const shelf = new Shelf();
  const bytes = await readFile(picture).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      throw new Fault('not-found', `${picture} does not exist.`, 'Check the name and the folder.');
    }
    throw new Fault('unreadable', `${picture} cannot be read (${error.code}).`);
  });
  const opened = await readProject(bytes, picture, shelf);
  const decoded = performance.now();
  const done = await harmonizeLayer(harmonizer, opened.document, shelf, picture, settings);
  const lifted = performance.now();
  const saved = await save(output, done.document, shelf, settings);
  return {
    network: done.network,
    device: done.device,
    ...saved,
    ms: {
      decode: rounded(decoded - started),
      network: rounded(done.ms.network),
      lift: rounded(done.ms.lift),
      encode: rounded(performance.now() - lifted),
    },
    notices: [...opened.notices.map(({ message }) => `${basename(picture)}: ${message}`), ...saved.notices],
  };
}

async function harmonizeLayer(
  { registry, engine }: Harmonizer,
  given: Document,
  shelf: Shelf,
  path: string,
  settings: BatchSettings,
): Promise<HarmonizedDocument> {
  const { id } = chooseLayer(given, settings.layer, path);
  const own = removeHarmonization.perform(given, { id });
  const layer = own.layers[id] as PixelLayer;
  const { method, strength } = settings;
  if (method === CUT_AND_PASTE) {
    return { document: own, network: null, device: CUT_AND_PASTE, ms: { network: 0, lift: 0 } };
  }
  if (settings.invert) {
    throw new Fault(
      'usage',
      `${path}: a project’s layer is harmonized to what is around it, not the other way round.`,
      'Leave --invert out, or choose the background with --layer.',
    );
  }
  const started = performance.now();
  const composite = renderDocument(own, shelf, documentView(own), { layers: layersUpTo(own, id) });
  const info = registry.info(method);
  const input = inFile(path, layer.name, () => prepare(composite, renderCoverage(own, id, shelf), info));
  const prepared = performance.now();
  const result = await engine.run(input);
  const ran = performance.now();
  const source = shelf.get(layer.pixels)!;
  const image = await lift(
    {
      source,
      amount: null,
      strength: 1,
      toFrame: multiply(scaling(1 / own.width, 1 / own.height), layer.transform),
      input,
      result,
      method: settings.lift,
    },
    { threads: 0 },
  );
  const ms = { network: prepared - started + result.ms, lift: performance.now() - ran };
  const harmonization = {
    method,
    network: result.network,
    version: result.version,
    device: result.device,
    ms: rounded(ms.network + ms.lift),
    strength,
    enabled: true,
    pixels: shelf.image(image),
  };
  return {
    document: setHarmonization.perform(own, { id, harmonization }),
    network: registry.needs(method)?.name ?? null,
    device: result.device,
    ms,
  };
}

/** The top visible pixel layer, or the top one whose name fits the pattern. */
export function chooseLayer(document: Document, pattern: string | undefined, path: string): PixelLayer {
  const seen = layersBottomUp(document).filter(
    (layer): layer is PixelLayer =>
      layer.kind === 'pixels' &&
      layer.visible &&
      layer.opacity > 0 &&
      groupsAround(document, layer.id).every((group) => group.visible && group.opacity > 0),
  );
  const named = pattern === undefined ? seen : seen.filter(({ name }) => fits(name, pattern));
  const chosen = named.at(-1);
  if (chosen) return chosen;
  const names = seen.map(({ name }) => `“${name}”`).join(', ');
  throw new Fault(
    'document',
    pattern === undefined
      ? `${path} has no visible layer of pixels.`
      : `${path} has no visible layer of pixels named like “${pattern}”.`,
    names ? `There are: ${names}.` : '',
  );
}

/** Whether a name fits a pattern of `*` (anything) and `?` (one character), whatever the case. */
function fits(name: string, pattern: string): boolean {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  return new RegExp(`^${source}$`, 'isu').test(name);
}

function inFile<T>(path: string, layer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'mask') throw error;
    throw new Fault(
      'mask',
      `${path}: the layer “${layer}” shows nowhere or covers everything, so there is nothing to agree with.`,
      'Choose another layer with --layer.',
    );
  }
}

async function save(
  output: string,
  document: Document,
  shelf: Shelf,
  settings: BatchSettings,
): Promise<Pick<PictureResult, 'width' | 'height' | 'bytes' | 'notices'>> {
  const extension = extensionOf(output);
  const { width, height } = document;
  if (!(PROJECT_EXTENSIONS as readonly string[]).includes(extension)) {
    return writePicture(
      output,
      renderDocument(document, shelf, documentView(document)),
      settings,
      NO_METADATA,
    );
  }
  const { bytes, notices } = await writeProject(document, shelf, {
    format: extension.slice(1) as ProjectFormat,
  });
  await makeFolder(dirname(output));
  await writeAtomically(output, bytes);
  return {
    width,
    height,
    bytes: bytes.length,
    notices: notices.map(({ message }) => `${basename(output)}: ${message}`),
  };
}
