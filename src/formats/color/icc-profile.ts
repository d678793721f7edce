import { ByteReader } from '../psd/bytes';

/** What a profile says of the colours of a file, as far as it can be followed without tables of more dimensions. */
export type IccProfile =
  | {
      readonly kind: 'rgb';
      /** Encoded 0..1 → linear 0..1, for red, green and blue. */
      readonly curves: readonly [Curve, Curve, Curve];
      /** Linear RGB → XYZ under D50, row by row. */
      readonly toXyz: Matrix3;
    }
  | { readonly kind: 'grey'; readonly curve: Curve };

export type Curve = (encoded: number) => number;
/** Nine numbers, row by row. */
export type Matrix3 = readonly number[];

/**
 * Reads a matrix/TRC or grey profile (ICC.1:2022, 8.3.3, 8.4.3, 10.6, 10.18). Null when the bytes are no profile, or
 * one of another kind (look-up tables, CMYK, Lab).
 */
export function readIccProfile(bytes: Uint8Array): IccProfile | null {
  try {
    const reader = new ByteReader(bytes, 'The colour profile');
    reader.skip(16);
    const space = reader.tag();
    const connection = reader.tag();
    reader.skip(36 - 24);
    if (reader.tag() !== 'acsp' || connection !== 'XYZ ') return null;
    reader.offset = 128;
    const tags = new Map<string, Uint8Array>();
    for (let left = Math.min(reader.u32(), 200); left > 0; left--) {
      const tag = reader.tag();
      const start = reader.u32();
      const length = reader.u32();
      if (start + length <= bytes.length) tags.set(tag, bytes.subarray(start, start + length));
    }
    if (space === 'GRAY') {
      const curve = readCurve(tags.get('kTRC'));
      return curve && { kind: 'grey', curve };
    }
    if (space !== 'RGB ' || tags.has('A2B0')) return null;
    const [r, g, b] = ['rTRC', 'gTRC', 'bTRC'].map((tag) => readCurve(tags.get(tag)));
    const [x, y, z] = ['rXYZ', 'gXYZ', 'bXYZ'].map((tag) => readXyz(tags.get(tag)));
    if (!r || !g || !b || !x || !y || !z) return null;
    return {
      kind: 'rgb',
      curves: [r, g, b],
      toXyz: [0, 1, 2].flatMap((row) => [x[row]!, y[row]!, z[row]!]),
    };
  } catch {
    return null;
  }
}

/** A number of 16 bits before the point and 16 after it. */
const fixed = (reader: ByteReader) => reader.i32() / 65536;

function readXyz(bytes: Uint8Array | undefined): number[] | null {
  if (!bytes) return null;
  const reader = new ByteReader(bytes, 'The colour profile');
  if (reader.tag() !== 'XYZ ') return null;
  reader.skip(4);
  return [fixed(reader), fixed(reader), fixed(reader)];
}

function readCurve(bytes: Uint8Array | undefined): Curve | null {
  if (!bytes) return null;
  const reader = new ByteReader(bytes, 'The colour profile');
  const type = reader.tag();
  reader.skip(4);
  if (type === 'curv') return tableCurve(reader);
  return type === 'para' ? parametricCurve(reader) : null;
}

function tableCurve(reader: ByteReader): Curve {
  const count = reader.u32();
  if (count === 0) return (v) => v;
  if (count === 1) {
    const gamma = reader.u16() / 256;
    return (v) => v ** gamma;
  }
  const samples = reader.section(2 * count);
  const table = Float64Array.from({ length: count }, () => samples.u16() / 65535);
  return (v) => {
    const at = v * (count - 1);
    const low = Math.min(Math.floor(at), count - 2);
    return table[low]! + (at - low) * (table[low + 1]! - table[low]!);
  };
}

/** ICC.1:2022, table 68; parameters g a b c d e f. */
function parametricCurve(reader: ByteReader): Curve | null {
  const type = reader.u16();
  reader.skip(2);
  const count = [1, 3, 4, 5, 7][type];
  if (count === undefined) return null;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, () =>
    fixed(reader),
  );
  const power = (v: number) => Math.max(0, a * v + b) ** g;
  if (type === 0) return (v) => v ** g;
  if (type === 1) return (v) => (v >= -b / a ? power(v) : 0);
  if (type === 2) return (v) => (v >= -b / a ? power(v) + c : c);
  return (v) => (v >= d ? power(v) + e : c * v + f);
}
