import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySteps } from '../document/actions-for-tests';
import { documentOf } from '../document/placement';
import { groupLayer, newDocument } from '../document/new-layer';
import { documentRecord } from './document-record';

const start = documentOf({ pixels: 'p0', name: 'street', width: 64, height: 48 }, 'l0');

describe('a document on disk', () => {
  it('is read again as it was, whatever was done to it', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const document = steps.reduce((d, step) => step(d), start);
        const written: unknown = JSON.parse(JSON.stringify(document));
        expect(documentRecord.parse(written)).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when layers are missing, named twice, or lie in themselves', () => {
    const refused = (document: unknown) => expect(documentRecord.safeParse(document).success).toBe(false);
    refused({ ...start, order: ['l0', 'l0'] });
    refused({ ...start, order: [] });
    refused({ ...start, order: ['gone'] });
    refused(newDocument({ width: 4, height: 4 }, [groupLayer({ id: 'g', name: 'g', children: ['g'] })], []));
    refused({ ...start, layers: { l0: { ...start.layers.l0, opacity: 2 } } });
    refused(null);
  });
});
