import { Fault } from '../../pixels/fault';

/** What can run a network, by the names that results report. */
export const devices = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const;
export type Device = (typeof devices)[number];

/** A device that was passed over, and why. */
export interface PassedOver {
  readonly device: Device;
  readonly reason: string;
}

/** What a machine is, as far as devices go. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

const isDevice = (name: string): name is Device => (devices as readonly string[]).includes(name);

/**
 * The devices to try on a machine, the fastest first, the CPU last. WebGPU is not among them: it is tried when asked
 * for (docs/devices.md says why).
 */
export function defaultOrder({ platform, arch }: Machine): readonly Device[] {
  if (platform === 'linux' && arch === 'x64') return ['cuda', 'cpu'];
  if (platform === 'win32') return ['dml', 'cpu'];
  if (platform === 'darwin' && arch === 'arm64') return ['coreml', 'cpu'];
  return ['cpu'];
}

/**
 * Reads an order of devices as a person writes it (`ATTUNE_DEVICE=cuda` or `webgpu,cpu`); the CPU is added at the end
 * when it is not named, so that there always is a result. Throws a Fault `usage` for names that are none.
 */
export function parseOrder(text: string): readonly Device[] {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const order: Device[] = [];
  for (const name of names) {
    if (!isDevice(name)) {
      throw new Fault('usage', `There is no device “${name}”.`, `Known devices: ${devices.join(', ')}.`);
    }
    if (!order.includes(name)) order.push(name);
  }
  if (order.length === 0) {
    throw new Fault('usage', 'No device is named.', `Known devices: ${devices.join(', ')}.`);
  }
  return order.includes('cpu') ? order : [...order, 'cpu'];
}

/** One provider of ONNX Runtime, as listSupportedBackends() tells of it. */
export interface Backend {
  readonly name: string;
  /** False: its libraries are a download of their own (CUDA). */
  readonly bundled: boolean;
}

/**
 * Splits an order into the devices worth trying and those passed over unasked. A device of the default order that
 * this build of ONNX Runtime does not have, or whose libraries were not downloaded, is not a fallback and is left out
 * without a word; one that a person asked for is passed over with the reason.
 */
export function plan(
  order: readonly Device[],
  asked: boolean,
  backends: readonly Backend[],
  hasLibraries: (device: Device) => boolean,
): { tries: readonly Device[]; passedOver: readonly PassedOver[] } {
  const tries: Device[] = [];
  const passedOver: PassedOver[] = [];
  for (const device of order) {
    const backend = backends.find(({ name }) => name === device);
    if (backend && (backend.bundled || hasLibraries(device))) {
      tries.push(device);
    } else if (asked) {
      passedOver.push({
        device,
        reason: backend ? 'its libraries are not installed' : 'ONNX Runtime has it not on this machine',
      });
    }
  }
  return { tries, passedOver };
}

/** The threads for one run on the CPU: the physical cores, when two logical ones share each, but never all of many. */
export function cpuThreads(logical: number): number {
  return Math.max(1, Math.min(16, logical <= 4 ? logical : Math.floor(logical / 2)));
}
