import { readIccProfile } from '../color/icc-profile';
import { conversionToSrgb, type ToSrgb } from '../color/to-srgb';
import { MODES, type PsdContainer } from './container';
import { resourceOf } from './flat';

const ICC = 1039;

/**
 * How the file's colours become sRGB, by the profile in it, which ag-psd leaves out: null when they are sRGB or nothing
 * is said, `unknown` for a profile that is no matrix with curves, nor one curve for a grey file.
 */
export function conversionOf(container: PsdContainer, bytes: Uint8Array): ToSrgb | null | 'unknown' {
  const found = resourceOf(container, bytes, ICC);
  if (!found) return null;
  const profile = readIccProfile(found);
  const isRgb = container.mode === MODES.rgb || container.mode === MODES.indexed;
  if (!profile || (profile.kind === 'rgb') !== isRgb) return 'unknown';
  return conversionToSrgb(profile);
}
