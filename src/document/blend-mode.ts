/**
 * The 27 blend modes of layers, by Photoshop's names in lower case, in the order and groups of its menu. (A group that
 * passes through is not a mode of blending: `GroupLayer.isolated` is false then.)
 */
export const BLEND_MODES = [
  'normal',
  'dissolve',
  'darken',
  'multiply',
  'color burn',
  'linear burn',
  'darker color',
  'lighten',
  'screen',
  'color dodge',
  'linear dodge',
  'lighter color',
  'overlay',
  'soft light',
  'hard light',
  'vivid light',
  'linear light',
  'pin light',
  'hard mix',
  'difference',
  'exclusion',
  'subtract',
  'divide',
  'hue',
  'saturation',
  'color',
  'luminosity',
] as const;

export type BlendMode = (typeof BLEND_MODES)[number];

/** The menu's groups: each opens with this mode and goes up to the next. */
export const BLEND_MODE_GROUPS: readonly BlendMode[] = [
  'normal',
  'darken',
  'lighten',
  'overlay',
  'difference',
  'hue',
];
