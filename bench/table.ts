import type { Row } from './row';

const HEAD = ['group', 'measurement', 'value', 'unit', 'beside', 'its value', 'ratio', 'goal', 'holds'];
/** Columns of numbers line up on the right. */
const RIGHT = new Set([2, 5, 6]);

/** The rows as one table in plain text. */
export function table(rows: readonly Row[]): string {
  const body = rows.map((row) => [
    row.group,
    row.id,
    number(row.value),
    row.unit,
    row.peer ?? '',
    number(row.peerValue),
    row.ratio === null ? '' : `${row.ratio}×`,
    row.goal ?? '',
    row.holds === null ? '' : row.holds ? 'yes' : 'NO',
  ]);
  const widths = HEAD.map((_, k) => Math.max(...[HEAD, ...body].map((cells) => cells[k]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => (RIGHT.has(k) ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd();
  return [line(HEAD), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

function number(value: number | null): string {
  return value === null ? '' : String(value);
}
