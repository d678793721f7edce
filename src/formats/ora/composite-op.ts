import type { BlendMode } from '../../document/blend-mode';

/**
 * The names of blend modes in OpenRaster: those of its specification, and for the rest those that Krita writes (other
 * programs take what they do not know as normal).
 */
const NAMES: Readonly<Record<BlendMode, string>> = {
  normal: 'svg:src-over',
  dissolve: 'krita:dissolve',
  darken: 'svg:darken',
  multiply: 'svg:multiply',
  'color burn': 'svg:color-burn',
  'linear burn': 'krita:linear_burn',
  'darker color': 'krita:darker color',
  lighten: 'svg:lighten',
  screen: 'svg:screen',
  'color dodge': 'svg:color-dodge',
  'linear dodge': 'svg:plus',
  'lighter color': 'krita:lighter color',
  overlay: 'svg:overlay',
  'soft light': 'svg:soft-light',
  'hard light': 'svg:hard-light',
  'vivid light': 'krita:vivid_light',
  'linear light': 'krita:linear light',
  'pin light': 'krita:pin_light',
  'hard mix': 'krita:hard_mix_photoshop',
  difference: 'svg:difference',
  exclusion: 'krita:exclusion',
  subtract: 'krita:subtract',
  divide: 'krita:divide',
  hue: 'svg:hue',
  saturation: 'svg:saturation',
  color: 'svg:color',
  luminosity: 'svg:luminosity',
};

const MODES = new Map(Object.entries(NAMES).map(([mode, name]) => [name, mode as BlendMode]));

export const compositeOpOf = (mode: BlendMode): string => NAMES[mode];

/** Null for a name that Attune does not know. */
export const modeOf = (compositeOp: string): BlendMode | null => MODES.get(compositeOp) ?? null;
