import { lifting } from './lifting';
import type { Row } from './row';

/** What `--only` chooses from, in the order of the table. Each measures and returns its rows. */
export const groups: Readonly<Record<string, () => Promise<readonly Row[]>>> = { lift: lifting };
