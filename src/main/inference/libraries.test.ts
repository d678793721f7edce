import { afterEach, describe, expect, it } from 'vitest';
import { Fault } from '../../pixels/fault';
import { isCpuAlone, librariesInstalled } from './libraries';

const asked = process.env.ATTUNE_DEVICE;
afterEach(() => {
  if (asked === undefined) delete process.env.ATTUNE_DEVICE;
  else process.env.ATTUNE_DEVICE = asked;
});

describe('the CPU alone', () => {
  it('will be tried when it alone is asked for, in words or by the environment', () => {
    delete process.env.ATTUNE_DEVICE;
    expect(isCpuAlone('cpu')).toBe(true);
    expect(isCpuAlone('cuda')).toBe(false);
    expect(isCpuAlone('webgpu,cpu')).toBe(false);
    process.env.ATTUNE_DEVICE = 'dml';
    expect(isCpuAlone(undefined)).toBe(false);
    expect(isCpuAlone('cpu')).toBe(true);
    expect(() => isCpuAlone('abacus')).toThrow(Fault);
  });

  it.runIf(process.platform === 'linux')('will be tried on Linux as long as nobody installed CUDA', () => {
    delete process.env.ATTUNE_DEVICE;
    expect(isCpuAlone(undefined)).toBe(!librariesInstalled('cuda'));
  });
});
