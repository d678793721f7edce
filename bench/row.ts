import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';

/** What one measurement may be held to. */
export interface Goal {
  /** As it is printed, such as `≤ 1000 ms` or `≥ 10×`. */
  readonly text: string;
  readonly holds: (value: number, ratio: number | null) => boolean;
}

/** The value itself is at most so much, in the row's unit. */
export const atMost = (limit: number, unit: string): Goal => ({
  text: `≤ ${limit} ${unit}`,
  holds: (value) => value <= limit,
});

/** The value itself is at least so much, in the row's unit. */
export const atLeast = (limit: number, unit: string): Goal => ({
  text: `≥ ${limit} ${unit}`,
  holds: (value) => value >= limit,
});

/** At least so many times as fast as the peer (0.5×: at most twice its time). */
export const timesFaster = (times: number): Goal => ({
  text: `≥ ${times}×`,
  holds: (_, ratio) => ratio !== null && ratio >= times,
});

export const rowShape = z.object({
  /** What was measured; one of a kind in its group. */
  id: z.string(),
  group: z.string(),
  /** Null: not measured; `peer` then says why. */
  value: z.number().nullable(),
  unit: z.string(),
  /** What a user would use instead, measured in the same run. */
  peer: z.string().nullable(),
  peerValue: z.number().nullable(),
  /** peerValue / value: how many times faster (or smaller) than the peer. */
  ratio: z.number().nullable(),
  goal: z.string().nullable(),
  holds: z.boolean().nullable(),
});

/** One line of the table and of bench/results.json. */
export type Row = z.infer<typeof rowShape>;

export interface RowParts {
  readonly group: string;
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: string;
  /** In the same unit; null when the peer is absent, the name then says why. */
  readonly peerValue?: number | null;
  readonly goal?: Goal;
}

/** A row with its ratio and whether its goal holds. */
export function row({ group, id, value, unit, peer, peerValue = null, goal }: RowParts): Row {
  const ratio = peerValue === null ? null : peerValue / value;
  return {
    id,
    group,
    value: rounded(value),
    unit,
    peer: peer ?? null,
    peerValue: peerValue === null ? null : rounded(peerValue),
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal?.text ?? null,
    holds: goal ? goal.holds(value, ratio) : null,
  };
}

/** A measurement that could not be made here, with the reason. */
export function skipped(group: string, id: string, reason: string): Row {
  return {
    id,
    group,
    value: null,
    unit: '',
    peer: reason,
    peerValue: null,
    ratio: null,
    goal: null,
    holds: null,
  };
}

/** Three digits that count. */
function rounded(value: number): number {
  return Number(value.toPrecision(value >= 1000 ? 4 : 3));
}

/**
 * The least time of `runs` calls after one to warm up, milliseconds: the one that was disturbed least. `before` makes
 * ready what a call uses up, and is not timed.
 */
export async function fastest(
  runs: number,
  work: () => unknown,
  before: () => unknown = () => undefined,
): Promise<number> {
  let least = Infinity;
  for (let i = 0; i <= runs; i++) {
    await before();
    const started = performance.now();
    await work();
    if (i > 0) least = Math.min(least, performance.now() - started);
  }
  return least;
}

/** What the numbers were measured on. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    date: new Date().toISOString(),
  };
}
