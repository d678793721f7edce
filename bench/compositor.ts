import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Compositor } from '../src/compositor/compositor';
import { type Hand, renderOnCrew } from '../src/compositor/crew';
import type { FromHand } from '../src/compositor/hand';
import { mip } from '../src/compositor/mips';
import { documentView, renderDocument } from '../src/compositor/render';
import { newDocument, pixelLayer } from '../src/document/new-layer';
import type { Document, PixelLayer } from '../src/document/records';
import type { Blending } from '../src/pixels/blend-modes';
import type { Image } from '../src/pixels/image';
import { multiply, scaling, translation } from '../src/pixels/matrix';
import { programFolder } from '../src/main/place';
import { atMost, fastest, type Row, row } from './row';

const GROUP = 'compositor';
const WIDTH = 6000;
const HEIGHT = 4000;
const LAYERS = 10;
const FRAMES = 12;

/** 24 MP, translucent towards its border, so that nothing is hidden by what lies above. */
function layerPixels(): Image {
  // In shared memory, as the window keeps pixels where it can.
  const data = new Uint8ClampedArray(new SharedArrayBuffer(4 * WIDTH * HEIGHT));
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = 4 * (y * WIDTH + x);
      data[i] = x >> 5;
      data[i + 1] = y >> 4;
      data[i + 2] = (x * y) >> 12;
      data[i + 3] = Math.min(x, y, WIDTH - x, HEIGHT - y, 255);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

function documentOf(blend: Blending): Document {
  const layers: PixelLayer[] = Array.from({ length: LAYERS }, (_, i) =>
    pixelLayer({
      id: `${i}`,
      name: `${i}`,
      pixels: 'photograph',
      width: WIDTH,
      height: HEIGHT,
      opacity: i === 0 ? 1 : 0.7,
      blend: i === 0 ? 'normal' : blend,
      transform: translation(10 * i, 5 * i),
    }),
  );
  return newDocument({ width: WIDTH, height: HEIGHT }, layers);
}

/** The middle frame of a drag of the layer `moved`, milliseconds. */
function drag(document: Document, source: { get: () => Image }, moved: number): number {
  const compositor = new Compositor();
  const view = { width: 1600, height: 1000, toView: scaling(1600 / WIDTH, 1000 / HEIGHT) };
  compositor.render(document, source, view);
  const times: number[] = [];
  let now = document;
  for (let i = 0; i < FRAMES; i++) {
    const layer = now.layers[`${moved}`] as PixelLayer;
    const transform = multiply(translation(7.3, 3.1), layer.transform);
    now = { ...now, layers: { ...now.layers, [layer.id]: { ...layer, transform } } };
    const started = performance.now();
    compositor.render(now, source, view, true);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[FRAMES >> 1]!;
}

function startHand(): { hand: Hand; end: () => Promise<number> } {
  const worker = new Worker(join(programFolder(), 'out', 'bench', 'hand.js'));
  const hand: Hand = {
    send: (message) => worker.postMessage(message),
    hear(listener, failed) {
      worker.removeAllListeners('message');
      worker.on('message', (message: FromHand) => listener(message));
      worker.once('error', (error) => failed(error.message));
    },
  };
  return { hand, end: () => worker.terminate() };
}

/** The ten layers at full size on so many threads, milliseconds. */
async function onCrew(count: number, document: Document, source: { get: () => Image }): Promise<number> {
  const crew = Array.from({ length: count }, startHand);
  const hands = crew.map(({ hand }) => hand);
  const time = await fastest(2, () => renderOnCrew(hands, document, source, documentView(document)));
  await Promise.all(crew.map(({ end }) => end()));
  return time;
}

/** Ten layers of 24 MP at a view of 1600×1000: a frame while one moves, by mode and place, and the whole view anew. */
export async function compositorRows(): Promise<readonly Row[]> {
  const image = layerPixels();
  const source = { get: () => image };
  mip(image, 2);
  const rows: Row[] = [];
  const normal = documentOf('normal');
  // The engine compiles kernels anew once they are used often: a window has done so by its first seconds.
  drag(normal, source, 4);
  for (const [name, moved] of [
    ['lowest', 0],
    ['middle', 4],
    ['highest', 9],
  ] as const) {
    rows.push(
      row({
        group: GROUP,
        id: `10 × 24 MP at 1600×1000, the ${name} moves`,
        value: drag(normal, source, moved),
        unit: 'ms a frame',
        goal: atMost(33, 'ms'),
      }),
    );
  }
  rows.push(
    row({
      group: GROUP,
      id: '10 × 24 MP at 1600×1000 in soft light, the middle moves',
      value: drag(documentOf('soft light'), source, 4),
      unit: 'ms a frame',
    }),
  );
  const view = { width: 1600, height: 1000, toView: scaling(1600 / WIDTH, 1000 / HEIGHT) };
  rows.push(
    row({
      group: GROUP,
      id: '10 × 24 MP at 1600×1000, all anew',
      value: await fastest(2, () => renderDocument(normal, source, view)),
      unit: 'ms',
    }),
    row({
      group: GROUP,
      id: '10 × 24 MP at full size, two threads',
      value: await onCrew(2, normal, source),
      unit: 'ms',
      peer: 'one thread',
      peerValue: await onCrew(1, normal, source),
    }),
    row({
      group: GROUP,
      id: '10 × 24 MP at full size',
      value: await fastest(1, () => renderDocument(normal, source, documentView(normal))),
      unit: 'ms',
    }),
  );
  return rows;
}
