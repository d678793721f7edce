import { Fault } from './fault';
import { checkImage, createImage, type Image, type Planes } from './image';
import { kernels } from './kernels';
import { linearOf, srgbOf } from './light';

/** Entries of the tables that stand for curves; the error is below 2·10⁻⁵. */
const ENTRIES = 8161;
const STRIP = 2 ** 12;

const tableOf = (curve: (value: number) => number) =>
  Float32Array.from({ length: ENTRIES }, (_, i) => curve(i / (ENTRIES - 1)));

/** CIE 15:2004: f of L*a*b*. */
const labCurve = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29);

let tables: { linear: Float32Array; srgb: Float32Array; lab: Float32Array } | null = null;
const curves = () =>
  (tables ??= { linear: tableOf(linearOf), srgb: tableOf(srgbOf), lab: tableOf(labCurve) });

/** Linear sRGB (IEC 61966-2-1) → XYZ relative to its own white (D65), three rows of (r, g, b, 1). */
const TO_XYZ = [
  0.4124564 / 0.95047,
  0.3575761 / 0.95047,
  0.1804375 / 0.95047,
  0,
  0.2126729,
  0.7151522,
  0.072175,
  0,
  0.0193339 / 1.08883,
  0.119192 / 1.08883,
  0.9503041 / 1.08883,
  0,
];
const FROM_XYZ = [
  3.2404542 * 0.95047,
  -1.5371385,
  -0.4985314 * 1.08883,
  0,
  -0.969266 * 0.95047,
  1.8760108,
  0.041556 * 1.08883,
  0,
  0.0556434 * 0.95047,
  -0.2040259,
  1.0572252 * 1.08883,
  0,
];
/** (f(x), f(y), f(z)) → (L*, a*, b*), and back. */
const TO_LAB = [0, 116, 0, -16, 500, -500, 0, 0, 0, 200, -200, 0];
const FROM_LAB = [1 / 116, 1 / 500, 0, 16 / 116, 1 / 116, 0, 0, 16 / 116, 1 / 116, 0, -1 / 200, 16 / 116];

interface Bench {
  readonly recombine: (rows: readonly number[]) => void;
  readonly tabulate: (table: Float32Array) => void;
  readonly cube: () => void;
}

/** Straight colours of the picture in planes, a strip at a time through `steps`; alpha is left out. */
function planesOf(image: Image, steps: (bench: Bench) => void): Planes {
  checkImage(image);
  const size = image.width * image.height;
  const data = new Float32Array(3 * size);
  inStrips(size, (block, bytes, from, pixels, bench) => {
    const { run, memory } = kernels();
    memory.bytes.set(image.data.subarray(4 * from, 4 * (from + pixels)), bytes);
    run.unpack(bytes, block, 4 * STRIP, Math.ceil(pixels / 4) * 4);
    run.straighten(block, 4 * STRIP, Math.ceil(pixels / 4) * 4);
    steps(bench);
    for (let c = 0; c < 3; c++) {
      const at = block / 4 + c * STRIP;
      data.set(memory.floats.subarray(at, at + pixels), c * size + from);
    }
  });
  return { width: image.width, height: image.height, channels: 3, data };
}

/** Planes back into a picture, with the alpha of `like`. */
function imageOf(planes: Planes, like: Image, steps: (bench: Bench) => void): Image {
  checkImage(like);
  const { width, height } = like;
  const size = width * height;
  if (planes.width !== width || planes.height !== height || planes.data.length !== 3 * size) {
    throw new Fault(
      'size-mismatch',
      `Planes of ${planes.width}×${planes.height}×${planes.channels} are not those of a picture of ${width}×${height}.`,
    );
  }
  const out = createImage(width, height);
  inStrips(size, (block, bytes, from, pixels, bench) => {
    const { run, memory } = kernels();
    for (let c = 0; c < 3; c++) {
      memory.floats.set(
        planes.data.subarray(c * size + from, c * size + from + pixels),
        block / 4 + c * STRIP,
      );
    }
    steps(bench);
    const count = Math.ceil(pixels / 4) * 4;
    run.fill(block + 12 * STRIP, 1, count);
    run.pack(block, 4 * STRIP, bytes, count);
    out.data.set(memory.bytes.subarray(bytes, bytes + 4 * pixels), 4 * from);
  });
  for (let i = 3; i < out.data.length; i += 4) out.data[i] = like.data[i]!;
  return out;
}

function inStrips(
  size: number,
  work: (block: number, bytes: number, from: number, pixels: number, bench: Bench) => void,
): void {
  const { run, memory } = kernels();
  memory.borrow([16 * STRIP, 4 * STRIP, 4 * ENTRIES], (block, bytes, table) => {
    for (let from = 0; from < size; from += STRIP) {
      const pixels = Math.min(STRIP, size - from);
      const count = Math.ceil(pixels / 4) * 4;
      const each = (kernel: (plane: number) => void) => {
        for (let c = 0; c < 3; c++) kernel(block + 4 * STRIP * c);
      };
      work(block, bytes, from, pixels, {
        recombine: (rows) => {
          memory.floats.set(rows, table / 4);
          run.recombine(block, 4 * STRIP, count, table);
        },
        tabulate: (entries) => {
          memory.floats.set(entries, table / 4);
          each((plane) => run.tabulate(plane, count, table, ENTRIES));
        },
        cube: () => each((plane) => run.cube(plane, count)),
      });
    }
  });
}

/** The picture in CIE L*a*b* (D65): L 0..100, a and b about −128..127; what is transparent counts as black. */
export function labOf(image: Image): Planes {
  const { linear, lab } = curves();
  return planesOf(image, ({ tabulate, recombine }) => {
    tabulate(linear);
    recombine(TO_XYZ);
    tabulate(lab);
    recombine(TO_LAB);
  });
}

/** A picture of L*a*b* planes with the alpha of `like`; colours outside sRGB are clipped. */
export function imageOfLab(planes: Planes, like: Image): Image {
  const { srgb } = curves();
  return imageOf(planes, like, ({ tabulate, recombine, cube }) => {
    recombine(FROM_LAB);
    cube();
    recombine(FROM_XYZ);
    tabulate(srgb);
  });
}

/** The picture in linear light, 0..1 (IEC 61966-2-1). */
export function linearLightOf(image: Image): Planes {
  return planesOf(image, ({ tabulate }) => tabulate(curves().linear));
}

/** A picture of planes of linear light with the alpha of `like`; what is beyond 0..1 is clipped. */
export function imageOfLinearLight(planes: Planes, like: Image): Image {
  return imageOf(planes, like, ({ tabulate }) => tabulate(curves().srgb));
}
