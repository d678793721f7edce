import { readPsd, writePsdUint8Array, type Psd } from 'ag-psd';
import { describe, expect, it } from 'vitest';
import { NEUTRAL } from '../../document/adjustment';
import { adjustmentLayer, newDocument, pixelLayer } from '../../document/new-layer';
import type { Document, PixelLayer } from '../../document/records';
import { srgbProfile } from '../color/srgb-profile';
import { readProject, writeProject } from '../project';
import { TestShelf } from '../shelf-for-tests';
import { readContainer } from './container';
import { picture } from './documents-for-tests';
import { resourceOf } from './flat';
import { smallPsd, text, u16, u32 } from './small-files-for-tests';

const shelf = new TestShelf();
const only = ({ layers, order }: Document) => layers[order[0]!] as PixelLayer;
const pixelsOf = (document: Document) => [...shelf.get(only(document).pixels)!.data];

describe('flat files', () => {
  it('of an indexed picture are read by their palette, with its transparent colour', async () => {
    const colors = new Uint8Array(768);
    [10, 20].forEach((v, i) => (colors[i] = v));
    [30, 40].forEach((v, i) => (colors[256 + i] = v));
    [50, 60].forEach((v, i) => (colors[512 + i] = v));
    const file = smallPsd({
      ...{ width: 2, height: 1, channels: 1, depth: 8, mode: 2, colors },
      resources: [[1047, Uint8Array.of(0, 1)]],
      picture: Uint8Array.of(0, 0, 0, 1),
    });
    const { document, notices } = await readProject(file, 'a.psd', shelf);
    expect(pixelsOf(document)).toEqual([10, 30, 50, 255, 20, 40, 60, 0]);
    expect(notices).toEqual([]);
  });

  it('of a grey picture of 16 bits are read, and that is said', async () => {
    const file = smallPsd({
      ...{ width: 2, height: 1, channels: 1, depth: 16, mode: 1 },
      picture: Uint8Array.of(0, 0, ...u16(65535), ...u16(257 * 77)),
    });
    const { document, notices } = await readProject(file, 'a.psd', shelf);
    expect(pixelsOf(document)).toEqual([255, 255, 255, 255, 77, 77, 77, 255]);
    expect(notices.map(({ code }) => code)).toEqual(['depth']);
  });

  it('of one bit are black and white', async () => {
    const file = smallPsd({
      ...{ width: 3, height: 2, channels: 1, depth: 1, mode: 0 },
      picture: Uint8Array.of(0, 0, 0b10100000, 0b01000000),
    });
    const { document } = await readProject(file, 'a.psd', shelf);
    expect(pixelsOf(document).filter((_, i) => i % 4 === 0)).toEqual([0, 255, 0, 255, 0, 255]);
  });

  it('with a colour profile come to sRGB, and that is said; sRGB itself changes nothing', async () => {
    const flat = {
      width: 1,
      height: 1,
      channels: 3,
      depth: 8,
      mode: 3,
      picture: Uint8Array.of(0, 0, 200, 100, 50),
    };
    const other = srgbProfile();
    const view = new DataView(other.buffer);
    // One gamma of 1 for all three curves: linear light.
    for (let i = 0; i < view.getUint32(128); i++) {
      if (view.getUint8(132 + 12 * i + 1) === 0x54) view.setUint32(view.getUint32(136 + 12 * i) + 8, 0);
    }
    const linear = await readProject(smallPsd({ ...flat, resources: [[1039, other]] }), 'a.psd', shelf);
    expect(pixelsOf(linear.document)).toEqual([229, 168, 122, 255]);
    expect(linear.notices.map(({ code }) => code)).toEqual(['profile']);
    const same = await readProject(smallPsd({ ...flat, resources: [[1039, srgbProfile()]] }), 'a.psd', shelf);
    expect(pixelsOf(same.document)).toEqual([200, 100, 50, 255]);
    expect(same.notices).toEqual([]);
    const table = await readProject(
      smallPsd({ ...flat, resources: [[1039, new Uint8Array(200)]] }),
      'a.psd',
      shelf,
    );
    expect(table.notices.map(({ code }) => code)).toEqual(['profile-unknown']);
  });

  it('with transparency have the white taken out of their colours', async () => {
    const file = smallPsd({
      ...{ width: 1, height: 1, channels: 4, depth: 8, mode: 3 },
      resources: [[1006, Uint8Array.of(12, ...text('Transparency'))]],
      picture: Uint8Array.of(0, 0, 178, 153, 128, 128),
    });
    const { document } = await readProject(file, 'a.psd', shelf);
    expect(pixelsOf(document)).toEqual([102, 52, 2, 128]);
  });

  it('of 32 bits, or with more pixels than fit, are refused with what to do', async () => {
    const flat = { width: 1, height: 1, channels: 3, depth: 32, mode: 3, picture: new Uint8Array(14) };
    await expect(readProject(smallPsd(flat), 'hdr.psd', shelf)).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('8 Bits'),
    });
    const huge = { ...flat, depth: 8, width: 30_000, height: 30_000 };
    await expect(readProject(smallPsd(huge), 'huge.psd', shelf)).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('what Attune does not have', () => {
  const held = picture(6, 4, 3);
  const withText = (): Uint8Array => {
    const psd: Psd = {
      width: 16,
      height: 12,
      children: [
        {
          name: 'Words',
          left: 3,
          top: 2,
          imageData: held,
          text: { text: 'Hello', transform: [1, 0, 0, 1, 3, 2] },
          effects: { dropShadow: [{ enabled: true, opacity: 0.5 }] },
        },
        { name: 'Turned', adjustment: { type: 'invert' } },
      ],
    };
    return writePsdUint8Array(psd, { noBackground: true });
  };
  const reread = (bytes: Uint8Array) =>
    readPsd(bytes, { skipLayerImageData: true, skipCompositeImageData: true });

  it('is marked, shown by its pixels, and written again byte for byte', async () => {
    const bytes = withText();
    const opened = await readProject(bytes, 'a.psd', shelf);
    const [words, turned] = opened.document.order.map((id) => opened.document.layers[id]!);
    expect(words).toMatchObject({ kind: 'pixels', kept: { title: 'Text' }, width: 6, height: 4 });
    expect(turned?.kept?.title).toBeUndefined();
    expect(shelf.get((words as PixelLayer).pixels)?.data).toEqual(held.data);
    expect(opened.notices.map(({ code }) => code)).toContain('kept');

    const saved = await writeProject(opened.document, shelf, { format: 'psd' });
    expect(saved.notices).toEqual([]);
    const block = (of: Uint8Array, key: string) => {
      const found = readContainer(of, 'x').layers[0]!.blocks.find((each) => each.key === key)!;
      return [...of.subarray(found.start, found.end)];
    };
    for (const key of ['TySh', 'lfx2']) expect(block(saved.bytes, key)).toEqual(block(bytes, key));
    const again = reread(saved.bytes).children?.[0];
    expect(again?.text?.text).toBe('Hello');
    expect(again?.effects?.dropShadow?.[0]?.opacity).toBeCloseTo(0.5);
  });

  it('becomes pixels when its layer was moved, and that is said; effects stay', async () => {
    const { document } = await readProject(withText(), 'a.psd', shelf);
    const words = only(document);
    const moved = { ...words, transform: { ...words.transform, e: 9 } };
    const changed = { ...document, layers: { ...document.layers, [words.id]: moved } };
    const saved = await writeProject(changed, shelf, { format: 'psd' });
    expect(saved.notices.map(({ code }) => code)).toEqual(['kept-lost']);
    const again = reread(saved.bytes).children?.[0];
    expect(again?.text).toBeUndefined();
    expect(again?.effects?.dropShadow).toHaveLength(1);
  });
});

describe('a file that Attune saved', () => {
  const layer = pixelLayer({
    id: 'a',
    name: 'A',
    pixels: shelf.image(picture(9, 7, 1)),
    width: 9,
    height: 7,
  });
  const harmonization = {
    ...{
      method: 'colormap',
      network: 'colormap',
      version: '1',
      device: 'cpu',
      ms: 5,
      strength: 0.6,
      enabled: true,
    },
    pixels: shelf.image(picture(9, 7, 2)),
  };

  it('carries an sRGB profile, a thumbnail and the flattened picture', async () => {
    const document = newDocument({ width: 400, height: 10 }, [layer]);
    const asked: [number, number][] = [];
    const { bytes } = await writeProject(document, shelf, {
      format: 'psd',
      encodeJpeg: async ({ width, height }) => {
        asked.push([width, height]);
        return Uint8Array.of(255, 216, 255, 217);
      },
    });
    const container = readContainer(bytes, 'a.psd');
    expect(resourceOf(container, bytes, 1039)).toEqual(srgbProfile());
    expect([...resourceOf(container, bytes, 1036)!.subarray(-4)]).toEqual([255, 216, 255, 217]);
    expect(asked).toEqual([[160, 4]]);
    expect(container.composite.end - container.composite.start).toBeGreaterThan(40);
  });

  it('shows the layers of another program where that changed what Attune had harmonized', async () => {
    const document = newDocument({ width: 20, height: 10 }, [{ ...layer, harmonization }]);
    const { bytes } = await writeProject(document, shelf, { format: 'psd' });
    const same = await readProject(bytes, 'a.psd', shelf);
    expect(only(same.document).harmonization).toEqual(harmonization);
    const wrong = Buffer.from(bytes);
    const at = wrong.indexOf('strength&#34;:0.6');
    wrong.write('7', at + 'strength&#34;:0.'.length);
    const changed = await readProject(new Uint8Array(wrong), 'a.psd', shelf);
    expect(changed.notices.map(({ code }) => code)).toEqual(['harmonization-lost']);
    expect(changed.document.order).toHaveLength(3);
    const shown = changed.document.order.filter((id) => changed.document.layers[id]!.visible);
    expect(shown).toHaveLength(1);
  });

  it('is PSB where a side is longer than a PSD can be, and that is said', async () => {
    const document = newDocument({ width: 30_001, height: 1 }, [layer]);
    const saved = await writeProject(document, shelf, { format: 'psd' });
    expect(saved).toMatchObject({ format: 'psb', notices: [{ code: 'large' }] });
    expect([...saved.bytes.subarray(4, 6)]).toEqual(u16(2));
    const opened = await readProject(saved.bytes, 'a.psb', shelf);
    expect(opened.document).toMatchObject({ width: 30_001, height: 1 });
    expect(u32(0x01020304)).toEqual([1, 2, 3, 4]);
  });

  it('has levels with the end that the specification asks for', async () => {
    const levels = adjustmentLayer({ id: 'l', name: 'L', adjustment: NEUTRAL.levels });
    const document = newDocument({ width: 5, height: 5 }, [layer, levels]);
    const { bytes } = await writeProject(document, shelf, { format: 'psd' });
    const block = readContainer(bytes, 'a.psd').layers[1]!.blocks.find(({ key }) => key === 'levl')!;
    expect(block.end - block.start).toBe(632);
    const tail = [...bytes.subarray(block.start + 292, block.start + 310)];
    expect(tail).toEqual([...text('Lvls'), 0, 3, 0, 62, 0, 0, 0, 255, 0, 0, 0, 255, 0, 100]);
    expect([...bytes.subarray(block.end - 4, block.end)]).toEqual([0, 100, 0, 0]);
  });

  it('is not made of pixels that are missing', async () => {
    const document = newDocument({ width: 5, height: 5 }, [{ ...layer, pixels: 'gone' }]);
    await expect(writeProject(document, shelf, { format: 'psd' })).rejects.toMatchObject({
      code: 'document',
    });
  });
});
