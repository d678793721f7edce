import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBudget } from './budget';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the budget of memory', () => {
  it('lets in what fits, in order, and what is larger than all of it alone', async () => {
    const budget = new MemoryBudget(100);
    const started: string[] = [];
    const take = async (name: string, bytes: number) => {
      const giveBack = await budget.take(bytes);
      started.push(name);
      return giveBack;
    };
    const [a, b, huge, small] = [take('a', 60), take('b', 40), take('huge', 500), take('small', 1)];
    await turn();
    expect(started).toEqual(['a', 'b']);
    (await a)();
    await turn();
    expect(started).toEqual(['a', 'b']);
    (await b)();
    await turn();
    expect(started).toEqual(['a', 'b', 'huge']);
    const back = await huge;
    back();
    back();
    await turn();
    expect(started).toEqual(['a', 'b', 'huge', 'small']);
    (await small)();
    expect(budget.held).toBe(0);
  });

  it('never holds more than its bytes, but for one that is larger by itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }), async (sizes) => {
        const budget = new MemoryBudget(100);
        let running = 0;
        await Promise.all(
          sizes.map(async (bytes) => {
            const giveBack = await budget.take(bytes);
            running++;
            expect(budget.held <= 100 || running === 1).toBe(true);
            await turn();
            running--;
            giveBack();
          }),
        );
        expect(budget.held).toBe(0);
      }),
    );
  });
});
