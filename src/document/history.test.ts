import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySteps as commands } from './actions-for-tests';
import { withoutHarmonization, setHarmonization } from './harmonize-actions';
import { cropDocument, isDocumentSize, resizeImage } from './document-actions';
import { applyDiff, diffDocuments, invertDiff, joinDiffs } from './diff';
import {
  bail,
  capTimeline,
  mark,
  pixelsOfTimeline,
  record,
  redo,
  squash,
  startTimeline,
  travel,
  undo,
  type Timeline,
} from './history';
import { addLayer, removeLayer, setVisible } from './layer-actions';
import { documentOf, placePicture } from './placement';
import type { Document } from './records';
import { isUsable } from './transform';
import { layersBottomUp } from './tree';

const background = documentOf({ pixels: 'p0', name: 'street', width: 64, height: 48 }, 'l0');
function play(start: Timeline, steps: readonly ((d: Document) => Document)[]): Timeline {
  return steps.reduce((timeline, step, i) => record(timeline, `step ${i}`, step(timeline.document)), start);
}

describe('the history', () => {
  it('takes back whatever was done, step by step, to the very records of the start', () => {
    fc.assert(
      fc.property(commands, (steps) => {
        const start = startTimeline(background);
        const end = play(start, steps);
        expect(travel(end, 0).document).toEqual(background);
      }),
    );
  });

  it('brings back whatever was taken back', () => {
    fc.assert(
      fc.property(commands, fc.nat(25), (steps, back) => {
        const end = play(startTimeline(background), steps);
        let there = end;
        for (let i = 0; i < back; i++) there = undo(there);
        for (let i = 0; i < back; i++) there = redo(there);
        expect(there).toEqual(end);
      }),
    );
  });

  it('never leaves a tree that does not name each layer once, or a size or transform that cannot be', () => {
    fc.assert(
      fc.property(commands, fc.nat(25), (steps, back) => {
        let there = play(startTimeline(background), steps);
        for (let i = 0; i < back; i++) there = undo(there);
        const { document } = there;
        const named = layersBottomUp(document).map(({ id }) => id);
        expect(named.toSorted()).toEqual(Object.keys(document.layers).toSorted());
        expect(Object.values(document.layers).every(({ id }) => document.layers[id]?.id === id)).toBe(true);
        expect(isDocumentSize(document.width, document.height)).toBe(true);
        for (const layer of Object.values(document.layers)) {
          if (layer.kind === 'pixels') expect(isUsable(layer.transform)).toBe(true);
        }
      }),
    );
  });

  it('squashes a gesture into one step that goes the whole way and back', () => {
    fc.assert(
      fc.property(commands, commands, (before, gesture) => {
        const start = play(startTimeline(background), before);
        const end = play(start, gesture);
        const squashed = squash(end, mark(start), 'drag');
        expect(squashed.document).toEqual(end.document);
        expect(squashed.history.past.length).toBeLessThanOrEqual(start.history.past.length + 1);
        expect(travel(squashed, mark(start)).document).toEqual(start.document);
        expect(redo(travel(squashed, mark(start))).document).toEqual(end.document);
      }),
    );
  });

  it('forgets a gesture that was given up', () => {
    fc.assert(
      fc.property(commands, commands, (before, gesture) => {
        const start = play(startTimeline(background), before);
        const given = bail(play(start, gesture), mark(start));
        expect(given.document).toEqual(start.document);
        expect(given.history.past).toEqual(start.history.past);
      }),
    );
  });

  it('joins differences as if they had been applied one after the other', () => {
    fc.assert(
      fc.property(commands, commands, (one, two) => {
        const a = background;
        const b = one.reduce((d, step) => step(d), a);
        const c = two.reduce((d, step) => step(d), b);
        const joined = joinDiffs(diffDocuments(a, b), diffDocuments(b, c));
        expect(applyDiff(a, joined)).toEqual(c);
        expect(applyDiff(c, invertDiff(joined))).toEqual(a);
      }),
    );
  });

  it('keeps redo when a command changed nothing', () => {
    const done = record(
      startTimeline(background),
      'hide',
      setVisible.perform(background, { id: 'l0', visible: false }),
    );
    const undone = undo(done);
    const same = record(undone, 'show', setVisible.perform(undone.document, { id: 'l0', visible: true }));
    expect(redo(same).document.layers.l0?.visible).toBe(false);
  });

  it('keeps the pixels that a step names, and forgets the oldest steps when they weigh too much', () => {
    let timeline = startTimeline(background);
    for (let n = 1; n <= 4; n++) {
      const layer = placePicture(
        timeline.document,
        { pixels: `p${n}`, name: 'x', width: 8, height: 8 },
        `l${n}`,
      );
      timeline = record(timeline, 'add', addLayer.perform(timeline.document, { layer }));
      timeline = record(timeline, 'delete', removeLayer.perform(timeline.document, { id: `l${n}` }));
    }
    expect([...pixelsOfTimeline(timeline)].toSorted()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    const capped = capTimeline(timeline, () => 100, 200, 100);
    expect([...pixelsOfTimeline(capped)].toSorted()).toEqual(['p0', 'p3', 'p4']);
    expect(capped.document).toBe(timeline.document);
    expect(undo(capped).document.layers.l4).toBeDefined();
    expect(capTimeline(timeline, () => 100, 1e9, 3).history.past.length).toBe(3);
  });

  it('turns every harmonization off for before and after without touching the document', () => {
    const harmonization = {
      method: 'colormap',
      network: 'colormap',
      version: '1',
      device: 'cpu',
      ms: 5,
      strength: 0.5,
      enabled: true,
      pixels: 'p9',
    };
    const document = setHarmonization.perform(background, { id: 'l0', harmonization });
    expect(withoutHarmonization(document).layers.l0).toMatchObject({ harmonization: { enabled: false } });
    expect(document.layers.l0).toMatchObject({ harmonization: { enabled: true } });
  });
});

describe('the region that a layer agrees with', () => {
  const reference = { pixels: 'region', x: 4, y: 6, width: 10, height: 8 };
  const ran = { method: 'colormap', network: 'colormap', version: '1', device: 'cpu', ms: 5 };
  const harmonization = { ...ran, strength: 1, enabled: true, pixels: 'p9', reference };
  const start = startTimeline(background);
  const done = record(start, 'Harmonize', setHarmonization.perform(background, { id: 'l0', harmonization }));
  const referenceOf = ({ layers: { l0 } }: Document) =>
    l0?.kind === 'pixels' ? l0.harmonization?.reference : undefined;

  it('is kept as long as the document or a step names it', () => {
    expect(pixelsOfTimeline(start)).not.toContain('region');
    expect(pixelsOfTimeline(done)).toContain('region');
    expect(pixelsOfTimeline(undo(done))).toContain('region');
  });

  it('moves along when the document is cropped, and is gone when it lies outside or the image is scaled', () => {
    const cropped = cropDocument.perform(done.document, { x: 3, y: 2, width: 40, height: 40 });
    expect(referenceOf(cropped)).toEqual({ ...reference, x: 1, y: 4 });
    expect(referenceOf(cropDocument.perform(done.document, { x: 20, y: 20, width: 9, height: 9 }))).toBe(
      undefined,
    );
    const half = resizeImage.perform(done.document, { width: 32, height: 24, resolution: 72 });
    expect(referenceOf(half)).toBe(undefined);
  });
});
