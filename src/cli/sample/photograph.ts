import type { Image, Mask } from '../../pixels/image';
import { noise } from './noise';
import { background, balloon, type Colour, EVENING, mix, NOON } from './scene';

/** How a camera sees: exposure, and the warmth of its white balance. */
interface Camera {
  readonly exposure: number;
  readonly balance: Colour;
}
const CAMERA: Camera = { exposure: 1.1, balance: [1, 1, 1] };
const NOON_CAMERA: Camera = { exposure: 1.0, balance: [0.96, 1, 1.07] };

/** A filmic tone curve (Hable 2010, "Uncharted 2") and the sRGB transfer function: linear light → 0..255. */
function develop(linear: number): number {
  const hable = (v: number) => (v * (0.15 * v + 0.05) + 0.004) / (v * (0.15 * v + 0.5) + 0.06) - 0.02 / 0.3;
  const v = Math.min(Math.max(hable(2.4 * linear) / hable(6), 0), 1);
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
}

function expose(colour: Colour, camera: Camera): [number, number, number] {
  return [0, 1, 2].map((c) => develop(colour[c]! * camera.exposure * camera.balance[c]!)) as [
    number,
    number,
    number,
  ];
}

/** Film grain of a pixel and channel: about ±3 levels, a little correlated between pixels. */
function grain(x: number, y: number, channel: number, seed: number): number {
  return 7 * (noise(x * 0.9, y * 0.9, seed + channel) + noise(x * 0.45, y * 0.45, seed + 9) - 1);
}

/** The sample: a background, a balloon cut out of another photograph, their composite, its mask, and the truth. */
export interface Sample {
  readonly background: Image;
  readonly cutout: Image;
  readonly composite: Image;
  readonly mask: Mask;
  readonly real: Image;
}

/** Sub-pixel samples an axis. */
const SAMPLES = 3;

/** Takes the sample's photographs at `width`×`height` (3:2 frames the scene). The same numbers give the same pixels. */
export function photograph(width: number, height: number): Sample {
  const blank = (): Image => ({ width, height, data: new Uint8ClampedArray(4 * width * height) });
  const sample: Sample = {
    background: blank(),
    cutout: blank(),
    composite: blank(),
    mask: { width, height, data: new Uint8ClampedArray(width * height) },
    real: blank(),
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) exposePixel(sample, x, y);
  }
  return sample;
}

function exposePixel(sample: Sample, x: number, y: number): void {
  const { width, height } = sample.background;
  const behind: [number, number, number] = [0, 0, 0];
  const noon: [number, number, number] = [0, 0, 0];
  const evening: [number, number, number] = [0, 0, 0];
  let covered = 0;
  const n = SAMPLES * SAMPLES;
  for (let s = 0; s < n; s++) {
    const px = (2 * (x + ((s % SAMPLES) + 0.5) / SAMPLES) - width) / height;
    const py = 1 - (2 * (y + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES)) / height;
    add(behind, background(px, py), 1 / n);
    const inNoon = balloon(px, py, NOON);
    const inEvening = balloon(px, py, EVENING);
    if (!inNoon || !inEvening) continue;
    covered++;
    add(noon, inNoon, 1);
    add(evening, inEvening, 1);
  }
  const alpha = covered / n;
  const part = (sum: Colour): Colour => [sum[0] / covered, sum[1] / covered, sum[2] / covered];
  const shot = expose(behind, CAMERA);
  const pasted = covered ? expose(part(noon), NOON_CAMERA) : shot;
  const truth = covered ? expose(mix(behind, haze(part(evening)), alpha), CAMERA) : shot;
  const at = 4 * (y * width + x);
  for (let c = 0; c < 3; c++) {
    const there = shot[c]! + grain(x, y, c, 200);
    const elsewhere = pasted[c]! + grain(x, y, c, 300);
    sample.background.data[at + c] = there;
    sample.cutout.data[at + c] = covered ? elsewhere : 0;
    sample.composite.data[at + c] = alpha * elsewhere + (1 - alpha) * there;
    sample.real.data[at + c] = truth[c]! + grain(x, y, c, 200);
  }
  sample.background.data[at + 3] = 255;
  sample.composite.data[at + 3] = 255;
  sample.real.data[at + 3] = 255;
  sample.cutout.data[at + 3] = 255 * alpha;
  sample.mask.data[y * width + x] = 255 * alpha;
}

/** A little evening air between the camera and the balloon. */
function haze(colour: Colour): Colour {
  return mix(colour, [0.5, 0.3, 0.24], 0.06);
}

function add(sum: [number, number, number], colour: Colour, weight: number): void {
  for (let c = 0; c < 3; c++) sum[c]! += weight * colour[c]!;
}
