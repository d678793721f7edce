import { prepare } from '../src/harmonize/prepare';
import { openEngine } from '../src/main/inference/engine-client';
import { openRegistry } from '../src/main/inference/registry';
import { picture } from './lifting';
import { atMost, row, type Row } from './row';

/** Runs that are timed, after one that loads the network. */
const RUNS = 8;

/** Every network at its own size, on the CPU: the run alone, the fastest of some. */
export async function networks(): Promise<Row[]> {
  const registry = await openRegistry();
  const engine = openEngine({ registry, onNotice: () => undefined, order: ['cpu'] });
  const { image, mask } = picture(600, 400);
  const rows: Row[] = [];
  try {
    for (const info of registry.networks) {
      const input = prepare(image, mask, info);
      await engine.run(input);
      let least = Infinity;
      for (let i = 0; i < RUNS; i++) least = Math.min(least, (await engine.run(input)).ms);
      const goal = info.kind === 'image' ? atMost(250, 'ms') : info.isDefault ? atMost(50, 'ms') : undefined;
      const id = `${info.name}, ${info.inputWidth}×${info.inputHeight}`;
      rows.push(row({ group: 'network', id, value: least, unit: 'ms', ...(goal ? { goal } : {}) }));
    }
  } finally {
    engine.dispose();
  }
  return rows;
}
