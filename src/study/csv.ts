import { Fault } from '../pixels/fault';

/** Comma-separated values (RFC 4180): cells with commas, quotes or line ends in quotes; lines end with LF. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/**
 * The cells of comma-separated values, LF or CRLF, with or without a byte order mark; empty lines are passed over.
 * Throws a Fault `unreadable` when a quote is not closed.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) throw new Fault('unreadable', 'A quote is not closed.', 'Is the file whole?');
        value += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        value += '"';
        at++;
      }
    }
    const end = /[,\r\n]/g;
    end.lastIndex = at;
    const next = end.exec(text)?.index ?? text.length;
    value += text.slice(at, next);
    row.push(value);
    at = next;
    if (text[at] === ',') {
      at++;
      if (at === text.length) row.push('');
      else continue;
    }
    while (text[at] === '\r' || text[at] === '\n') at++;
    if (row.some((one) => one !== '')) rows.push(row);
    row = [];
  }
  return rows;
}
