import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupLayer, newDocument, pixelLayer } from '../../document/new-layer';
import type { Document, PixelLayer } from '../../document/records';
import { readProject, writeProject } from '../../formats/project';
import type { NetworkInput, NetworkResult } from '../../harmonize/network';
import { createImage, type Image } from '../../pixels/image';
import { decodeImage } from '../files/decode';
import type { Harmonizer } from '../harmonizing';
import { chooseLayer, workOnProject } from './project';
import { Shelf } from './shelf';
import type { BatchSettings } from './work';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-project-'));
});
afterEach(() => rm(folder, { recursive: true }));

const settings: BatchSettings = {
  method: 'test',
  strength: 0.5,
  invert: false,
  lift: 'bilinear',
  format: 'keep',
  flatten: false,
};

/** A network that adds 20 to the red of everything, and keeps what it was shown. */
const shown: NetworkInput[] = [];
const info = {
  name: 'test',
  version: '1',
  title: 'Test',
  kind: 'colorMap',
  inputWidth: 8,
  inputHeight: 8,
  isDefault: true,
} as const;
const harmonizer: Harmonizer = {
  registry: { info: () => info, needs: () => info } as unknown as Harmonizer['registry'],
  engine: {
    run: async (input: NetworkInput): Promise<NetworkResult> => {
      shown.push(input);
      const data = new Float32Array(30 * 4);
      data.fill(20 / 255, 9 * 4, 10 * 4);
      const ran = { network: 'test', version: '1', device: 'cpu', fellBack: [], ms: 1 };
      return { kind: 'colorMap', ...ran, width: 2, height: 2, data };
    },
  },
};

function plain(width: number, height: number, colour: readonly number[]): Image {
  const image = createImage(width, height);
  for (let i = 0; i < image.data.length; i += 4) image.data.set(colour, i);
  return image;
}

function layerOf(shelf: Shelf, name: string, image: Image, more: Partial<PixelLayer> = {}): PixelLayer {
  const { width, height } = image;
  return { ...pixelLayer({ id: name, name, pixels: shelf.image(image), width, height }), ...more };
}

/** A grey background, a blue card, and above it a small red top layer. */
function scene(shelf: Shelf): Document {
  const at = (e: number, f: number) => ({ transform: { a: 1, b: 0, c: 0, d: 1, e, f } });
  return newDocument({ width: 40, height: 30 }, [
    layerOf(shelf, 'Background', plain(40, 30, [90, 90, 90, 255])),
    layerOf(shelf, 'Card one', plain(10, 10, [20, 30, 200, 255]), at(5, 5)),
    layerOf(shelf, 'Top', plain(4, 4, [200, 10, 10, 255]), at(30, 20)),
  ]);
}

describe('projects in a batch', () => {
  it.each(['psd', 'psb'] as const)(
    '%s: the top layer is harmonized beside its own pixels',
    async (format) => {
      const shelf = new Shelf();
      const picture = join(folder, `a.${format}`);
      await writeFile(picture, (await writeProject(scene(shelf), shelf, { format })).bytes);
      const output = join(folder, 'out', `a-test.${format}`);
      const result = await workOnProject(harmonizer, { kind: 'project', picture, output }, settings);
      expect(result).toMatchObject({ network: 'test', device: 'cpu', width: 40, height: 30 });
      const again = new Shelf();
      const { document } = await readProject(await readFile(output), 'a', again);
      const top = document.layers[document.order.at(-1)!] as PixelLayer;
      expect(top.harmonization).toMatchObject({ method: 'test', strength: 0.5, enabled: true });
      expect([...again.get(top.pixels)!.data.subarray(0, 4)]).toEqual([200, 10, 10, 255]);
      expect([...again.get(top.harmonization!.pixels)!.data.subarray(0, 4)]).toEqual([220, 10, 10, 255]);
      const others = document.order.slice(0, -1).map((id) => document.layers[id] as PixelLayer);
      expect(others.map(({ harmonization }) => harmonization)).toEqual([null, null]);
    },
  );

  it('ora, which holds no harmonizations: the result takes the place of the pixels', async () => {
    const shelf = new Shelf();
    const picture = join(folder, 'a.ora');
    await writeFile(picture, (await writeProject(scene(shelf), shelf, { format: 'ora' })).bytes);
    const output = join(folder, 'out.ora');
    await workOnProject(harmonizer, { kind: 'project', picture, output }, settings);
    const again = new Shelf();
    const { document } = await readProject(await readFile(output), 'a', again);
    const top = document.layers[document.order.at(-1)!] as PixelLayer;
    expect([...again.get(top.pixels)!.data.subarray(0, 4)]).toEqual([210, 10, 10, 255]);
  });

  it('flattens, and harmonizes the layer that is asked for to what lies under it', async () => {
    const shelf = new Shelf();
    const picture = join(folder, 'a.psd');
    await writeFile(picture, (await writeProject(scene(shelf), shelf, { format: 'psd' })).bytes);
    const output = join(folder, 'a.png');
    const asked = { ...settings, strength: 1, layer: 'card*' };
    await workOnProject(harmonizer, { kind: 'project', picture, output }, asked);
    const { image } = await decodeImage(output);
    const pixel = (x: number, y: number) => [...image.data.subarray(4 * (40 * y + x), 4 * (40 * y + x) + 4)];
    expect(pixel(8, 8)).toEqual([40, 30, 200, 255]);
    expect(pixel(0, 0)).toEqual([90, 90, 90, 255]);
    expect(pixel(31, 21)).toEqual([200, 10, 10, 255]);
    // The top layer lies above what the network was shown: no red there.
    expect(Math.max(...shown.at(-1)!.image.subarray(0, 64))).toBeLessThan(91);
  });

  it('chooses the top visible layer, in whatever group, and names the layers when none fits', () => {
    const shelf = new Shelf();
    const document = scene(shelf);
    expect(chooseLayer(document, undefined, 'a.psd').name).toBe('Top');
    expect(chooseLayer(document, '?ARD ONE', 'a.psd').name).toBe('Card one');
    expect(() => chooseLayer(document, 'x[*', 'a.psd')).toThrow(
      'a.psd has no visible layer of pixels named like',
    );
    const group = { ...groupLayer({ id: 'g', name: 'Group', children: ['Top'] }), visible: false };
    const hidden = {
      ...document,
      layers: { ...document.layers, g: group },
      order: ['Background', 'Card one', 'g'],
    };
    expect(chooseLayer(hidden, undefined, 'a.psd').name).toBe('Card one');
  });

  it('names the file in every refusal', async () => {
    const shelf = new Shelf();
    const alone = newDocument({ width: 8, height: 8 }, [layerOf(shelf, 'Only', plain(8, 8, [1, 2, 3, 255]))]);
    const picture = join(folder, 'alone.ora');
    await writeFile(picture, (await writeProject(alone, shelf, { format: 'ora' })).bytes);
    const work = { kind: 'project', picture, output: join(folder, 'x.ora') } as const;
    await expect(workOnProject(harmonizer, work, settings)).rejects.toMatchObject({ code: 'mask' });
    await expect(workOnProject(harmonizer, work, { ...settings, invert: true })).rejects.toMatchObject({
      message: expect.stringContaining('alone.ora'),
    });
    await writeFile(picture, 'not a project');
    await expect(workOnProject(harmonizer, work, settings)).rejects.toThrow('alone.ora');
    const gone = { ...work, picture: join(folder, 'gone.psd') };
    await expect(workOnProject(harmonizer, gone, settings)).rejects.toMatchObject({ code: 'not-found' });
  });
});
