import { Fault } from '../../pixels/fault';
import type { NetworkInfo, NetworkInput, TransferResult } from '../network';
import type { ScorePictures } from './realism';

/** The paper's size: what the methods without a network look at. */
const SIDE = 512;

interface ClassicalMethod {
  readonly title: string;
  readonly transfer: TransferResult['transfer'];
  /** The network of kind `score` that it asks, whose input size it takes; null: none. */
  readonly network: string | null;
  /** Loads its own code: most pictures are harmonized by a network and need none of it. */
  readonly solve: (input: NetworkInput, score: ScorePictures | null) => Promise<Float32Array>;
}

const methods = {
  reinhard: {
    title: 'Reinhard et al. 2001',
    transfer: 'lab',
    network: null,
    solve: async (input) => (await import('./reinhard')).reinhard(input),
  },
  lalonde: {
    title: 'Lalonde & Efros 2007',
    transfer: 'clusters',
    network: null,
    solve: async (input) => (await import('./lalonde')).lalonde(input),
  },
  xue: {
    title: 'Xue et al. 2012',
    transfer: 'statistics',
    network: null,
    solve: async (input) => (await import('./xue')).xue(input),
  },
  realism: {
    title: 'Zhu et al. 2015',
    transfer: 'affine',
    network: 'realism',
    solve: async (input, score) => {
      if (!score) throw new Fault('engine', 'The method realism was run without its network.');
      return (await import('./realism')).realism(input, score);
    },
  },
} as const satisfies Record<string, ClassicalMethod>;

/** The names of the methods that were there before harmonization networks, oldest first. */
export const classicalMethods = Object.keys(methods) as readonly (keyof typeof methods)[];
export type ClassicalName = keyof typeof methods;

export function isClassical(name: string): name is ClassicalName {
  return Object.hasOwn(methods, name);
}

/** The network that a method asks for scores, or null. */
export function networkOf(name: ClassicalName): string | null {
  return methods[name].network;
}

/** A method as the program lists it beside the networks. `side`: of what it looks at; the paper's unless given. */
export function classicalInfo(name: ClassicalName, side = SIDE): NetworkInfo {
  return {
    name,
    version: '1',
    title: methods[name].title,
    kind: 'transfer',
    inputWidth: side,
    inputHeight: side,
    isDefault: false,
  };
}

/** Finds a method's change of colours. `score`: the network's scores, for the method that needs them. */
export async function solveClassical(
  name: ClassicalName,
  input: NetworkInput,
  score: ScorePictures | null,
): Promise<Pick<TransferResult, 'kind' | 'transfer' | 'data'>> {
  const method: ClassicalMethod = methods[name];
  return { kind: 'transfer', transfer: method.transfer, data: await method.solve(input, score) };
}
