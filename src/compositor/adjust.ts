import type { Adjustment } from '../document/adjustment';
import { kernels } from '../pixels/kernels';
import { tonesOf } from './adjustment-tables';
import type { Tile } from './tile';

/** Applies an adjustment to a block of straight colours, in place; alpha is left alone. Neutral settings change nothing. */
export function adjustBlock(adjustment: Adjustment, tile: Tile, block: number): void {
  const { run, memory } = kernels();
  const { stride, count } = tile;
  if (adjustment.kind === 'hue-saturation') {
    const { colorize, master, ranges } = adjustment;
    const whole = { ...master, fadeIn: 0, from: 0, to: 360, fadeOut: 360 };
    const numbers = [whole, ...(colorize ? [] : ranges)].flatMap((shift) => [
      shift.fadeIn,
      shift.from,
      shift.to,
      shift.fadeOut,
      shift.hue,
      shift.saturation / 100,
      shift.lightness / 100,
    ]);
    memory.borrow([4 * numbers.length], (table) => {
      memory.floats.set(numbers, table / 4);
      run.shiftHues(block, stride, count, table, numbers.length / 7, colorize);
    });
    return;
  }
  if (adjustment.kind === 'color-balance') {
    const { shadows, midtones, highlights, preserveLuminosity } = adjustment;
    const numbers = [shadows, midtones, highlights].flatMap((balance) => [
      balance.cyanRed / 100,
      balance.magentaGreen / 100,
      balance.yellowBlue / 100,
    ]);
    memory.borrow([4 * numbers.length], (table) => {
      memory.floats.set(numbers, table / 4);
      run.balance(block, stride, count, table, preserveLuminosity);
    });
    return;
  }
  const tables = tonesOf(adjustment);
  memory.borrow([4 * tables[0].length], (table) => {
    tables.forEach((tones, channel) => {
      memory.floats.set(tones, table / 4);
      run.tabulate(block + channel * stride, count, table, tones.length);
    });
  });
}
