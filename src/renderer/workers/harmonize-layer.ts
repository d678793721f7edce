import { renderCoverage } from '../../compositor/render';
import { removeHarmonization } from '../../document/harmonize-actions';
import { layersUpTo } from '../../document/placement';
import type { Document, LayerId, PixelLayer, Selection } from '../../document/records';
import { pixelLayerOf } from '../../document/tree';
import { DEFAULT_LIFT } from '../../harmonize/lift';
import type { NetworkInfo, NetworkInput, NetworkResult } from '../../harmonize/network';
import { checkForeground, prepare } from '../../harmonize/prepare';
import { agreeWith, squashReference } from '../../harmonize/reference';
import { within } from '../../pixels/coverage';
import { Fault } from '../../pixels/fault';
import { invertMask } from '../../pixels/image';
import { multiply, scaling } from '../../pixels/matrix';
import { digest } from './decode';
import { flatten } from './flatten';
import { liftInPool } from './lift-pool';
import type { PixelShelf } from './pixel-shelf';
import type { LiftedPixels } from './protocol';
import { coverageOf } from './selecting';

function layerOf(document: Document, id: LayerId): PixelLayer {
  const layer = pixelLayerOf(document, id);
  if (!layer) throw new Fault('document', 'The layer is gone.', 'Undo, or choose another layer.');
  return layer;
}

/**
 * What the network sees of a layer: everything under it and the layer itself with its own colours, squashed, with the
 * layer's coverage (inverted: all but it) as mask. Layers above are left out: they are not what the layer has to agree with.
 * With a reference only that part of the background is there to agree with.
 */
export async function prepareLayer(
  document: Document,
  id: LayerId,
  { network, inverted, reference }: { network: NetworkInfo; inverted: boolean; reference: Selection | null },
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<NetworkInput> {
  const { name } = layerOf(document, id);
  // With the mask inverted it is what lies under the layer that gets new colours.
  const changed = inverted ? layersUpTo(document, id).filter((other) => other !== id) : [id];
  const own = changed.reduce((d, each) => removeHarmonization.perform(d, { id: each }), document);
  const composite = await flatten(own, shelf, signal, { layers: layersUpTo(own, id) });
  const coverage = renderCoverage(own, id, shelf);
  try {
    // The faults of the mask speak of the layer's own coverage.
    checkForeground(composite, coverage);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'mask') {
      const covered = coverage.data.some((value) => value > 0);
      throw covered
        ? new Fault(
            'mask',
            `Layer “${name}” covers the whole picture, so there is nothing around it to agree with.`,
            'Scale it down, or cut its background out first.',
          )
        : new Fault(
            'mask',
            `Layer “${name}” shows nowhere in the picture.`,
            'Move it into the picture and give it some opacity.',
          );
    }
    throw thrown;
  }
  const input = prepare(composite, inverted ? invertMask(coverage) : coverage, network);
  if (!reference) return input;
  const { width, height } = document;
  return agreeWith(
    input,
    squashReference(within(coverageOf(reference, shelf), { x: 0, y: 0, width, height }), input),
  );
}

/** Brings the network's answer to the layer's own pixels, at their full size; the new pixels lie on the shelf. */
export async function liftLayer(
  document: Document,
  id: LayerId,
  answer: { input: NetworkInput; result: NetworkResult },
  shelf: PixelShelf,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<LiftedPixels> {
  const layer = layerOf(document, id);
  const source = shelf.need(layer.pixels, layer.name);
  const data = await liftInPool(
    {
      source,
      amount: null,
      strength: 1,
      toFrame: multiply(scaling(1 / document.width, 1 / document.height), layer.transform),
      input: answer.input,
      result: answer.result,
      method: DEFAULT_LIFT,
    },
    signal,
    progress,
  );
  // Lifting is pure: the same source, place, input and answer give the same pixels, so hashing these names them.
  const made = JSON.stringify([
    layer.pixels,
    document.width,
    document.height,
    layer.transform,
    answer.result.network,
    answer.result.version,
    await digest(new Float32Array(answer.input.image)),
    await digest(new Float32Array(answer.result.data)),
  ]);
  const pixels = `${source.width}x${source.height}-${await digest(new TextEncoder().encode(made))}`;
  shelf.put(pixels, { width: source.width, height: source.height, data });
  return { pixels, bytes: data.length };
}
