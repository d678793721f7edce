import type { NetworkInput } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import type { HarmonizingSpec, NetworkSpec, SceneSpec } from './registry';

/** Where plane c of the network's colours lies in RGB. */
function planeOrder(spec: NetworkSpec): readonly [number, number, number] {
  return spec.input.colorOrder === 'RGB' ? [0, 1, 2] : [2, 1, 0];
}

/**
 * The input tensor [1, 4, height, width]: three colour planes in the network's order as (v − mean)·scale, then the
 * mask as (m − maskMean)·maskScale; v and m in 0..255. Throws a Fault `size-mismatch` when the input is not of the
 * network's size.
 */
export function toTensor(input: NetworkInput, spec: NetworkSpec): Float32Array {
  const { width, height, mean, scale, maskMean, maskScale } = spec.input;
  const size = width * height;
  if (
    input.width !== width ||
    input.height !== height ||
    input.image.length !== 3 * size ||
    input.mask.length !== size
  ) {
    throw new Fault(
      'size-mismatch',
      `The network “${spec.name}” sees ${width}×${height} pixels, not ${input.width}×${input.height}.`,
    );
  }
  const tensor = new Float32Array(4 * size);
  planeOrder(spec).forEach((rgb, plane) => {
    const from = rgb * size;
    const to = plane * size;
    const m = mean[plane]!;
    const s = scale[plane]!;
    for (let i = 0; i < size; i++) tensor[to + i] = (input.image[from + i]! - m) * s;
  });
  for (let i = 0; i < size; i++) tensor[3 * size + i] = (input.mask[i]! - maskMean) * maskScale;
  return tensor;
}

/**
 * Checks what a network answered (shape and finiteness) and brings an image into RGB order. Throws an Error that says
 * what is wrong.
 */
export function fromTensor(output: TensorData, spec: HarmonizingSpec | SceneSpec): Float32Array {
  const { channels, width, height } = spec.output;
  const data = checkOutput(output, [1, channels, height, width]);
  // A copy: the tensor's memory is ONNX Runtime's.
  if (spec.kind !== 'image' || spec.input.colorOrder === 'RGB') return data.slice();
  const size = width * height;
  const rgb = new Float32Array(data.length);
  planeOrder(spec).forEach((to, plane) => {
    rgb.set(data.subarray(plane * size, (plane + 1) * size), to * size);
  });
  return rgb;
}

/** A tensor of ONNX Runtime, as far as it is read here. */
export interface TensorData {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** The numbers of an output of this shape. Throws an Error that says what is wrong. */
export function checkOutput({ type, dims, data }: TensorData, expected: readonly number[]): Float32Array {
  if (!(data instanceof Float32Array) || !sameShape(dims, expected)) {
    throw new Error(`it answered ${type} [${dims.join(', ')}] instead of float32 [${expected.join(', ')}]`);
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) throw new Error('it answered values that are not finite');
  }
  return data;
}

export function sameShape(a: readonly unknown[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}
