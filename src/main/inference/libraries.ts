import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defaultOrder, parseOrder, type Device } from './devices';

/** Whether the libraries that a device needs beside ONNX Runtime were downloaded (`npm run install:cuda`). */
export function librariesInstalled(device: Device): boolean {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const folder = join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
  const extension = process.platform === 'win32' ? '.dll' : '.so';
  return ['', 'lib'].some((prefix) =>
    existsSync(join(folder, `${prefix}onnxruntime_providers_${device}${extension}`)),
  );
}

/**
 * Whether the CPU alone will be tried: nothing then takes a process down, and nobody needs one of its own. `devices`: as
 * a person named them. Throws a Fault `usage` for names that are none.
 */
export function isCpuAlone(devices: string | undefined): boolean {
  const asked = devices ?? process.env.ATTUNE_DEVICE;
  if (asked) return parseOrder(asked).every((device) => device === 'cpu');
  // Of the devices that are tried unasked, only CUDA's libraries do not come with ONNX Runtime.
  return defaultOrder(process).every(
    (device) => device === 'cpu' || (device === 'cuda' && !librariesInstalled(device)),
  );
}
