import type { Blending } from '../blend-modes';

type Colour = readonly number[];

const least = (c: Colour) => Math.min(c[0]!, c[1]!, c[2]!);
const most = (c: Colour) => Math.max(c[0]!, c[1]!, c[2]!);
export const luminosity = (c: Colour) => 0.3 * c[0]! + 0.59 * c[1]! + 0.11 * c[2]!;

/** ClipColor of the PDF reference (ISO 32000-1, 11.3.5.3), as it stands there. */
function clipColour(colour: Colour): Colour {
  const light = luminosity(colour);
  const low = least(colour);
  const high = most(colour);
  let clipped = colour;
  if (low < 0) clipped = clipped.map((c) => light + ((c - light) * light) / (light - low));
  if (high > 1) clipped = clipped.map((c) => light + ((c - light) * (1 - light)) / (high - light));
  return clipped;
}

function setLuminosity(colour: Colour, light: number): Colour {
  const shift = light - luminosity(colour);
  return clipColour(colour.map((c) => c + shift));
}

/** SetSat: the least channel becomes 0, the most `span`, the one between keeps its place between them. */
function setSaturation(colour: Colour, span: number): Colour {
  const low = least(colour);
  const own = most(colour) - low;
  return colour.map((c) => (own > 1e-5 ? ((c - low) * span) / own : 0));
}

const saturation = (c: Colour) => most(c) - least(c);

/** The modes that take a colour whole: B(backdrop, source). */
export const TONES = {
  'darker color': (b: Colour, s: Colour): Colour => (luminosity(b) - luminosity(s) > 1e-5 ? s : b),
  'lighter color': (b: Colour, s: Colour): Colour => (luminosity(s) - luminosity(b) > 1e-5 ? s : b),
  hue: (b: Colour, s: Colour): Colour => setLuminosity(setSaturation(s, saturation(b)), luminosity(b)),
  saturation: (b: Colour, s: Colour): Colour => setLuminosity(setSaturation(b, saturation(s)), luminosity(b)),
  color: (b: Colour, s: Colour): Colour => setLuminosity(s, luminosity(b)),
  luminosity: (b: Colour, s: Colour): Colour => setLuminosity(b, luminosity(s)),
};

export function isTone(mode: Blending): mode is keyof typeof TONES {
  return mode in TONES;
}
