import { describe, expect, it } from 'vitest';
import { diffDocuments, applyDiff, invertDiff, pixelsOfDocument, pixelsOfDiff, samePicture } from './diff';
import { cropDocument, resizeImage } from './document-actions';
import { documentOf } from './placement';
import { moveSelection, setSelection } from './selection-actions';

const street = documentOf({ pixels: 'p0', name: 'street', width: 400, height: 300 }, 'street');
const selection = { pixels: 's0', x: 10, y: 20, width: 50, height: 40 };
const selected = setSelection.perform(street, { selection });

describe('the selection of a document', () => {
  it('is a step like any other, and no change of the picture', () => {
    const diff = diffDocuments(street, selected);
    expect(applyDiff(street, diff)).toEqual(selected);
    expect(applyDiff(selected, invertDiff(diff))).toEqual(street);
    expect(samePicture(street, applyDiff(selected, invertDiff(diff)))).toBe(true);
    expect(samePicture(street, { ...selected, width: 401 })).toBe(false);
  });

  it('keeps its pixels alive', () => {
    expect(pixelsOfDocument(selected)).toContain('s0');
    expect(pixelsOfDiff(diffDocuments(selected, street))).toContain('s0');
  });

  it('is refused without a size, and the same one changes nothing', () => {
    expect(setSelection.perform(selected, { selection: { ...selection, width: 0 } })).toBe(selected);
    expect(setSelection.perform(selected, { selection: { ...selection, x: 0.5 } })).toBe(selected);
    expect(setSelection.perform(selected, { selection: { ...selection } })).toBe(selected);
    expect(setSelection.perform(street, { selection: null })).toBe(street);
  });

  it('moves by whole pixels, until it lies outside', () => {
    expect(moveSelection.perform(selected, { x: 2.4, y: -3 }).selection).toEqual({
      ...selection,
      x: 12,
      y: 17,
    });
    expect(moveSelection.perform(selected, { x: -60, y: 0 }).selection).toBeNull();
    expect(moveSelection.perform(selected, { x: Number.NaN, y: 0 })).toBe(selected);
    expect(moveSelection.perform(street, { x: 1, y: 1 })).toBe(street);
  });

  it('goes along when the document is cropped, and goes when it is scaled', () => {
    const cropped = cropDocument.perform(selected, { x: 5, y: 5, width: 100, height: 100 });
    expect(cropped.selection).toEqual({ ...selection, x: 5, y: 15 });
    expect(cropDocument.perform(selected, { x: 90, y: 5, width: 100, height: 100 }).selection).toBeNull();
    expect(resizeImage.perform(selected, { width: 200, height: 150 }).selection).toBeNull();
  });
});
