import { describe, expect, it } from 'vitest';
import type { HarmonizingSpec } from './registry';
import { fromTensor, toTensor } from './tensor';

const spec = (colorOrder: 'RGB' | 'BGR', kind: 'image' | 'colorMap' = 'image'): HarmonizingSpec => {
  const common = {
    name: 'tiny',
    version: '1',
    title: 'Tiny',
    file: 'tiny.onnx',
    sha256: '0'.repeat(64),
    bytes: 1,
    input: {
      name: 'input',
      width: 2,
      height: 1,
      colorOrder,
      mean: [1, 2, 3] as [number, number, number],
      scale: [10, 100, 1000] as [number, number, number],
      maskMean: 5,
      maskScale: 0.5,
      resize: 'area' as const,
    },
  };
  const output = { name: 'out', width: 2, height: 1 };
  return kind === 'image'
    ? { ...common, kind, output: { ...output, channels: 3 } }
    : { ...common, kind, output: { ...output, channels: 30 } };
};
const input = {
  network: 'tiny',
  width: 2,
  height: 1,
  image: Float32Array.of(10, 11, 20, 21, 30, 31),
  mask: Float32Array.of(0, 255),
};

describe('the input tensor', () => {
  it('is planes in the network’s order, each with its own mean and scale, then the mask', () => {
    expect([...toTensor(input, spec('RGB'))]).toEqual([90, 100, 1800, 1900, 27000, 28000, -2.5, 125]);
    expect([...toTensor(input, spec('BGR'))]).toEqual([290, 300, 1800, 1900, 7000, 8000, -2.5, 125]);
  });

  it('is refused in another size', () => {
    expect(() => toTensor({ ...input, width: 1, height: 2 }, spec('RGB'))).toThrow(
      'sees 2×1 pixels, not 1×2',
    );
    expect(() => toTensor({ ...input, mask: new Float32Array(1) }, spec('RGB'))).toThrow('sees 2×1');
  });
});

describe('the output tensor', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const output = { type: 'float32', dims: [1, 3, 1, 2], data };

  it('comes out in RGB, in memory of its own', () => {
    expect([...fromTensor(output, spec('BGR'))]).toEqual([5, 6, 3, 4, 1, 2]);
    const rgb = fromTensor(output, spec('RGB'));
    expect([...rgb]).toEqual([...data]);
    expect(rgb.buffer).not.toBe(data.buffer);
  });

  it('of a colour map is left in its order', () => {
    const map = Float32Array.from({ length: 60 }, (_, i) => i);
    const answered = { type: 'float32', dims: [1, 30, 1, 2], data: map };
    expect(fromTensor(answered, spec('BGR', 'colorMap'))).toEqual(map);
  });

  it('is refused with another shape, another type, and values that are not finite', () => {
    expect(() => fromTensor({ ...output, dims: [1, 3, 2, 1] }, spec('RGB'))).toThrow('[1, 3, 2, 1]');
    expect(() => fromTensor({ ...output, type: 'int32', data: new Int32Array(6) }, spec('RGB'))).toThrow(
      'int32',
    );
    expect(() => fromTensor({ ...output, data: Float32Array.of(1, 2, NaN, 4, 5, 6) }, spec('RGB'))).toThrow(
      'not finite',
    );
  });
});
