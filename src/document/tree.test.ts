import { describe, expect, it } from 'vitest';
import { cropDocument, replaceLayers, resizeImage } from './document-actions';
import { duplicateLayer, moveBy, removeLayer, transformLayer } from './layer-actions';
import { setBlend } from './look-actions';
import { adjustmentLayer, groupLayer, newDocument, pixelLayer } from './new-layer';
import { NEUTRAL } from './adjustment';
import { setAdjustment } from './adjustment-actions';
import { groupLayers, moveLayers, raiseLayer, ungroupLayer } from './order-actions';
import { layersUpTo } from './placement';
import type { LayerMask } from './records';
import { groupsAround, isPinned, isShown, layersBottomUp, outermost } from './tree';

const picture = (id: string) => pixelLayer({ id, name: id, pixels: `p-${id}`, width: 10, height: 10 });
const mask: LayerMask = {
  pixels: 'm',
  width: 10,
  height: 10,
  transform: { a: 1, b: 0, c: 0, d: 1, e: 2, f: 3 },
  outside: 'hides',
  enabled: true,
  inverted: false,
  density: 1,
  feather: 0,
  linked: true,
};
/** sky, furniture [sofa, lamp], tone — from the bottom. */
const room = newDocument(
  { width: 100, height: 80 },
  [
    picture('sky'),
    picture('sofa'),
    { ...picture('lamp'), mask },
    groupLayer({ id: 'furniture', name: 'Furniture', children: ['sofa', 'lamp'] }),
    adjustmentLayer({ id: 'tone', name: 'Tone', adjustment: NEUTRAL.exposure }),
  ],
  ['sky', 'furniture', 'tone'],
);
const names = (document = room) => layersBottomUp(document).map(({ id }) => id);

describe('the tree of layers', () => {
  it('is walked from the bottom to the top, a group after what lies in it', () => {
    expect(names()).toEqual(['sky', 'sofa', 'lamp', 'furniture', 'tone']);
    expect(groupsAround(room, 'lamp').map(({ id }) => id)).toEqual(['furniture']);
    expect(outermost(room, ['lamp', 'tone', 'furniture'])).toEqual(['furniture', 'tone']);
    expect(layersUpTo(room, 'sofa')).toEqual(['sky', 'sofa', 'furniture']);
  });

  it('hands hidden and locked down to what lies in a group', () => {
    const furniture = { ...room.layers.furniture!, visible: false };
    const pinned = { ...furniture, locks: { ...furniture.locks, position: true } };
    const hidden = { ...room, layers: { ...room.layers, furniture: pinned } };
    expect([isShown(room, 'sofa'), isShown(hidden, 'sofa'), isShown(hidden, 'sky')]).toEqual([
      true,
      false,
      true,
    ]);
    expect([isPinned(room, 'sofa'), isPinned(hidden, 'sofa')]).toEqual([false, true]);
    expect(moveBy.perform(hidden, { id: 'sofa', by: { a: 1, b: 0, c: 0, d: 1, e: 5, f: 5 } })).toBe(hidden);
  });

  it('moves layers into, out of and among groups, never into themselves', () => {
    const into = moveLayers.perform(room, { ids: ['tone', 'sky'], to: { parent: 'furniture', index: 1 } });
    expect(names(into)).toEqual(['sofa', 'sky', 'tone', 'lamp', 'furniture']);
    expect(moveLayers.perform(room, { ids: ['furniture'], to: { parent: 'furniture', index: 0 } })).toBe(
      room,
    );
    expect(names(raiseLayer.perform(room, { id: 'lamp' }))).toEqual([
      'sky',
      'sofa',
      'furniture',
      'lamp',
      'tone',
    ]);
    expect(moveLayers.perform(room, { ids: ['sky'], to: { parent: null, index: 1 } })).toBe(room);
  });

  it('groups and ungroups in place', () => {
    const grouped = groupLayers.perform(room, { ids: ['sky', 'sofa'], group: 'g' });
    expect(names(grouped)).toEqual(['sky', 'sofa', 'g', 'lamp', 'furniture', 'tone']);
    expect(groupsAround(grouped, 'sky').map(({ id }) => id)).toEqual(['g', 'furniture']);
    expect(names(ungroupLayer.perform(room, { id: 'furniture' }))).toEqual(['sky', 'sofa', 'lamp', 'tone']);
  });

  it('removes and copies a group with all that lies in it', () => {
    expect(names(removeLayer.perform(room, { id: 'furniture' }))).toEqual(['sky', 'tone']);
    const copied = duplicateLayer.perform(room, { id: 'furniture', copy: 'c' });
    expect(names(copied).slice(3)).toEqual(['furniture', 'c/sofa', 'c/lamp', 'c', 'tone']);
    expect(copied.layers['c/sofa']).toMatchObject({ name: 'sofa', pixels: 'p-sofa' });
  });

  it('puts a merged layer where the topmost lay', () => {
    const merged = replaceLayers.perform(room, { ids: ['sky', 'lamp'], layer: picture('merged') });
    expect(names(merged)).toEqual(['sofa', 'merged', 'furniture', 'tone']);
  });
});

describe('what moves along', () => {
  it('is a linked mask, and no other', () => {
    const by = { a: 2, b: 0, c: 0, d: 2, e: 4, f: 0 };
    const moved = moveBy.perform(room, { id: 'furniture', by });
    expect(moved.layers.sofa).toMatchObject({ transform: by });
    expect(moved.layers.lamp).toMatchObject({ mask: { transform: { a: 2, d: 2, e: 8, f: 6 } } });
    const free = { ...room.layers.lamp!, mask: { ...mask, linked: false } };
    const loose = { ...room, layers: { ...room.layers, lamp: free } };
    const still = transformLayer.perform(loose, { id: 'lamp', transform: by });
    expect(still.layers.lamp).toMatchObject({ transform: by, mask: { transform: mask.transform } });
  });

  it('is everything when the document is cropped or scaled, and nothing is baked', () => {
    const cropped = cropDocument.perform(room, { x: 10, y: 5, width: 50, height: 40 });
    expect(cropped).toMatchObject({ width: 50, height: 40 });
    expect(cropped.layers.lamp).toMatchObject({
      width: 10,
      transform: { e: -10, f: -5 },
      mask: { transform: { e: -8, f: -2 } },
    });
    const scaled = resizeImage.perform(room, { width: 200, height: 160, resolution: 300 });
    expect(scaled).toMatchObject({ width: 200, resolution: 300 });
    expect(scaled.layers.sofa).toMatchObject({ width: 10, transform: { a: 2, d: 2 } });
    expect(cropDocument.perform(room, { x: 0, y: 0, width: 0, height: 5 })).toBe(room);
  });
});

describe('blend modes and adjustments', () => {
  it('isolates a group that is given a mode, and lets it pass through again', () => {
    const isolated = setBlend.perform(room, { id: 'furniture', blend: 'multiply' });
    expect(isolated.layers.furniture).toMatchObject({ isolated: true, blend: 'multiply' });
    const passing = setBlend.perform(isolated, { id: 'furniture', blend: 'pass through' });
    expect(passing.layers.furniture).toMatchObject({ isolated: false });
    expect(setBlend.perform(room, { id: 'sofa', blend: 'pass through' })).toBe(room);
  });

  it('keeps settings within their ranges, and the kind of the layer', () => {
    const set = (exposure: number) =>
      setAdjustment.perform(room, {
        id: 'tone',
        adjustment: { kind: 'exposure', exposure, offset: 0, gamma: 1 },
      });
    expect(set(99).layers.tone).toMatchObject({ adjustment: { exposure: 20 } });
    expect(set(Number.NaN)).toBe(room);
    expect(set(0)).toBe(room);
    expect(setAdjustment.perform(room, { id: 'tone', adjustment: NEUTRAL.levels })).toBe(room);
  });
});
