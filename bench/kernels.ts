import { createCanvas, type GlobalCompositeOperation, ImageData } from '@napi-rs/canvas';
import { mip } from '../src/compositor/mips';
import { blendImages } from '../src/pixels/blend';
import { type Blending, BLENDINGS } from '../src/pixels/blend-modes';
import type { Image } from '../src/pixels/image';
import { blendImagesPlainly } from '../src/pixels/reference/blend';
import { fastest, type Row, row, timesFaster } from './row';

const GROUP = 'pixels';
/** 24 megapixels. */
const WIDTH = 6000;
const HEIGHT = 4000;
const PART = 400;

/** A photograph's worth of pixels; a fifth of them translucent unless opaque. */
function photograph(width: number, height: number, seed: number, opaque: boolean): Image {
  const data = new Uint8ClampedArray(4 * width * height);
  const words = new Uint32Array(data.buffer);
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = opaque || i % 5 ? state | 0xff000000 : state;
  }
  return { width, height, data };
}

const canvasModes: Partial<Record<Blending, GlobalCompositeOperation>> = {
  normal: 'source-over',
  multiply: 'multiply',
  screen: 'screen',
  'soft light': 'soft-light',
  luminosity: 'luminosity',
};

/** Blending of 24-MP layers beside the plain TypeScript and @napi-rs/canvas (Skia); mip levels. */
export async function kernelRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const under = photograph(WIDTH, HEIGHT, 1, true);
  const over = photograph(WIDTH, HEIGHT, 7, false);
  const out = new Uint8ClampedArray(under.data.length);
  // The plain reference is measured on a tenth: it is the same work a pixel.
  const part = (image: Image): Image => ({
    width: WIDTH,
    height: PART,
    data: image.data.slice(0, 4 * WIDTH * PART),
  });
  const smallUnder = part(under);
  const smallOver = part(over);
  for (const mode of BLENDINGS) {
    const value = await fastest(2, () => blendImages(under, over, { mode, opacity: 0.8 }, out));
    const plain = await fastest(1, () => blendImagesPlainly(smallUnder, smallOver, { mode, opacity: 0.8 }));
    rows.push(
      row({
        group: GROUP,
        id: `blend 24 MP, ${mode}`,
        value,
        unit: 'ms',
        peer: 'plain TypeScript',
        peerValue: (plain * HEIGHT) / PART,
        goal: timesFaster(6),
      }),
    );
  }
  rows.push(...(await besideCanvas(under, over, out)));
  const value = await fastest(2, () => mip({ ...under }, 4));
  rows.push(row({ group: GROUP, id: 'mip levels 1–4 of 24 MP', value, unit: 'ms' }));
  return rows;
}

async function besideCanvas(under: Image, over: Image, out: Uint8ClampedArray): Promise<Row[]> {
  const layer = createCanvas(WIDTH, HEIGHT);
  layer.getContext('2d').putImageData(new ImageData(over.data, WIDTH, HEIGHT), 0, 0);
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.putImageData(new ImageData(under.data, WIDTH, HEIGHT), 0, 0);
  const rows: Row[] = [];
  for (const [mode, operation] of Object.entries(canvasModes) as [Blending, GlobalCompositeOperation][]) {
    const value = await fastest(3, () => blendImages(under, over, { mode, opacity: 0.8 }, out));
    context.globalCompositeOperation = operation;
    context.globalAlpha = 0.8;
    const peerValue = await fastest(3, () => {
      context.drawImage(layer, 0, 0);
      // Drawing is put off until a pixel is asked for.
      context.getImageData(0, 0, 1, 1);
    });
    rows.push(
      row({
        group: GROUP,
        id: `blend 24 MP, ${mode}, beside Skia`,
        value,
        unit: 'ms',
        peer: '@napi-rs/canvas',
        peerValue,
        ...(mode === 'normal' ? { goal: timesFaster(0.5) } : {}),
      }),
    );
  }
  return rows;
}
