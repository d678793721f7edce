import { describe, expect, it } from 'vitest';
import { addLayer, setVisible } from '../../document/layer-actions';
import { setOpacity } from '../../document/look-actions';
import { documentOf, placePicture } from '../../document/placement';
import { exportName, size } from './exporting';
import { refusal } from './inferring';

describe('the name of an export', () => {
  it('gets the extension of its format, once', () => {
    expect(exportName('sofa', 'png')).toBe('sofa.png');
    expect(exportName('sofa.jpeg', 'png')).toBe('sofa.png');
    expect(exportName('sofa.png', 'jpeg')).toBe('sofa.jpg');
    expect(exportName('v1.2', 'png')).toBe('v1.2.png');
  });

  it('loses what file systems refuse', () => {
    expect(exportName('a/b\\c:d\u0007', 'png')).toBe('a-b-c-d-.png');
    expect(exportName('  ', 'jpeg')).toBe('Untitled.jpg');
    expect(exportName('x'.repeat(999), 'png').length).toBe(204);
  });

  it('tells sizes in the units of people', () => {
    expect([5, 5e3, 5.25e6, 2.5e9].map(size)).toEqual(['5 B', '5 KB', '5.3 MB', '2.50 GB']);
  });
});

describe('what cannot be harmonized', () => {
  const street = documentOf({ pixels: 'p', name: 'street', width: 400, height: 300 }, 'street');
  const sofa = placePicture(street, { pixels: 'q', name: 'sofa', width: 40, height: 30 }, 'sofa');
  const two = addLayer.perform(street, { layer: sofa });

  it('is a layer with nothing visible under it, or a hidden one', () => {
    expect(refusal(two, 'sofa')).toBeNull();
    expect(refusal(two, 'street')?.message).toContain('Nothing visible');
    expect(refusal(setVisible.perform(two, { id: 'street', visible: false }), 'sofa')?.code).toBe('document');
    expect(refusal(setOpacity.perform(two, { id: 'street', opacity: 0 }), 'sofa')?.code).toBe('document');
    expect(refusal(setVisible.perform(two, { id: 'sofa', visible: false }), 'sofa')?.message).toContain(
      'hidden',
    );
    expect(refusal(two, 'gone')?.code).toBe('document');
  });
});
