import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anySteps } from '../../document/actions-for-tests';
import { newDocument, pixelLayer } from '../../document/new-layer';
import { KnownRecords } from './known-records';

const layers = ['l0', 'l1', 'l2'].map((id) =>
  pixelLayer({ id, name: id, pixels: `p-${id}`, width: 20, height: 10 }),
);
const first = newDocument({ width: 100, height: 80 }, layers);

it('gives the same records for the same words, and new ones where something changed', () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      const records = new KnownRecords();
      let document = first;
      let kept = records.of(structuredClone(document));
      for (const step of steps) {
        const next = step(document);
        const now = records.of(structuredClone(next));
        expect(now).toEqual(next);
        if (next === document) expect(now).toBe(kept);
        for (const id of Object.keys(next.layers)) {
          if (next.layers[id] === document.layers[id]) expect(now.layers[id]).toBe(kept.layers[id]);
        }
        [document, kept] = [next, now];
      }
    }),
  );
});
