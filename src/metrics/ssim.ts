import type { Image } from '../pixels/image';
import { checkSameSize } from './difference';

const SIGMA = 1.5;
/** The window is 11×11: five pixels each side. */
const RADIUS = 5;
const SIZE = 2 * RADIUS + 1;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
/** Maps that are filtered: x, y, x² + y², xy. */
const MAPS = 4;

/** The Gaussian's taps at distance 0..5, summing to 1 over the window. */
const taps = (() => {
  const weights = Array.from({ length: RADIUS + 1 }, (_, d) => Math.exp(-(d * d) / (2 * SIGMA * SIGMA)));
  const sum = weights.reduce((total, weight, d) => total + (d === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
})();

/**
 * The structural similarity index, at most 1 (Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error
 * visibility to structural similarity", 2004): an 11×11 Gaussian window of σ = 1.5, K₁ = 0.01, K₂ = 0.03, L = 255,
 * the mean over every window that lies wholly in the picture and over R, G and B; alpha takes no part. It is what
 * scikit-image computes with `gaussian_weights=True, sigma=1.5, use_sample_covariance=False, channel_axis=2`.
 * A picture with a side under 11 pixels is one window, evenly weighted.
 */
export function ssim(image: Image, truth: Image): number {
  checkSameSize(image, truth);
  const { width, height } = image;
  if (width < SIZE || height < SIZE) return ssimOfWhole(image, truth);
  const spans = differingSpans(image, truth);
  const columns = new Float64Array(MAPS * width);
  let lost = 0;
  for (let y = RADIUS; y < height - RADIUS; y++) {
    // Windows in which the pictures do not differ have the index 1: only the others are computed.
    let from = width;
    let to = 0;
    for (let row = y - RADIUS; row <= y + RADIUS; row++) {
      from = Math.min(from, spans[2 * row]!);
      to = Math.max(to, spans[2 * row + 1]!);
    }
    const first = Math.max(from - RADIUS, RADIUS);
    const end = Math.min(to + RADIUS, width - RADIUS);
    if (first >= end) continue;
    for (let channel = 0; channel < 3; channel++) {
      filterColumns(image.data, truth.data, width, y, channel, first - RADIUS, end + RADIUS, columns);
      lost += lossOfRow(columns, width, first, end);
    }
  }
  return 1 - lost / (3 * (width - 2 * RADIUS) * (height - 2 * RADIUS));
}

/** For each row the first column in which any colour differs and the last plus 1; `width` and 0 when none does. */
function differingSpans({ width, height, data }: Image, truth: Image): Int32Array {
  const spans = new Int32Array(2 * height);
  const differs = (i: number) =>
    data[i] !== truth.data[i] || data[i + 1] !== truth.data[i + 1] || data[i + 2] !== truth.data[i + 2];
  for (let y = 0; y < height; y++) {
    const row = 4 * y * width;
    let first = 0;
    while (first < width && !differs(row + 4 * first)) first++;
    let end = first < width ? width : 0;
    while (end > first && !differs(row + 4 * (end - 1))) end--;
    spans[2 * y] = first;
    spans[2 * y + 1] = end;
  }
  return spans;
}

/** Filters the maps of one channel downwards around row `y`, for the columns `from` to `to`. */
function filterColumns(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  width: number,
  y: number,
  channel: number,
  from: number,
  to: number,
  columns: Float64Array,
): void {
  const stride = 4 * width;
  for (let x = from; x < to; x++) {
    const centre = 4 * (y * width + x) + channel;
    let meanX = 0;
    let meanY = 0;
    let squares = 0;
    let product = 0;
    for (let d = 0, above = centre, below = centre; d <= RADIUS; d++, above -= stride, below += stride) {
      const p = a[above]!;
      const q = b[above]!;
      // The centre would count twice.
      const r = d === 0 ? 0 : a[below]!;
      const s = d === 0 ? 0 : b[below]!;
      const tap = taps[d]!;
      meanX += tap * (p + r);
      meanY += tap * (q + s);
      squares += tap * (p * p + q * q + r * r + s * s);
      product += tap * (p * q + r * s);
    }
    const i = MAPS * x;
    columns[i] = meanX;
    columns[i + 1] = meanY;
    columns[i + 2] = squares;
    columns[i + 3] = product;
  }
}

/** The sum of 1 − SSIM over the windows centred on the columns `first` to `end` of the filtered maps. */
function lossOfRow(columns: Float64Array, width: number, first: number, end: number): number {
  const [w0, w1, w2, w3, w4, w5] = taps as [number, number, number, number, number, number];
  const c = columns;
  const along = (i: number) =>
    w0 * c[i]! +
    w1 * (c[i - MAPS]! + c[i + MAPS]!) +
    w2 * (c[i - 2 * MAPS]! + c[i + 2 * MAPS]!) +
    w3 * (c[i - 3 * MAPS]! + c[i + 3 * MAPS]!) +
    w4 * (c[i - 4 * MAPS]! + c[i + 4 * MAPS]!) +
    w5 * (c[i - 5 * MAPS]! + c[i + 5 * MAPS]!);
  let lost = 0;
  for (let x = first; x < Math.min(end, width - RADIUS); x++) {
    const i = MAPS * x;
    lost += 1 - index(along(i), along(i + 1), along(i + 2), along(i + 3));
  }
  return lost;
}

/** The index from the means of x, y, x² + y² and xy over a window (equation 13). */
function index(meanX: number, meanY: number, squares: number, product: number): number {
  const means = meanX * meanY;
  const meanSquares = meanX * meanX + meanY * meanY;
  return (
    ((2 * means + C1) * (2 * (product - means) + C2)) / ((meanSquares + C1) * (squares - meanSquares + C2))
  );
}

function ssimOfWhole({ width, height, data }: Image, truth: Image): number {
  const count = width * height;
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    const totals = [0, 0, 0, 0];
    for (let i = channel; i < data.length; i += 4) {
      const p = data[i]!;
      const q = truth.data[i]!;
      totals[0]! += p;
      totals[1]! += q;
      totals[2]! += p * p + q * q;
      totals[3]! += p * q;
    }
    const [x, y, squares, product] = totals.map((total) => total / count) as [number, number, number, number];
    sum += index(x, y, squares, product);
  }
  return sum / 3;
}
