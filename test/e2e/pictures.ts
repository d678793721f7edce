import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Pictures for the tests, made by code: photograph-like gradients and noise, the same each time. */

/** Small, fast, seeded random numbers (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Paint = (u: number, v: number, grain: number) => readonly [number, number, number, number];

async function paint(width: number, height: number, seed: number, colour: Paint): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 4);
  const next = random(seed);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(colour(x / width, y / height, next() - 0.5), 4 * (y * width + x));
    }
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

const level = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

/** A warm evening: sky above, ground below. */
export function background(width = 1200, height = 800): Promise<Buffer> {
  return paint(width, height, 1, (u, v, grain) => {
    const ground = v > 0.6 ? 1 : 0;
    const wave = 12 * Math.sin(9 * u + 5 * v) + 8 * grain;
    return [
      level(210 - 90 * v - 50 * ground + wave),
      level(150 - 60 * v - 20 * ground + wave),
      level(110 - 30 * v - 40 * ground + wave),
      255,
    ];
  });
}

/** A cold, bright disc with a soft edge and a margin of nothing around it. */
export function cutout(side = 480): Promise<Buffer> {
  return paint(side, side, 2, (u, v, grain) => {
    const r = Math.hypot(u - 0.5, v - 0.5);
    const shade = 60 * (v - u) + 10 * grain + 15 * Math.sin(30 * u);
    const alpha = level(255 * Math.min(1, Math.max(0, (0.42 - r) / 0.03)));
    return [level(120 + shade), level(170 + shade), level(225 + shade), alpha];
  });
}

/** How much of a pixel the pasted disc covers, 0..1. */
const pasted = (u: number, v: number) =>
  Math.min(1, Math.max(0, (0.28 - Math.hypot(u - 0.5, v - 0.55)) / 0.02));

/** A dim, bluish ground under a bright, orange disc: nobody would take it for one photograph. */
export function composite(width: number, height: number, seed = 1): Promise<Buffer> {
  return paint(width, height, seed, (u, v, grain) => {
    const share = pasted(u, v);
    const under = [40 + 60 * v + 10 * grain, 60 + 80 * v, 110 + 60 * u];
    const over = [235 + 10 * grain, 150 - 10 * seed * grain, 60 + 3 * seed];
    const [r, g, b] = under.map((value, c) => level(value * (1 - share) + over[c]! * share));
    return [r!, g!, b!, 255];
  });
}

/** The mask of {@link composite}. */
export function mask(width: number, height: number): Promise<Buffer> {
  return paint(width, height, 1, (u, v) => {
    const value = level(255 * pasted(u, v));
    return [value, value, value, 255];
  });
}

/** A case of an evaluation: a folder with a composite and its mask. */
export async function writeCase(folder: string, width: number, height: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'composite.png'), await composite(width, height));
  await writeFile(join(folder, 'mask.png'), await mask(width, height));
}

/** A PNG or JPEG as RGBA values. */
export async function pixelsOf(file: string | Buffer) {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
