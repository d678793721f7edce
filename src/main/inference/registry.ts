import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type ClassicalName,
  classicalInfo,
  classicalMethods,
  isClassical,
  networkOf,
} from '../../harmonize/classical/methods';
import { CUT_AND_PASTE, type NetworkInfo, type SceneInfo } from '../../harmonize/network';
import { Fault } from '../../pixels/fault';
import { modelsFolder } from '../place';

const side = z.number().int().min(1).max(4096);
const perColour = z.tuple([z.number(), z.number(), z.number()]);
const factor = z.number().refine((v) => v !== 0, 'must not be 0');

/** How a network wants its input: (v − mean)·scale per colour and (m − maskMean)·maskScale, v and m in 0..255. */
const networkSpecInput = z.object({
  name: z.string().min(1),
  width: side,
  height: side,
  colorOrder: z.enum(['RGB', 'BGR']),
  /** In RGB or BGR, like the planes. */
  mean: perColour,
  scale: z.tuple([factor, factor, factor]),
  maskMean: z.number(),
  maskScale: factor,
  resize: z.literal('area'),
});

const output = { name: z.string().min(1), width: side, height: side };
const common = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and dashes'),
  version: z.string().min(1),
  title: z.string().min(1),
  file: z.string().regex(/^[\w-][\w.-]*\.onnx$/, 'must be a plain file name that ends in .onnx'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
  bytes: z.number().int().positive(),
  input: networkSpecInput,
  card: z.string().optional(),
  license: z.string().optional(),
};

/** One network of models/index.json. */
export const networkSpec = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('colorMap'),
    output: z.object({ ...output, channels: z.literal(30) }),
  }),
  z.object({ ...common, kind: z.literal('image'), output: z.object({ ...output, channels: z.literal(3) }) }),
  /**
   * Scores pictures instead of harmonizing them: logits [batch, 1] of an input [batch, 4, height, width]; the higher, the
   * more like one photograph.
   */
  z.object({
    ...common,
    kind: z.literal('score'),
    batch: z.number().int().min(1).max(256),
    output: z.object({ name: z.string().min(1), channels: z.literal(1) }),
  }),
  /** Says what is where instead of harmonizing: scores [1, labels, height, width], a plane a label. */
  z
    .object({
      ...common,
      kind: z.literal('scene'),
      labels: z.array(z.string().min(1)).min(2).max(256),
      output: z.object({ ...output, channels: z.number().int() }),
    })
    .refine(({ labels, output: { channels } }) => labels.length === channels, {
      path: ['output', 'channels'],
      message: 'must be as many as there are labels',
    }),
]);
export type NetworkSpec = z.infer<typeof networkSpec>;
export type ScoreSpec = Extract<NetworkSpec, { kind: 'score' }>;
export type SceneSpec = Extract<NetworkSpec, { kind: 'scene' }>;
/** A network that harmonizes. */
export type HarmonizingSpec = Exclude<NetworkSpec, ScoreSpec | SceneSpec>;

const harmonizes = (spec: NetworkSpec): spec is HarmonizingSpec =>
  spec.kind !== 'score' && spec.kind !== 'scene';

const networkIndex = z
  .object({ version: z.literal(1), default: z.string(), networks: z.array(networkSpec).min(1) })
  .refine((index) => index.networks.some((spec) => spec.name === index.default && harmonizes(spec)), {
    path: ['default'],
    message: 'names no harmonizing network of the list',
  })
  .refine((index) => new Set(index.networks.map(({ name }) => name)).size === index.networks.length, {
    path: ['networks'],
    message: 'names a network twice',
  });

/** The networks that this installation has. */
export interface Registry {
  /** Where models/index.json and the .onnx files are. */
  readonly folder: string;
  readonly networks: readonly NetworkInfo[];
  /** The methods of harmonizing that work here: {@link networks}, then the classical ones whose network, if any, is there. */
  readonly methods: readonly NetworkInfo[];
  /** Every network of models/index.json, those that harmonize nothing too. */
  readonly specs: readonly NetworkSpec[];
  /** The network that is meant when none is named. */
  readonly defaultName: string;
  /** What models/index.json says of a network; throws a Fault `usage` that names the known ones. */
  resolve(name: string): NetworkSpec;
  /**
   * The network that a method runs: itself, the one that a classical method asks, or null. Throws a Fault
   * `network-file` when that is not there, and `usage` for what is no method.
   */
  needs(method: string): NetworkSpec | null;
  /** What the rest of the program needs to know of a method; throws like {@link needs}. */
  info(name: string): NetworkInfo;
  /** The network that parses scenes, if one is there. */
  readonly scene: SceneInfo | null;
}

const RESTORE = 'Restore it with `git checkout -- models`, or install Attune again.';

/** Reads models/index.json. Throws a Fault `network-file` when it is missing or not what Attune knows. */
export async function openRegistry(folder = modelsFolder()): Promise<Registry> {
  const path = join(folder, 'index.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Fault('network-file', `The list of networks ${path} cannot be read (${error.code}).`, RESTORE);
  });
  const parsed = networkIndex.safeParse(parseJson(text, path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'it';
    throw new Fault(
      'network-file',
      `The list of networks ${path} is malformed: ${where} ${issue?.message}.`,
      RESTORE,
    );
  }
  const { networks: specs, default: defaultName } = parsed.data;
  const networks = specs.filter(harmonizes).map(({ name, version, title, kind, input }): NetworkInfo => ({
    name,
    version,
    title,
    kind,
    inputWidth: input.width,
    inputHeight: input.height,
    isDefault: name === defaultName,
  }));
  const parser = specs.find(({ kind }) => kind === 'scene');
  const scorer = (method: ClassicalName) =>
    specs.find(({ name, kind }) => name === networkOf(method) && kind === 'score') ?? null;
  const classical = classicalMethods.flatMap((method) => {
    const spec = scorer(method);
    return networkOf(method) === null || spec ? [classicalInfo(method, spec?.input.width)] : [];
  });
  const unknown = (name: string) => {
    const known = networks.map((network) => network.name).join(', ');
    const message =
      name === CUT_AND_PASTE
        ? `“${CUT_AND_PASTE}” leaves the picture as it is and is not a network.`
        : `There is no network “${name}”.`;
    return new Fault('usage', message, `Known networks: ${known}.`);
  };
  const methods = [...networks, ...classical];
  const needs = (method: string): NetworkSpec | null => {
    if (!isClassical(method)) {
      const spec = specs.find((each) => each.name === method && harmonizes(each));
      if (!spec) throw unknown(method);
      return spec;
    }
    const wanted = networkOf(method);
    const spec = scorer(method);
    if (wanted === null || spec) return spec;
    throw new Fault(
      'network-file',
      `The method ${method} needs a network “${wanted}” of kind score, which ${path} does not list.`,
      'Train and export it (training/README.md), or choose another method.',
    );
  };
  return {
    folder,
    networks,
    methods,
    specs,
    needs,
    defaultName,
    scene: parser
      ? { name: parser.name, inputWidth: parser.input.width, inputHeight: parser.input.height }
      : null,
    resolve(name) {
      const spec = specs.find((candidate) => candidate.name === name);
      if (!spec) throw unknown(name);
      return spec;
    },
    info(name) {
      needs(name);
      return methods.find((candidate) => candidate.name === name)!;
    },
  };
}

/**
 * The bytes of a network's file, whose length and sha256 are those of models/index.json. What is checked is what is
 * returned, so nothing can change the file in between. Throws a Fault `network-file`.
 */
export async function readNetwork(folder: string, spec: NetworkSpec): Promise<Uint8Array> {
  const path = join(folder, spec.file);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'is missing' : `cannot be read (${error.code})`;
    throw new Fault('network-file', `The file of the network “${spec.name}”, ${path}, ${why}.`, RESTORE);
  });
  if (bytes.length !== spec.bytes) {
    throw new Fault(
      'network-file',
      `The file of the network “${spec.name}”, ${path}, has ${bytes.length} bytes instead of ${spec.bytes}.`,
      RESTORE,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== spec.sha256) {
    throw new Fault(
      'network-file',
      `The file of the network “${spec.name}”, ${path}, is not the one that was shipped: its sha256 is ${sha256.slice(0, 12)}… instead of ${spec.sha256.slice(0, 12)}….`,
      RESTORE,
    );
  }
  return bytes;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('network-file', `The list of networks ${path} is not JSON.`, RESTORE);
  }
}
