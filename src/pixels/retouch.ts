import type { Coverage } from './coverage';
import { type Box, checkSize, type Image } from './image';

/** RGB, 0..255. */
export type Colour = readonly [number, number, number];
/** Makes where pixels go, all zeros: `4·width·height` bytes. */
type Room = (length: number) => Uint8ClampedArray;

/** What is covered made transparent: alpha · (1 − coverage). All else stays, bit for bit. */
export function erased(image: Image, coverage: Coverage, room: Room): Image {
  const out = sheet(image, { x: 0, y: 0, width: image.width, height: image.height }, room);
  each(out, coverage, (at, share) => {
    out.data[at + 3] = (out.data[at + 3]! * (255 - share)) / 255;
  });
  return out;
}

/**
 * What is covered by itself: the image cut to the coverage's box (which must lie inside), alpha · coverage. Null when nothing
 * of it is visible.
 */
export function lifted(image: Image, coverage: Coverage, room: Room): Image | null {
  const { x, y, width, height, data: shares } = coverage;
  const inside = x >= 0 && y >= 0 && x + width <= image.width && y + height <= image.height;
  if (!inside) throw new RangeError('The coverage reaches beyond the image.');
  const out = sheet(image, coverage, room);
  const { data } = out;
  let visible = false;
  for (let i = 0; i < shares.length; i++) {
    const at = 4 * i;
    data[at + 3] = (data[at + 3]! * shares[i]!) / 255;
    if (data[at + 3]! > 0) visible = true;
    else data.fill(0, at, at + 4);
  }
  return visible ? out : null;
}

/**
 * A colour over what is covered, at `opacity` (0..1), blended in sRGB (Porter and Duff, "Compositing digital images", 1984:
 * over); with `keepAlpha` only where there is something, and as much. `frame`: the part of the plane, in pixels of the
 * image, that the answer holds; beyond the image it was transparent.
 */
export function filled(
  image: Image,
  coverage: Coverage,
  { colour, opacity, keepAlpha, frame }: { colour: Colour; opacity: number; keepAlpha: boolean; frame: Box },
  room: Room,
): Image {
  const out = sheet(image, frame, room);
  const { data } = out;
  const part = { ...coverage, x: coverage.x - frame.x, y: coverage.y - frame.y };
  each(out, part, (at, covered) => {
    const share = (covered / 255) * opacity;
    const under = data[at + 3]! / 255;
    if (keepAlpha) {
      if (under > 0) for (let c = 0; c < 3; c++) data[at + c]! += (colour[c]! - data[at + c]!) * share;
      return;
    }
    const rest = under * (1 - share);
    const alpha = share + rest;
    if (share === 0) return;
    for (let c = 0; c < 3; c++) data[at + c] = (colour[c]! * share + data[at + c]! * rest) / alpha;
    data[at + 3] = 255 * alpha;
  });
  return out;
}

/** The image's pixels in another frame of its plane. */
function sheet(image: Image, frame: Box, room: Room): Image {
  checkSize(frame.width, frame.height);
  const data = room(4 * frame.width * frame.height);
  const left = Math.max(0, frame.x);
  const right = Math.min(image.width, frame.x + frame.width);
  const bottom = Math.min(image.height, frame.y + frame.height);
  for (let y = Math.max(0, frame.y); y < bottom && left < right; y++) {
    const row = image.data.subarray(4 * (y * image.width + left), 4 * (y * image.width + right));
    data.set(row, 4 * ((y - frame.y) * frame.width + left - frame.x));
  }
  return { width: frame.width, height: frame.height, data };
}

/** Every pixel of the image that is covered, by the place of its first byte, and how much of it is (1..255). */
function each({ width, height }: Image, coverage: Coverage, work: (at: number, share: number) => void): void {
  const left = Math.max(0, coverage.x);
  const right = Math.min(width, coverage.x + coverage.width);
  const bottom = Math.min(height, coverage.y + coverage.height);
  for (let y = Math.max(0, coverage.y); y < bottom; y++) {
    const row = (y - coverage.y) * coverage.width - coverage.x;
    for (let x = left; x < right; x++) {
      const share = coverage.data[row + x]!;
      if (share > 0) work(4 * (y * width + x), share);
    }
  }
}
