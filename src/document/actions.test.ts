import { describe, expect, it } from 'vitest';
import {
  addLayer,
  duplicateLayer,
  nudgeLayer,
  removeLayer,
  renameLayer,
  transformLayer,
} from './layer-actions';
import { lowerLayer, raiseLayer, raiseToTop } from './order-actions';
import { setOpacity } from './look-actions';
import { setHarmonization } from './harmonize-actions';
import { documentOf, layersUpTo, placePicture } from './placement';

const street = documentOf({ pixels: 'p0', name: 'street', width: 400, height: 300 }, 'street');
const sofa = placePicture(street, { pixels: 'p1', name: 'sofa', width: 100, height: 50 }, 'sofa');
const two = addLayer.perform(street, { layer: sofa });

describe('placing pictures', () => {
  it('makes the document of the first picture, locked in its place', () => {
    expect(street).toMatchObject({ width: 400, height: 300, order: ['street'] });
    expect(street.layers.street).toMatchObject({
      locks: { position: true },
      transform: { a: 1, d: 1, e: 0, f: 0 },
    });
  });

  it('centres a smaller picture on whole pixels and scales a larger one to fit', () => {
    expect(sofa.transform).toEqual({ a: 1, b: 0, c: 0, d: 1, e: 150, f: 125 });
    const large = placePicture(street, { pixels: 'p', name: 'x', width: 800, height: 300 }, 'x');
    expect(large.transform).toMatchObject({ a: 0.5, d: 0.5, e: 0, f: 75 });
  });

  it('puts a dropped picture where it was dropped', () => {
    const dropped = placePicture(street, { pixels: 'p', name: 'x', width: 20, height: 10 }, 'x', {
      x: 30,
      y: 40,
    });
    expect(dropped.transform).toMatchObject({ e: 20, f: 35 });
  });
});

describe('layer commands', () => {
  it('leaves a locked layer where it is', () => {
    expect(nudgeLayer.perform(two, { id: 'street', x: 1, y: 0 })).toBe(two);
    expect(nudgeLayer.enabled(two, { selected: ['street'] })).toBe(false);
    expect(nudgeLayer.perform(two, { id: 'sofa', x: 1, y: -2 }).layers.sofa).toMatchObject({
      transform: { e: 151, f: 123 },
    });
  });

  it('refuses a transform that flattens the layer or is not finite', () => {
    const flat = { a: 1, b: 1, c: 1, d: 1, e: 0, f: 0 };
    expect(transformLayer.perform(two, { id: 'sofa', transform: flat })).toBe(two);
    const lost = { a: 1, b: 0, c: 0, d: 1, e: Number.NaN, f: 0 };
    expect(transformLayer.perform(two, { id: 'sofa', transform: lost })).toBe(two);
  });

  it('clamps opacity and ignores what is no number', () => {
    expect(setOpacity.perform(two, { id: 'sofa', opacity: 7 }).layers.sofa?.opacity).toBe(1);
    expect(setOpacity.perform(two, { id: 'sofa', opacity: Number.NaN })).toBe(two);
  });

  it('duplicates above the original, unlocked, sharing the pixels, with a name of its own', () => {
    const doubled = duplicateLayer.perform(two, { id: 'street', copy: 'copy' });
    expect(doubled.order).toEqual(['street', 'copy', 'sofa']);
    expect(doubled.layers.copy).toMatchObject({
      name: 'street copy',
      pixels: 'p0',
      locks: { position: false },
    });
    const again = duplicateLayer.perform(doubled, { id: 'copy', copy: 'copy2' });
    expect(again.layers.copy2?.name).toBe('street copy 2');
  });

  it('moves up and down, and knows when it cannot', () => {
    expect(raiseLayer.perform(two, { id: 'street' }).order).toEqual(['sofa', 'street']);
    expect(raiseLayer.enabled(two, { selected: ['sofa'] })).toBe(false);
    expect(lowerLayer.enabled(two, { selected: ['street'] })).toBe(false);
    expect(lowerLayer.perform(two, { id: 'street' })).toBe(two);
    expect(raiseToTop.perform(two, { id: 'sofa' })).toBe(two);
  });

  it('renames, but never to nothing', () => {
    expect(renameLayer.perform(two, { id: 'sofa', name: '  couch ' }).layers.sofa?.name).toBe('couch');
    expect(renameLayer.perform(two, { id: 'sofa', name: '   ' })).toBe(two);
  });

  it('forgets a deleted layer in the order too', () => {
    expect(removeLayer.perform(two, { id: 'sofa' })).toEqual(street);
  });

  it('offers to harmonize only what has another layer', () => {
    expect(setHarmonization.enabled(street, { selected: ['street'] })).toBe(false);
    expect(setHarmonization.enabled(two, { selected: ['sofa'] })).toBe(true);
    expect(setHarmonization.enabled(two, { selected: [] })).toBe(false);
  });

  it('lets a harmonization see what lies under the layer, not above', () => {
    const three = addLayer.perform(two, { layer: { ...sofa, id: 'lamp' } });
    expect(layersUpTo(three, 'sofa')).toEqual(['street', 'sofa']);
  });
});
