import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, relative } from 'node:path';
import { composite, foreground, writeMask, writePicture } from './command-for-tests';

/** A composite and its mask as `NAME.png` and `NAME_mask.png`; `turn` makes them differ from others. */
export async function writePair(
  folder: string,
  name: string,
  turn = 0,
  [width, height]: readonly [number, number] = [96, 64],
): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const pixels = composite(width, height);
  for (let i = 0; i < pixels.length; i += 4) pixels[i] = (pixels[i]! + 9 * turn) & 255;
  await writePicture(`${path}.png`, pixels, width);
  const mask = Uint8Array.from({ length: width * height }, (_, i) =>
    foreground(i % width, Math.floor(i / width), width, height),
  );
  await writeMask(join(dirname(path), `${basename(name)}_mask.png`), mask, width);
}

/** Every file in a folder with its bytes, but the journal and the reports, which hold times. */
export async function outputsIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (name === '.attune-batch.jsonl' || /^report\.(json|csv)$/.test(name)) continue;
    // A folder of an unfinished write is something too.
    if (entry.isFile()) files.set(name, (await readFile(path)).toString('base64'));
    else if (entry.name.startsWith('.')) files.set(name, 'folder');
  }
  return files;
}

/** A Redis of its own on a free port of this machine, which keeps nothing unless told to. */
export class TestRedis {
  readonly port: number;
  #process: ChildProcess | null = null;

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)));
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ready to accept connections')) resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

/** A port that nobody listens to at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port.')),
      );
    });
  });
}

/** Waits until something is so. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
}
