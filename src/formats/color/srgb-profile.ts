import { SRGB_TO_XYZ, srgbToLinear } from './to-srgb';

const CURVE_POINTS = 1024;

/**
 * An sRGB profile (ICC version 2.1, matrix and curves), made here so that no file of anybody's has to be shipped:
 * about 2.5 KB, read by every program.
 */
export function srgbProfile(): Uint8Array {
  const colorant = (column: number) => xyz([0, 1, 2].map((row) => SRGB_TO_XYZ[3 * row + column]!));
  const curve = bytesOf(12 + 2 * CURVE_POINTS, (view, text) => {
    text(0, 'curv');
    view.setUint32(8, CURVE_POINTS);
    for (let i = 0; i < CURVE_POINTS; i++) {
      view.setUint16(12 + 2 * i, Math.round(65535 * srgbToLinear(i / (CURVE_POINTS - 1))));
    }
  });
  const tags: readonly (readonly [string, Uint8Array])[] = [
    ['desc', description('sRGB IEC61966-2.1')],
    ['cprt', bytesOf(8 + 14, (_, text) => (text(0, 'text'), text(8, 'Public domain')))],
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['rXYZ', colorant(0)],
    ['gXYZ', colorant(1)],
    ['bXYZ', colorant(2)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const parts = [...new Set(tags.map(([, part]) => part))];
  const starts = new Map<Uint8Array, number>();
  let length = 128 + 4 + 12 * tags.length;
  for (const part of parts) {
    starts.set(part, length);
    length = (length + part.length + 3) & ~3;
  }
  const profile = bytesOf(length, (view, text) => {
    view.setUint32(0, length);
    view.setUint32(8, 0x02100000);
    text(12, 'mntrRGB XYZ ');
    [2026, 1, 1].forEach((part, i) => view.setUint16(24 + 2 * i, part));
    text(36, 'acsp');
    // The illuminant of the connection space, D50.
    [0.9642, 1, 0.8249].forEach((v, i) => view.setInt32(68 + 4 * i, Math.round(v * 65536)));
    view.setUint32(128, tags.length);
    tags.forEach(([tag, part], i) => {
      text(132 + 12 * i, tag);
      view.setUint32(136 + 12 * i, starts.get(part)!);
      view.setUint32(140 + 12 * i, part.length);
    });
  });
  for (const [part, start] of starts) profile.set(part, start);
  return profile;
}

function xyz(values: readonly number[]): Uint8Array {
  return bytesOf(20, (view, text) => {
    text(0, 'XYZ ');
    values.forEach((v, i) => view.setInt32(8 + 4 * i, Math.round(v * 65536)));
  });
}

/** A text description of version 2: ASCII, and neither Unicode nor script. */
function description(name: string): Uint8Array {
  return bytesOf(12 + name.length + 1 + 8 + 3 + 67, (view, text) => {
    text(0, 'desc');
    view.setUint32(8, name.length + 1);
    text(12, name);
  });
}

function bytesOf(
  length: number,
  fill: (view: DataView, text: (at: number, characters: string) => void) => void,
): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer), (at, characters) => {
    for (let i = 0; i < characters.length; i++) bytes[at + i] = characters.charCodeAt(i);
  });
  return bytes;
}
