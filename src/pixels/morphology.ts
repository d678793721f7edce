import { blurMask } from './blur';
import { combine, type Coverage, padded, SELECTED, trimmed, within } from './coverage';
import type { Box, Mask } from './image';

/** The most pixels by which an edge is moved or softened. */
export const MOST = 500;
/** A pixel just between in and out is not reached, neither from within nor from without: growing and shrinking undo each other. */
const HAIR = 1e-6;

/**
 * The selection with its edge `by` pixels further out (0..500), corners round, as far as `frame` reaches. Soft edges
 * count from where they are half selected and become sharp.
 */
export function grown(coverage: Coverage, by: number, frame: Box): Coverage | null {
  const box = padded(coverage, Math.ceil(by + 1), frame);
  if (!box) return null;
  const area = within(coverage, box);
  const out = new Uint8ClampedArray(area.data.length);
  nearest(area, true, (i, squared) => (out[i] = 255 * (by + 1 - HAIR - Math.sqrt(squared))));
  return trimmed({ ...box, data: out });
}

/** The selection with its edge `by` pixels further in (0..500). The frame's own border is no edge. */
export function shrunk(coverage: Coverage, by: number, frame: Box): Coverage | null {
  const box = padded(coverage, 1, frame);
  if (!box) return null;
  const area = within(coverage, box);
  const out = new Uint8ClampedArray(area.data.length);
  nearest(area, false, (i, squared) => (out[i] = 255 * (Math.sqrt(squared) - by + HAIR)));
  return trimmed({ ...box, data: out });
}

/** A band of `width` pixels along the edge, half of it inside. */
export function bordered(coverage: Coverage, width: number, frame: Box): Coverage | null {
  return combine(grown(coverage, width / 2, frame), shrunk(coverage, width / 2, frame), 'subtract');
}

/** The edge without its teeth and notches of up to about `by` pixels. */
export function smoothed(coverage: Coverage, by: number, frame: Box): Coverage | null {
  const deviation = by / 2;
  const soft = feathered(coverage, deviation, frame);
  if (!soft || deviation < 0.25) return soft;
  // As steep as an edge that runs through pixels: the blurred one rises by 1/(σ·√2π) a pixel.
  const steep = deviation * Math.sqrt(2 * Math.PI);
  const data = soft.data.map((value) => (value - 127.5) * steep + 127.5);
  return trimmed({ ...soft, data });
}

/** Blurring by more happens at a smaller size: nothing is lost that the blur would keep. */
const MOST_DEVIATION = 6;

/** The edge softened by a Gaussian of `deviation` pixels (0..500). Beyond the frame a selection goes on as at its border. */
export function feathered(coverage: Coverage, deviation: number, frame: Box): Coverage | null {
  const box = padded(coverage, Math.ceil(3 * deviation) + 1, frame);
  if (!box) return null;
  const area = within(coverage, box);
  if (deviation < 0.1) return trimmed(area);
  const times = 2 ** Math.max(0, Math.ceil(Math.log2(deviation / MOST_DEVIATION)));
  const small = reduced(area, times);
  const soft = blurMask(small, deviation / times);
  return trimmed({ ...box, data: times === 1 ? soft.data : enlarged(soft, box, times) });
}

/** Means of squares of `times` pixels; where the border cuts a square, its last pixels count for those missing. */
function reduced(mask: Mask, times: number): Mask {
  if (times === 1) return mask;
  const width = Math.ceil(mask.width / times);
  const height = Math.ceil(mask.height / times);
  const data = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let j = 0; j < times; j++) {
        const row = Math.min(mask.height - 1, y * times + j) * mask.width;
        for (let i = 0; i < times; i++) sum += mask.data[row + Math.min(mask.width - 1, x * times + i)]!;
      }
      data[y * width + x] = sum / (times * times);
    }
  }
  return { width, height, data };
}

/** Between the means' middles, bilinearly. */
function enlarged(small: Mask, { width, height }: Box, times: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height);
  const place = (at: number, most: number) => {
    const exact = Math.max(0, (at + 0.5) / times - 0.5);
    const low = Math.min(most, Math.floor(exact));
    return { low, high: Math.min(most, low + 1), share: exact - low };
  };
  const columns = Array.from({ length: width }, (_, x) => place(x, small.width - 1));
  for (let y = 0; y < height; y++) {
    const down = place(y, small.height - 1);
    const upper = down.low * small.width;
    const lower = down.high * small.width;
    for (let x = 0; x < width; x++) {
      const { low, high, share } = columns[x]!;
      const over = small.data[upper + low]! * (1 - share) + small.data[upper + high]! * share;
      const under = small.data[lower + low]! * (1 - share) + small.data[lower + high]! * share;
      out[y * width + x] = over * (1 - down.share) + under * down.share;
    }
  }
  return out;
}

/**
 * Squared distance of every pixel's middle to that of the nearest one that is (or is not) selected; infinite when there is
 * none. Exact, in time linear in the pixels (Meijster, Roerdink and Hesselink, 2000).
 */
function nearest(
  { width, height, data }: Mask,
  selected: boolean,
  tell: (i: number, squared: number) => void,
): void {
  const far = width + height;
  const down = new Int32Array(width * height);
  for (let i = 0; i < down.length; i++) {
    const over = i < width ? far : down[i - width]!;
    down[i] = data[i]! >= SELECTED === selected ? 0 : over + 1;
  }
  for (let i = down.length - width - 1; i >= 0; i--) {
    if (down[i + width]! + 1 < down[i]!) down[i] = down[i + width]! + 1;
  }
  const sites = new Int32Array(width);
  const starts = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const distance = (x: number, site: number) => {
      const deep = down[row + site]!;
      return (x - site) * (x - site) + deep * deep;
    };
    let last = -1;
    for (let x = 0; x < width; x++) {
      if (down[row + x]! >= far) continue;
      while (last >= 0 && distance(starts[last]!, sites[last]!) > distance(starts[last]!, x)) last--;
      let start = 0;
      if (last >= 0) {
        const site = sites[last]!;
        const square =
          x * x - site * site + down[row + x]! * down[row + x]! - down[row + site]! * down[row + site]!;
        start = 1 + Math.floor(square / (2 * (x - site)));
      }
      if (start >= width) continue;
      last++;
      sites[last] = x;
      starts[last] = start;
    }
    for (let x = width - 1; x >= 0; x--) {
      if (last < 0) tell(row + x, Infinity);
      else {
        tell(row + x, distance(x, sites[last]!));
        if (x === starts[last]) last--;
      }
    }
  }
}
