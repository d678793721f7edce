import type { Image, Mask } from '../pixels/image';
import type { NetworkInfo, NetworkInput } from './network';

/**
 * Squashes a composite and its mask to what `network` sees. Throws a Fault when the sizes differ (both named), when
 * the mask has no foreground or nothing but foreground.
 */
export declare function prepare(composite: Image, mask: Mask, network: NetworkInfo): NetworkInput;
