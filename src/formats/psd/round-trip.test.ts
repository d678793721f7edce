import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../document/records';
import { readProject, writeProject } from '../project';
import { renumbered, TestShelf } from '../shelf-for-tests';
import { documents } from './documents-for-tests';

/** A document as a file holds it, where −0 is 0. */
const written = (document: Document): unknown => JSON.parse(JSON.stringify(renumbered(document)));

describe('a PSD that Attune saved', () => {
  it('opens as the document it was, whatever that is', async () => {
    const shelf = new TestShelf();
    await fc.assert(
      fc.asyncProperty(
        documents(shelf),
        fc.constantFrom('psd' as const, 'psb' as const),
        async (document, format) => {
          const saved = await writeProject(document, shelf, { format });
          const opened = await readProject(saved.bytes, `any.${format}`, shelf);
          expect(opened.format).toBe(format);
          expect(opened.notices).toEqual([]);
          expect(written(opened.document)).toEqual(written(document));
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    );
  });
});
