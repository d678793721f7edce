import type { LayerId } from '../document/records';
import type { Box } from '../pixels/image';
import { sameStep, type Step } from './plan';

/** What was changed in place, without a record that says so: bytes of a layer's mask. */
export interface Touched {
  readonly layer: LayerId;
  /** View pixels that may look different. */
  readonly box: Box;
}

/** Steps that are blended one after the other. */
export interface Run {
  readonly steps: readonly Step[];
  readonly from: number;
  readonly to: number;
  /** Whether it is kept as one block: layers in normal mode together, any other by itself. */
  readonly joined: boolean;
}

/** Normal mode is associative: what is blended by it can be flattened first. Adjustments and groups that pass through cannot. */
export function runsOf(steps: readonly Step[]): Run[] {
  const runs: Run[] = [];
  steps.forEach((step, i) => {
    const loose = step.kind === 'adjustment' || step.kind === 'through';
    const plain = !loose && step.layer.blend === 'normal';
    const last = runs.at(-1);
    const onto =
      last && steps[last.from]!.kind !== 'adjustment' && steps[last.from]!.layer.blend === 'normal';
    if (plain && last?.joined && onto) {
      runs[runs.length - 1] = { ...last, steps: [...last.steps, step], to: i + 1 };
    } else {
      runs.push({ steps: [step], from: i, to: i + 1, joined: !loose });
    }
  });
  return runs;
}

/** How many steps are the same from the bottom and from the top. */
export function ends(
  before: readonly Step[],
  now: readonly Step[],
  touched: Touched | null,
): { low: number; high: number } {
  const stays = (one: Step, other: Step) => sameStep(one, other) && !(touched && names(other, touched.layer));
  const most = Math.min(before.length, now.length);
  let low = 0;
  while (low < most && stays(before[low]!, now[low]!)) low++;
  let high = 0;
  while (high < most - low && stays(before[before.length - 1 - high]!, now[now.length - 1 - high]!)) high++;
  return { low, high };
}

/** Whether the step is the layer, or has it among what it draws. */
function names(step: Step, layer: LayerId): boolean {
  const within = (steps: readonly Step[]) => steps.some((each) => names(each, layer));
  return step.layer.id === layer || within(step.clipped) || ('steps' in step && within(step.steps));
}
