/**
 * The 27 blend modes of layers, by Photoshop's names, in the order of its menu. A mode's place here is its number in the
 * kernels (kernels/assembly).
 */
export const BLENDINGS = [
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

export type Blending = (typeof BLENDINGS)[number];

/** The eight modes to which fill is not opacity: it moves the source towards the colour that changes nothing. */
export const FILLED_APART: ReadonlySet<Blending> = new Set<Blending>([
  'color burn',
  'linear burn',
  'color dodge',
  'linear dodge',
  'vivid light',
  'linear light',
  'hard mix',
  'difference',
]);
