import { readFileSync } from 'node:fs';
import { instantiate } from 'attune:kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../fault';
import { kernels } from '.';
import { KernelMemory } from './memory';

describe('the kernels', () => {
  it('offer what exports.ts says, and nothing else', () => {
    const names = ['exports', 'lift-exports'].flatMap((file) => {
      const said = readFileSync(`src/pixels/kernels/${file}.ts`, 'utf8').split(/Exports .*\{/)[1]!;
      return [...said.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name);
    });
    expect(names.length).toBeGreaterThan(20);
    expect(Object.keys(instantiate()).sort()).toEqual(names.sort());
  });

  it('carry every byte through the planes and back', () => {
    const { run, memory } = kernels();
    const count = 256 * 255;
    const bytes = new Uint8ClampedArray(4 * count);
    // Every level of each channel at every alpha but 0.
    for (let i = 0; i < count; i++) bytes.set([i % 256, 255 - (i % 256), (i * 7) % 256, 1 + (i >> 8)], 4 * i);
    memory.borrow([4 * count, 16 * count], (at, planes) => {
      memory.bytes.set(bytes, at);
      run.unpack(at, planes, 4 * count, count);
      memory.bytes.fill(0, at, at + 4 * count);
      run.pack(planes, 4 * count, at, count);
      expect(Buffer.from(memory.bytes.slice(at, at + 4 * count)).equals(Buffer.from(bytes))).toBe(true);
    });
  });
});

describe('the kernels of bytes', () => {
  it('find where a row is filled', () => {
    const { run, memory } = kernels();
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, fc.nat(255)), { maxLength: 90 }),
        (row) => {
          memory.borrow([row.length + 16], (at) => {
            memory.bytes.fill(7, at, at + row.length + 16).set(row, at);
            const first = row.findIndex((value) => value > 0);
            expect(run.firstFilled(at, row.length)).toBe(first < 0 ? row.length : first);
            expect(run.endOfFilled(at, row.length)).toBe(row.findLastIndex((value) => value > 0) + 1);
          });
        },
      ),
    );
  });

  it('round a plane as bytes are rounded', () => {
    const { run, memory } = kernels();
    const values = Array.from({ length: 512 }, (_, i) => (i - 20) / 400);
    memory.borrow([4 * values.length, values.length], (plane, bytes) => {
      memory.floats.set(values, plane / 4);
      run.packPlane(plane, bytes, values.length, 200);
      const expected = new Uint8ClampedArray(values.map((value) => Math.fround(Math.fround(value) * 200)));
      expect([...memory.bytes.slice(bytes, bytes + values.length)]).toEqual([...expected]);
    });
  });
});

describe('the pool', () => {
  const pool = () => {
    const run = instantiate();
    return new KernelMemory(run.memory, run.heapBase());
  };

  it('uses again what was given back, and never lends twice', () => {
    const memory = pool();
    const first = memory.borrow([5000, 70_000], (a, b) => [a, b]);
    const size = memory.size;
    expect(memory.borrow([5000, 70_000], (a, b) => [a, b])).toEqual(first);
    expect(memory.size).toBe(size);
    memory.borrow([1000, 1000, 200_000], (a, b, c) => {
      expect(new Set([a, b, c]).size).toBe(3);
      expect(Math.min(a, b, c) % 64).toBe(0);
      expect(memory.bytes.length).toBeGreaterThanOrEqual(c + 200_000);
    });
  });

  it('takes pieces back when the work fails', () => {
    const memory = pool();
    const at = memory.borrow([9000], (a) => a);
    expect(() =>
      memory.borrow([9000], () => {
        throw new RangeError('work');
      }),
    ).toThrow(RangeError);
    expect(memory.borrow([9000], (a) => a)).toBe(at);
  });

  it('refuses senseless lengths', () => {
    for (const length of [-1, NaN, 2.5, 2 ** 40]) expect(() => pool().take(length)).toThrow(Fault);
  });
});
