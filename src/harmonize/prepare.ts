import { squashImage, squashMask } from '../pixels/area';
import { Fault } from '../pixels/fault';
import { sumOf } from '../pixels/greys';
import { type Box, type Image, type Mask, maskBounds } from '../pixels/image';
import type { NetworkInfo, NetworkInput } from './network';

/** A mask counts as foreground, or as background, from this share of the picture on: half a pixel in a million. */
const LEAST_SHARE = 5e-7;

/**
 * Squashes a composite and its mask to what `network` sees. Throws a Fault when the sizes differ (both named), when
 * the mask has no foreground or nothing but foreground.
 */
export function prepare(composite: Image, mask: Mask, network: NetworkInfo): NetworkInput {
  checkForeground(composite, mask);
  return prepareWith(composite, squashedMask(mask, network), network);
}

/** All that harmonizing makes of a mask alone: it can be made while the composite is not there yet. */
export interface PreparedMask {
  readonly mask: Mask;
  /** The share of the picture that is foreground, 0..1. */
  readonly share: number;
  /** The smallest box around the foreground; null where there is none. */
  readonly box: Box | null;
  /** At the network's size, 0..255. */
  readonly plane: Float32Array;
}

export function prepareMask(mask: Mask, network: NetworkInfo): PreparedMask {
  return { mask, share: shareOf(mask), box: maskBounds(mask), plane: squashedMask(mask, network) };
}

/** As {@link prepare}, with a mask that was checked and is at the network's size. */
export function prepareWith(composite: Image, plane: Float32Array, network: NetworkInfo): NetworkInput {
  const { name, inputWidth: width, inputHeight: height } = network;
  return { network: name, width, height, image: squashImage(composite, width, height).data, mask: plane };
}

const squashedMask = (mask: Mask, { inputWidth, inputHeight }: NetworkInfo) =>
  squashMask(mask, inputWidth, inputHeight).data;

const shareOf = ({ data }: Mask) => sumOf(data) / (255 * data.length);

/**
 * Throws a Fault unless the mask fits the picture and divides it into a foreground and a background; `share`: its
 * foreground's, where it is known.
 */
export function checkForeground(composite: Image, mask: Mask, share = shareOf(mask)): void {
  if (composite.width !== mask.width || composite.height !== mask.height) {
    throw new Fault(
      'size-mismatch',
      `The mask is ${mask.width}×${mask.height} pixels, the picture ${composite.width}×${composite.height}.`,
      'Give a mask of the same size as the picture.',
    );
  }
  if (share < LEAST_SHARE) {
    throw new Fault(
      'mask',
      'The mask has no foreground: it is black everywhere.',
      'Paint what was pasted in white.',
    );
  }
  if (share > 1 - LEAST_SHARE) {
    throw new Fault(
      'mask',
      'The mask is all foreground: it is white everywhere, so there is nothing to harmonize with.',
      'Leave the background black.',
    );
  }
}
