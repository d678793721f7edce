import { renderCoverage, renderDocument, documentView } from '../../compositor/render';
import { documentOf, placePicture } from '../../document/placement';
import type { Image, Mask } from '../../pixels/image';

/**
 * A cut-out in the middle of a background, made smaller to fit when it is larger, as the editor places a picture; and
 * the cut-out's coverage as mask.
 */
export function layOver(background: Image, cutout: Image): { composite: Image; mask: Mask } {
  const images = new Map([
    ['background', background],
    ['cutout', cutout],
  ]);
  const picture = (pixels: string, { width, height }: Image) => ({ pixels, name: pixels, width, height });
  const under = documentOf(picture('background', background), 'background');
  const layer = placePicture(under, picture('cutout', cutout), 'cutout');
  const document = {
    ...under,
    layers: { ...under.layers, cutout: layer },
    order: [...under.order, 'cutout'],
  };
  return {
    composite: renderDocument(document, images, documentView(document)),
    mask: renderCoverage(document, 'cutout', images),
  };
}
