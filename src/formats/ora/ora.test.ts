import fc from 'fast-check';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { documentView, renderDocument } from '../../compositor/render';
import { BLEND_MODES } from '../../document/blend-mode';
import { groupLayer, newDocument, pixelLayer } from '../../document/new-layer';
import { createMask } from '../../pixels/image';
import { decodePng } from '../png/decode';
import { readProject, writeProject } from '../project';
import { picture } from '../psd/documents-for-tests';
import { renumbered, TestShelf } from '../shelf-for-tests';
import { parseXml } from './xml';

const shelf = new TestShelf();
const pixels = shelf.image(picture(20, 12, 4));
const at = (e: number, f: number) => ({ a: 1, b: 0, c: 0, d: 1, e, f });
const layer = (id: string, more = {}) => pixelLayer({ id, name: id, pixels, width: 20, height: 12, ...more });

describe('an OpenRaster file that Attune saved', () => {
  it('opens as the document it was: layers, groups, places, modes, opacity', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...BLEND_MODES),
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        fc.boolean(),
        fc.tuple(fc.integer({ min: -9, max: 30 }), fc.integer({ min: -9, max: 30 })),
        async (blend, percent, visible, isolated, [x, y]) => {
          const layers = [
            layer('bottom <&"\'> ü'),
            layer('top', { blend, opacity: percent / 100, visible, transform: at(x, y) }),
            groupLayer({ id: 'g', name: 'g', isolated, children: ['top'] }),
          ];
          const document = newDocument({ width: 32, height: 24 }, layers, ['bottom <&"\'> ü', 'g']);
          const { bytes, notices } = await writeProject(document, shelf, { format: 'ora' });
          expect(notices).toEqual([]);
          const opened = await readProject(bytes, 'a.ora', shelf);
          expect(renumbered(opened.document)).toEqual(renumbered(document));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('holds what the format asks for: mimetype first and stored, the flattened picture, a thumbnail', async () => {
    const document = newDocument({ width: 32, height: 24 }, [layer('a'), layer('b', { opacity: 0.5 })]);
    const { bytes } = await writeProject(document, shelf, { format: 'ora' });
    expect(strFromU8(bytes.subarray(30, 54))).toBe('mimetypeimage/openraster');
    expect(bytes[8]).toBe(0);
    const files = unzipSync(bytes);
    expect(decodePng(files['mergedimage.png']!, 'm')).toEqual(
      renderDocument(document, shelf, documentView(document)),
    );
    expect(decodePng(files['Thumbnails/thumbnail.png']!, 't')).toMatchObject({ width: 32, height: 24 });
    expect(strFromU8(files['stack.xml']!)).toMatch(/name="b"[^]*name="a"/);
  });

  it('merges what OpenRaster does not have, and says so', async () => {
    const mask = createMask(20, 12);
    mask.data.fill(128);
    const rest = {
      outside: 'hides',
      enabled: true,
      inverted: false,
      density: 1,
      feather: 0,
      linked: true,
    } as const;
    const masked = layer('m', {
      mask: { pixels: shelf.mask(mask), width: 20, height: 12, transform: at(0, 0), ...rest },
    });
    const document = newDocument({ width: 32, height: 24 }, [
      layer('a'),
      masked,
      layer('c', { clipped: true }),
    ]);
    const saved = await writeProject(document, shelf, { format: 'ora' });
    expect(saved.notices.map(({ code }) => code)).toEqual(['not-shown']);
    const opened = await readProject(saved.bytes, 'a.ora', shelf);
    expect(opened.document.order).toHaveLength(2);
  });
});

describe('an OpenRaster file of others', () => {
  const archive = (stack: string) =>
    zipSync({
      mimetype: [strToU8('image/openraster'), { level: 0 }],
      'stack.xml': strToU8(stack),
    });

  it.each([
    ['no layers', '<image w="4" h="4"/>'],
    ['a picture that is missing', '<image w="4" h="4"><stack><layer src="data/none.png"/></stack></image>'],
    ['entities', '<!DOCTYPE image [<!ENTITY a "b">]><image w="4" h="4"><stack/></image>'],
    ['no size', '<image><stack/></image>'],
  ])('with %s is refused', async (_, stack) => {
    await expect(readProject(archive(stack), 'a.ora', shelf)).rejects.toMatchObject({ name: 'Fault' });
  });

  it('is shown as normal where its mode is not known, and that is said', async () => {
    const saved = await writeProject(newDocument({ width: 32, height: 24 }, [layer('a')]), shelf, {
      format: 'ora',
    });
    const files = unzipSync(saved.bytes);
    const stack = strFromU8(files['stack.xml']!).replace('svg:src-over', 'other:glow');
    const opened = await readProject(
      zipSync({ ...files, mimetype: [files.mimetype!, { level: 0 }], 'stack.xml': strToU8(stack) }),
      'a.ora',
      shelf,
    );
    expect(Object.values(opened.document.layers)[0]?.blend).toBe('normal');
    expect(opened.notices[0]?.message).toContain('other:glow');
  });
});

describe('XML', () => {
  it('is read with nesting, entities and either quotes', () => {
    const element = parseXml('<?xml version="1.0"?><!-- a --><a b="&lt;1&#65;"><c d=\'"\'/><e></e></a>');
    expect(element?.attributes.get('b')).toBe('<1A');
    expect(element?.children.map(({ name }) => name)).toEqual(['c', 'e']);
    expect(element?.children[0]?.attributes.get('d')).toBe('"');
  });

  it.each(['<a>', '<a></b>', '</a>', '', '<a/><b/>', '<!DOCTYPE a><a/>'])(
    'that is broken is refused: %s',
    (text) => {
      expect(parseXml(text)).toBeNull();
    },
  );
});
