import { changePixels, selectedPixels, type Action } from './action';
import type { LayerId, PixelId } from './records';
import { compose, shift } from './transform';

/** New pixels of a layer. */
export interface NewPixels {
  readonly pixels: PixelId;
  /** Their harmonized kin, where the layer is harmonized. */
  readonly harmonized: PixelId | null;
  readonly width: number;
  readonly height: number;
  /** Where their first pixel lies, in the layer's present pixels. */
  readonly x: number;
  readonly y: number;
}

/**
 * Gives the layer other pixels in the place of its own: it stays where it is. A layer whose pixels are locked stays as it
 * is, and so does a harmonized one without harmonized pixels to match.
 */
export const setPixels: Action<{ id: LayerId; to: NewPixels }> = {
  name: 'layer.pixels',
  label: 'Change pixels',
  icon: 'brush',
  shortcut: [],
  enabled: (document, session) => selectedPixels(document, session)?.locks.pixels === false,
  perform: (document, { id, to }) =>
    changePixels(document, id, (layer) => {
      const { harmonization } = layer;
      if (layer.locks.pixels || (harmonization && !to.harmonized)) return layer;
      if (![to.width, to.height].every((side) => Number.isSafeInteger(side) && side > 0)) return layer;
      if (![to.x, to.y].every(Number.isSafeInteger)) return layer;
      return {
        ...layer,
        pixels: to.pixels,
        width: to.width,
        height: to.height,
        transform: to.x === 0 && to.y === 0 ? layer.transform : compose(layer.transform, shift(to.x, to.y)),
        harmonization:
          harmonization && to.harmonized ? { ...harmonization, pixels: to.harmonized } : harmonization,
      };
    }),
};
