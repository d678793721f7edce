import { describe, expect, it } from 'vitest';
import { cpuThreads, defaultOrder, parseOrder, plan } from './devices';

describe('the order of devices', () => {
  it('follows the platform and ends with the CPU', () => {
    expect(defaultOrder({ platform: 'linux', arch: 'x64' })).toEqual(['cuda', 'cpu']);
    expect(defaultOrder({ platform: 'linux', arch: 'arm64' })).toEqual(['cpu']);
    expect(defaultOrder({ platform: 'win32', arch: 'x64' })).toEqual(['dml', 'cpu']);
    expect(defaultOrder({ platform: 'darwin', arch: 'arm64' })).toEqual(['coreml', 'cpu']);
  });

  it('is read as a person writes it', () => {
    expect(parseOrder('cpu')).toEqual(['cpu']);
    expect(parseOrder(' WebGPU ')).toEqual(['webgpu', 'cpu']);
    expect(parseOrder('cpu,cuda,cpu')).toEqual(['cpu', 'cuda']);
    expect(() => parseOrder('gpu')).toThrow('“gpu”');
    expect(() => parseOrder(' , ')).toThrow('No device');
  });
});

describe('the devices worth trying', () => {
  const backends = [
    { name: 'cpu', bundled: true },
    { name: 'webgpu', bundled: true },
    { name: 'cuda', bundled: false },
  ];

  it('leaves out unasked what is not installed, without a word', () => {
    expect(plan(['cuda', 'cpu'], false, backends, () => false)).toEqual({ tries: ['cpu'], passedOver: [] });
    expect(plan(['cuda', 'cpu'], false, backends, () => true).tries).toEqual(['cuda', 'cpu']);
  });

  it('says why it passes over what was asked for', () => {
    expect(plan(['dml', 'cuda', 'webgpu', 'cpu'], true, backends, () => false)).toEqual({
      tries: ['webgpu', 'cpu'],
      passedOver: [
        { device: 'dml', reason: 'ONNX Runtime has it not on this machine' },
        { device: 'cuda', reason: 'its libraries are not installed' },
      ],
    });
  });
});

describe('the threads of the CPU', () => {
  it('are all of few cores and half of many', () => {
    expect([1, 2, 4, 8, 16, 64].map(cpuThreads)).toEqual([1, 2, 4, 4, 8, 16]);
  });
});
