import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkSpec } from './registry';

/**
 * Tiny real networks for tests, written byte by byte: the few protobuf messages of ONNX (onnx.proto3) that a graph of
 * a 1×1 convolution needs. Only tests import this.
 */

const utf8 = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

const whole = (field: number, value: number) => Uint8Array.from([...varint(field * 8), ...varint(value)]);

function bytes(field: number, value: Uint8Array): Uint8Array {
  return join8(Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value);
}

const text = (field: number, value: string) => bytes(field, utf8.encode(value));
const message = (field: number, ...parts: Uint8Array[]) => bytes(field, join8(...parts));

function join8(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** ValueInfoProto of a float32 tensor. */
function valueInfo(field: number, name: string, shape: readonly number[]): Uint8Array {
  const dims = shape.map((side) => message(1, whole(1, side)));
  return message(field, text(1, name), message(2, message(1, whole(1, 1), message(2, ...dims))));
}

/** TensorProto of float32 values. */
function weights(
  field: number,
  name: string,
  shape: readonly number[],
  values: readonly number[],
): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message(field, ...shape.map((side) => whole(1, side)), whole(2, 1), text(8, name), bytes(9, raw));
}

/** A graph by what it does; the values are read in order. */
export interface TinyGraph {
  readonly width: number;
  readonly height: number;
  /** One row of 4 weights (three colour planes, mask) for each output plane. */
  readonly mix: readonly (readonly [number, number, number, number])[];
  /** Added to each output plane. */
  readonly bias?: readonly number[];
  /** Pictures a run; 1. With `pooled` the planes are averaged to [batch, planes]. */
  readonly batch?: number;
  readonly pooled?: boolean;
  /** So many sines and cosines follow, to make a run last. */
  readonly repeat?: number;
  readonly outputName: string;
}

/** ONNX: output = 1×1 convolution of the input [1, 4, height, width], then `repeat` sines and cosines in turns. */
export function tinyOnnx(tiny: TinyGraph): Uint8Array {
  const { width, height, mix, bias, repeat = 0, outputName, batch = 1, pooled = false } = tiny;
  const channels = mix.length;
  const nodes: Uint8Array[] = [];
  const first = repeat === 0 && !pooled ? outputName : 'step0';
  nodes.push(message(1, text(1, 'input'), text(1, 'mix'), text(1, 'bias'), text(2, first), text(4, 'Conv')));
  for (let i = 1; i <= repeat; i++) {
    const to = i === repeat ? outputName : `step${i}`;
    nodes.push(message(1, text(1, `step${i - 1}`), text(2, to), text(4, i % 2 ? 'Sin' : 'Cos')));
  }
  if (pooled) {
    nodes.push(message(1, text(1, 'step0'), text(2, 'pool'), text(4, 'GlobalAveragePool')));
    nodes.push(message(1, text(1, 'pool'), text(2, outputName), text(4, 'Flatten')));
  }
  const graph = message(
    7,
    ...nodes,
    text(2, 'tiny'),
    weights(5, 'mix', [channels, 4, 1, 1], mix.flat()),
    weights(5, 'bias', [channels], bias ?? mix.map(() => 0)),
    valueInfo(11, 'input', [batch, 4, height, width]),
    valueInfo(12, outputName, pooled ? [batch, channels] : [1, channels, height, width]),
  );
  return join8(whole(1, 8), graph, message(8, text(1, ''), whole(2, 17)));
}

/** What a test network differs in from a plain RGB image network without normalisation. */
export type TinyNetwork = Partial<NetworkSpec['input']> & {
  readonly name: string;
  readonly kind?: NetworkSpec['kind'];
  /** Of a network of kind `score`: pictures a run. */
  readonly batch?: number;
  readonly graph?: Partial<TinyGraph>;
  /** Written instead of the graph. */
  readonly file?: Uint8Array;
  /** Said instead of the true hash and length. */
  readonly sha256?: string;
  readonly bytes?: number;
};

const PASS = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
] as const;

/** Writes a folder as models/ is, with these networks; the first is the default. */
export async function tinyModels(...networks: readonly TinyNetwork[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-models-'));
  const specs: unknown[] = [];
  for (const { name, kind = 'image', graph, file, sha256, bytes: length, batch = 1, ...input } of networks) {
    const width = input.width ?? 3;
    const height = input.height ?? 2;
    const outputName = { image: 'image', colorMap: 'coefficients', score: 'score', scene: 'scores' }[kind];
    const none = [0, 0, 0, 0] as const;
    const mix = {
      image: PASS,
      colorMap: Array.from({ length: 30 }, () => none),
      score: [none],
      scene: PASS.slice(0, 2),
    }[kind];
    const pooled = kind === 'score';
    const onnx = file ?? tinyOnnx({ width, height, mix, outputName, batch, pooled, ...graph });
    const channels = mix.length;
    await writeFile(join(folder, `${name}.onnx`), onnx);
    const rest = { mean: [0, 0, 0], scale: [1, 1, 1], maskMean: 0, maskScale: 1, ...input };
    specs.push({
      name,
      version: '1',
      title: `Tiny ${name}`,
      file: `${name}.onnx`,
      sha256: sha256 ?? createHash('sha256').update(onnx).digest('hex'),
      bytes: length ?? onnx.length,
      kind,
      input: { name: 'input', width, height, colorOrder: 'RGB', resize: 'area', ...rest },
      ...(pooled ? { batch } : {}),
      ...(kind === 'scene' ? { labels: ['sky', 'sea'] } : {}),
      output: { name: outputName, channels, ...(pooled ? {} : { width, height }) },
    });
  }
  const index = { version: 1, default: networks[0]!.name, networks: specs };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  return folder;
}
