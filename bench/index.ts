import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { programFolder } from '../src/main/place';
import { groups } from './groups';
import { machine, type Row, rowShape } from './row';
import { table } from './table';

// `npm run bench [-- --only pixels,lift] [--results FILE]`: measures Attune beside what one would use instead. The rows
// of groups that are not measured stay in the file as they are.
const { values } = parseArgs({
  options: { only: { type: 'string' }, results: { type: 'string' }, data: { type: 'string' } },
});
const wanted = values.only?.split(',') ?? Object.keys(groups);
const unknown = wanted.filter((name) => !(name in groups));
if (unknown.length > 0) {
  process.stderr.write(`bench: no group ${unknown.join(', ')}. Known: ${Object.keys(groups).join(', ')}.\n`);
  process.exit(2);
}

const rows: Row[] = [];
for (const name of wanted) {
  process.stderr.write(`${name} …\n`);
  rows.push(...(await groups[name]!()));
}
const file = values.results ?? join(programFolder(), 'bench', 'results.json');
const before = existsSync(file)
  ? z.object({ rows: z.array(rowShape) }).parse(JSON.parse(readFileSync(file, 'utf8'))).rows
  : [];
const all = Object.keys(groups).flatMap((name) =>
  (wanted.includes(name) ? rows : before).filter(({ group }) => group === name),
);
writeFileSync(file, `${JSON.stringify({ machine: machine(), rows: all }, null, 2)}\n`);
process.stdout.write(`${table(rows)}\n`);
// Worker threads of the lifter wait for more.
process.exit(0);
