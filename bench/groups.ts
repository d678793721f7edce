import { batchRows } from './batch';
import { compositorRows } from './compositor';
import { editorRows } from './editor';
import { files } from './files';
import { kernelRows } from './kernels';
import { lifting } from './lifting';
import { networks } from './networks';
import type { Row } from './row';

/** What `--only` chooses from, in the order of the table. Each measures and returns its rows. */
export const groups: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  pixels: kernelRows,
  compositor: compositorRows,
  lift: lifting,
  network: networks,
  files,
  batch: batchRows,
  editor: editorRows,
};
