import type { Document, LayerId } from '../../document/records';
import { groupsAround, subtree } from '../../document/tree';
import { Fault } from '../../pixels/fault';
import { alphaMask, createImage, maskBounds } from '../../pixels/image';
import { keepPicture } from './decode';
import { flatten } from './flatten';
import { toImageData, type PixelShelf } from './pixel-shelf';
import type { MergedLayers } from './protocol';

/** Flattens layers (of groups, all that lies in them) by themselves, cut to what shows of them. */
export async function mergeLayers(
  document: Document,
  ids: readonly LayerId[],
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<MergedLayers> {
  const layers = ids.flatMap((id) => [
    ...subtree(document, id),
    ...groupsAround(document, id).map((group) => group.id),
  ]);
  const whole = await flatten(document, shelf, signal, { layers });
  const box = maskBounds(alphaMask(whole));
  if (!box) {
    throw new Fault('document', 'Nothing of these layers shows.', 'Show them, or delete them instead.');
  }
  const cut = createImage(box.width, box.height);
  for (let y = 0; y < box.height; y++) {
    const from = 4 * ((box.y + y) * whole.width + box.x);
    cut.data.set(whole.data.subarray(from, from + 4 * box.width), 4 * y * box.width);
  }
  const picture = await keepPicture(toImageData(cut), 'Merged', shelf);
  const { pixels, content, bytes, alpha, width, height } = picture;
  return { pixels, content, bytes, alpha, width, height, x: box.x, y: box.y };
}
