import type { RequestOutput } from '../../contract/requests';
import { removeHarmonization, setHarmonization } from '../../document/harmonize-actions';
import { resizeImage } from '../../document/document-actions';
import type { Document, Harmonization, LayerId } from '../../document/records';
import { pixelLayerOf } from '../../document/tree';
import { CUT_AND_PASTE } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { seeded } from '../../pixels/random';
import { planStudy, type StudyPair } from '../../study/pairs';
import { report, type SetRanking } from '../../study/report';
import type { Comparison } from './comparing.svelte';
import type { Editor } from './editor.svelte';
import { infer, type OnStage, refusal, stopIfAborted } from './inferring';

/** The longest side of the pictures that are compared; larger documents are made smaller for it. */
const LONGEST = 4096;
const NAME = 'layer';

/** What one method makes of a layer, beside the document: nothing is changed yet. */
export interface Tried {
  readonly method: string;
  /** Null: the layer as it is. */
  readonly harmonization: Harmonization | null;
  readonly bytes: number;
  /** Address of the whole picture. */
  readonly url: string;
}

/**
 * Runs methods on a layer without changing the document. The pixels made lie in the studio until {@link settle}.
 * Rejects with a Fault; what was made until then is let go.
 */
export async function tryMethods(
  editor: Editor,
  { document, layer: id, methods }: { document: Document; layer: LayerId; methods: readonly string[] },
  signal: AbortSignal,
  onStage: (method: string, ...stage: Parameters<OnStage>) => void,
): Promise<Tried[]> {
  const refused = refusal(document, id);
  if (refused) throw refused;
  const tried: Tried[] = [];
  try {
    for (const method of methods) {
      tried.push(await tryOne(editor, document, id, method, signal, (...stage) => onStage(method, ...stage)));
    }
    return tried;
  } catch (thrown) {
    letGo(editor, tried, null);
    throw signal.aborted ? new Fault('cancelled', 'Comparing was cancelled.') : thrown;
  }
}

async function tryOne(
  { studio, bridge, info, harmonizing }: Editor,
  document: Document,
  id: LayerId,
  method: string,
  signal: AbortSignal,
  step: OnStage,
): Promise<Tried> {
  let harmonization: Harmonization | null = null;
  let bytes = 0;
  if (method !== CUT_AND_PASTE) {
    const reference = harmonizing.referenceOf(document, id);
    const asked = { document, layer: id, method, inverted: false, reference, signal, step };
    const run = await infer({ studio, bridge, info }, asked);
    step('lifting', 0);
    const lifted = await studio.call(
      'lift',
      { document, layer: id, input: run.input, result: run.result },
      { signal, progress: (done) => step('lifting', done) },
    );
    bytes = lifted.bytes;
    harmonization = { ...run.told(), strength: 1, pixels: lifted.pixels };
  }
  const own = removeHarmonization.perform(document, { id });
  const made = harmonization ? setHarmonization.perform(own, { id, harmonization }) : own;
  const scale = Math.min(1, LONGEST / Math.max(made.width, made.height));
  const sized = resizeImage.perform(made, {
    width: Math.max(1, Math.round(made.width * scale)),
    height: Math.max(1, Math.round(made.height * scale)),
    resolution: made.resolution,
  });
  const shown = scale < 1 ? sized : made;
  const picture = await studio.call(
    'export',
    { document: shown, format: 'png', quality: 1, metadata: false },
    { signal },
  );
  stopIfAborted(signal);
  return { method, harmonization, bytes, url: URL.createObjectURL(picture) };
}

/** Lets go of what was made, but for the chosen result. */
export function letGo(editor: Editor, tried: readonly Tried[], chosen: Tried | null): void {
  const kept = chosen?.harmonization?.pixels;
  const pixels = new Set(tried.flatMap(({ harmonization }) => harmonization?.pixels ?? []));
  for (const id of pixels) if (id !== kept) editor.discard(id);
  for (const { url } of tried) URL.revokeObjectURL(url);
}

/** Gives the layer the chosen result, as one step; false when the layer is not what it was. */
export function take(
  editor: Editor,
  document: Document,
  id: LayerId,
  { harmonization, bytes }: Tried,
): boolean {
  const now = editor.document && pixelLayerOf(editor.document, id);
  if (!now || now.pixels !== pixelLayerOf(document, id)?.pixels) return false;
  if (harmonization) {
    editor.noteBytes(harmonization.pixels, bytes);
    editor.perform(setHarmonization, { id, harmonization });
  } else {
    editor.perform(removeHarmonization, { id });
  }
  return true;
}

/** Every pair of the results once, in random order with random sides; and what each pair shows. */
export function pairsOf(
  tried: readonly Tried[],
  seed: number,
): { key: readonly StudyPair[]; asked: RequestOutput<'study.page'> } {
  const many = (tried.length * (tried.length - 1)) / 2;
  const { pairs, pages } = planStudy({
    cases: [{ set: NAME, name: NAME }],
    methods: tried.map(({ method }) => method),
    sanity: [],
    raters: 1,
    perRater: many,
    sanityPerRater: 0,
    seed: Math.floor(seeded(seed)() * 2 ** 31),
  });
  const urlOf = (method: string) => tried.find((one) => one.method === method)!.url;
  const asked = pages[0]!.map(({ pair: id, left }) => {
    const { first, second } = pairs.find((one) => one.id === id)!;
    const pictures: [string, string] = [urlOf(first), urlOf(second)];
    if (left === 'second') pictures.reverse();
    return { pair: id, left, pictures };
  });
  return { key: pairs, asked: { study: NAME, page: '1', pairs: asked } };
}

/** The methods ranked by the choices, best first; null as long as nothing was chosen. Scores as in a study's report. */
export function rankingOf(key: readonly StudyPair[], comparison: Comparison): SetRanking['methods'] | null {
  if (comparison.pair !== null) return null;
  const settings = { pass: 0, rounds: 10, seed: 1 };
  const { rankings } = report({ study: comparison.study, pairs: key }, comparison.ratings, settings);
  return rankings.at(-1)!.methods;
}
