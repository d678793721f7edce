import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import sharp from 'sharp';
import { newDocument, pixelLayer } from '../src/document/new-layer';
import { writeProject } from '../src/formats/project';
import { builtFile } from '../src/main/place';
import type { Image } from '../src/pixels/image';
import { seeded } from '../src/pixels/random';
import { atLeast, atMost, row, skipped, type Row } from './row';

const GROUP = 'editor';
const LAYERS = 10;
const MEGAPIXELS_24 = [6000, 4000] as const;
const MEGAPIXELS_12 = [4000, 3000] as const;
/** Milliseconds of dragging. */
const DRAG = 3000;

/** Photograph-like: waves and grain; `cutout` leaves a soft ellipse of it, somewhere. */
function photograph(width: number, height: number, seed: number, cutout: boolean): Image {
  const data = new Uint8ClampedArray(4 * width * height);
  const next = seeded(seed);
  const [cx, cy] = [0.3 + 0.4 * next(), 0.3 + 0.4 * next()];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const far = Math.hypot((x / width - cx) / 0.28, (y / height - cy) / 0.3);
      const alpha = cutout ? 255 * Math.min(1, Math.max(0, (1 - far) * 30)) : 255;
      if (alpha === 0) continue;
      const wave = 90 + 60 * Math.sin((x + seed * 300) / 700) + 50 * Math.sin(y / 500) + 12 * next();
      const i = 4 * (y * width + x);
      data[i] = wave + 20;
      data[i + 1] = wave;
      data[i + 2] = 200 - wave / 2;
      data[i + 3] = alpha;
    }
  }
  return { width, height, data };
}

/** A PSD of ten layers of the document's size, the lowest a photograph, the others cut-outs over it. */
async function writeLayers(path: string): Promise<void> {
  const [width, height] = MEGAPIXELS_24;
  const images = new Map<string, Image>();
  const layers = Array.from({ length: LAYERS }, (_, i) => {
    images.set(`${i}`, photograph(width, height, i + 1, i > 0));
    return pixelLayer({ id: `${i}`, name: `Layer ${i}`, pixels: `${i}`, width, height });
  });
  const source = { get: (id: string) => images.get(id), mask: () => undefined, blob: () => undefined };
  const { bytes } = await writeProject(newDocument({ width, height }, layers), source, { format: 'psd' });
  await writeFile(path, bytes);
}

function findChromium(): string | null {
  const names = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const places = [process.env.ATTUNE_CHROMIUM, chromium.executablePath(), ...names];
  return places.find((place) => place && existsSync(place)) ?? null;
}

async function startHost(state: string): Promise<{ address: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [builtFile('host.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ATTUNE_STATE: state },
  });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /http:\/\/\S+/.exec(chunk.toString());
      if (found) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`The host ended with ${code}.`)));
  });
  return { address, child };
}

declare global {
  interface Window {
    /** When the studio said that it had drawn, milliseconds, and at which share of the resolution. */
    benchDrawn: { at: number; share: number }[];
    benchFrames: number[];
  }
}

/** Notes when the studio draws, and every frame of the window, in the page itself. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.benchDrawn = [];
    window.benchFrames = [];
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<{ kind: string; share: number }>) => {
          if (data.kind === 'drawn') window.benchDrawn.push({ at: performance.now(), share: data.share });
        });
      }
    };
    const frame = (at: number) => {
      window.benchFrames.push(at);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

async function openFiles(page: Page, files: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles([...files]);
}

const rowsOf = (page: Page, count: number) =>
  page.waitForFunction((n) => document.querySelectorAll('[role=row]').length === n, count, {
    timeout: 120_000,
  });

/** Moves the hand as a mouse does, 125 times a second: page.mouse.move would wait for the window after every move, and move half as often. */
async function drag(page: Page, x: number, y: number): Promise<void> {
  const hand = await page.context().newCDPSession(page);
  const end = Date.now() + DRAG;
  let waiting = 0;
  for (let i = 0; Date.now() < end; i++) {
    const place = { x: x + 120 * Math.sin(i / 80), y: y + 80 * Math.cos(i / 68) };
    if (waiting < 8) {
      waiting++;
      const move = { type: 'mouseMoved', button: 'left', buttons: 1, ...place } as const;
      const seen = hand.send('Input.dispatchMouseEvent', move);
      void seen.catch(() => undefined).then(() => waiting--);
    }
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}

/** Opening and dragging: milliseconds until the picture is drawn finely, frames a second while the hand moves. */
async function openAndDrag(
  page: Page,
  psd: string,
): Promise<{ open: number; frames: number; longest: number }> {
  const started = Date.now();
  const origin = await page.evaluate(() => performance.timeOrigin);
  await openFiles(page, [psd]);
  await rowsOf(page, LAYERS);
  await page.waitForFunction(() => window.benchDrawn.length > 0);
  const drawn = await page.evaluate(() => window.benchDrawn[0]!.at);
  const open = origin + drawn - started;
  await page.waitForTimeout(3000);
  const paper = (await page.locator('.paper').boundingBox())!;
  const [x, y] = [paper.x + paper.width / 2, paper.y + paper.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 5, y + 5);
  const from = await page.evaluate(() => {
    window.benchDrawn = [];
    window.benchFrames = [];
    return performance.now();
  });
  await drag(page, x, y);
  const result = await page.evaluate((start) => {
    const frames = window.benchFrames;
    const longest = Math.max(...frames.slice(1).map((at, i) => at - frames[i]!));
    return { frames: (1000 * window.benchDrawn.length) / (performance.now() - start), longest };
  }, from);
  await page.mouse.up();
  return { open, ...result };
}

/** A click on Harmonize: milliseconds until the result is there, and the longest frame meanwhile. */
async function harmonize(page: Page): Promise<{ ms: number; longest: number }> {
  await page.evaluate(() => (window.benchFrames = []));
  const started = Date.now();
  await page.getByRole('button', { name: /^Harmonize (layer|again)$/ }).click();
  await page.waitForFunction(() => document.querySelector('[data-testid=ran]') !== null, null, {
    timeout: 120_000,
  });
  const ms = Date.now() - started;
  const longest = await page.evaluate(() => {
    const frames = window.benchFrames;
    return Math.max(...frames.slice(1).map((at, i) => at - frames[i]!));
  });
  return { ms, longest };
}

/** The editor in a real Chromium: a 24-MP PSD of ten layers opened and dragged, and a 12-MP composite harmonized. */
export async function editorRows(): Promise<readonly Row[]> {
  const executablePath = findChromium();
  if (!executablePath)
    return [skipped(GROUP, 'the editor', 'no Chromium is installed (ATTUNE_CHROMIUM names one)')];
  const folder = await mkdtemp(join(tmpdir(), 'attune-bench-'));
  let browser: Browser | null = null;
  const host = await startHost(join(folder, 'state'));
  try {
    const psd = process.env.ATTUNE_BENCH_PSD ?? join(folder, 'layers.psd');
    if (!existsSync(psd)) await writeLayers(psd);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('filechooser', () => undefined);
    await watch(page);
    await page.goto(host.address);
    await page.getByRole('combobox', { name: 'Method' }).waitFor();
    const opened = await openAndDrag(page, psd);

    await page.goto('about:blank');
    await page.goto(host.address);
    const [width, height] = MEGAPIXELS_12;
    const files: string[] = [];
    for (const [name, cutout] of [
      ['street.jpg', false],
      ['sofa.png', true],
    ] as const) {
      const image = photograph(width, height, cutout ? 3 : 1, cutout);
      const raw = { width, height, channels: 4 } as const;
      const path = join(folder, name);
      await sharp(image.data, { raw }).toFile(path);
      files.push(path);
    }
    await openFiles(page, files);
    await rowsOf(page, 2);
    await page.waitForTimeout(3000);
    // The first click loads the network; a person's second is what is measured.
    await harmonize(page);
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelector('[data-testid=ran]') === null);
    await page.waitForTimeout(1500);
    const harmonized = await harmonize(page);
    const of = (id: string, value: number, unit: string, goal: ReturnType<typeof atMost>) =>
      row({ group: GROUP, id, value, unit, goal });
    return [
      of('10 × 24 MP PSD: opened', opened.open, 'ms', atMost(3000, 'ms')),
      of('10 × 24 MP: a layer dragged', opened.frames, 'frames/s', atLeast(30, 'frames/s')),
      of('10 × 24 MP: longest frame of the window while dragging', opened.longest, 'ms', atMost(50, 'ms')),
      of('12 MP: Harmonize clicked', harmonized.ms, 'ms', atMost(1000, 'ms')),
      of('12 MP: longest frame of the window meanwhile', harmonized.longest, 'ms', atMost(50, 'ms')),
    ];
  } finally {
    await browser?.close();
    host.child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
