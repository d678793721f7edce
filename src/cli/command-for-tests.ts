import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage } from '../main/files/decode';
import { encodeImage } from '../main/files/encode';
import { builtFile } from '../main/place';

/** What a run of the command left. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command (`node scripts/attune.mjs --build` makes it) as a person would. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const entry = builtFile('attune.js');
  if (!existsSync(entry)) throw new Error(`Build first: node scripts/attune.mjs --build makes ${entry}.`);
  return spawn(process.execPath, [entry, ...args], { env: { ...process.env, ...env } });
}

/** Runs the built command to its end. */
export function attune(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return finished(start(args, env));
}

export function finished(child: ChildProcess): Promise<Ran> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export const WIDTH = 96;
export const HEIGHT = 64;

/** The share of foreground at a pixel, 0..255: a disc with a soft edge. */
export function foreground(x: number, y: number, width = WIDTH, height = HEIGHT): number {
  const distance = Math.hypot(x - width / 2, y - height / 2) / (height / 3);
  return Math.round(255 * Math.min(1, Math.max(0, (1.15 - distance) / 0.3)));
}

/** A landscape, bluish and dim, under a disc that is orange and bright: nobody would take it for one photograph. */
export function composite(width = WIDTH, height = HEIGHT): Uint8Array {
  const data = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = 4 * (y * width + x);
      const grain = (x * 7 + y * 13) % 11;
      const share = foreground(x, y, width, height) / 255;
      const under = [40 + (60 * y) / height + grain, 60 + (80 * y) / height, 110 + (60 * x) / width];
      const over = [235 - grain, 150 + grain, 60];
      for (let k = 0; k < 3; k++) data[i + k] = Math.round(under[k]! * (1 - share) + over[k]! * share);
      // A corner is transparent, with colours that must survive.
      data[i + 3] = x < 8 && y < 8 ? 0 : 255;
    }
  }
  return data;
}

/** Writes `composite.png` (RGBA), `mask.png` and what else is asked into a folder. */
export async function writeCase(folder: string, width = WIDTH, height = HEIGHT): Promise<void> {
  await writePicture(join(folder, 'composite.png'), composite(width, height), width);
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = foreground(i % width, Math.floor(i / width), width, height);
  }
  await writeMask(join(folder, 'mask.png'), mask, width);
}

/** Writes RGBA pixels in the format of the path. */
export async function writePicture(path: string, pixels: Uint8Array, width = WIDTH): Promise<void> {
  const height = pixels.length / 4 / width;
  await encodeImage(path, { width, height, data: new Uint8ClampedArray(pixels) });
}

/** Writes a mask, one byte a pixel, as a grey picture. */
export async function writeMask(path: string, mask: Uint8Array, width = WIDTH): Promise<void> {
  await writePicture(
    path,
    Uint8Array.from({ length: 4 * mask.length }, (_, i) => (i % 4 === 3 ? 255 : mask[i >> 2]!)),
    width,
  );
}

/** The pixels of a picture file: RGBA. */
export async function pixelsOf(path: string): Promise<Uint8ClampedArray> {
  return (await decodeImage(path)).image.data;
}
