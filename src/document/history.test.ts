import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  withoutHarmonization,
  setHarmonization,
  setHarmonizationEnabled,
  setStrength,
} from './harmonize-actions';
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
import {
  addLayer,
  duplicateLayer,
  nudgeLayer,
  removeLayer,
  renameLayer,
  reorderLayer,
  setLocked,
  setOpacity,
  setVisible,
} from './layer-actions';
import { documentOf, placePicture } from './placement';
import type { Document } from './records';

const background = documentOf({ pixels: 'p0', name: 'street', width: 64, height: 48 }, 'l0');
const layerIds = fc.constantFrom('l0', 'l1', 'l2', 'l3', 'gone');

/** Any command of the editor with any arguments, sensible or not. */
const command: fc.Arbitrary<(document: Document) => Document> = fc.oneof(
  fc.record({ id: layerIds, n: fc.integer({ min: 1, max: 5 }) }).map(({ id, n }) => (d: Document) => {
    const picture = { pixels: `p${n}`, name: id, width: 10 * n, height: 30 };
    return addLayer.perform(d, { layer: placePicture(d, picture, id) });
  }),
  layerIds.map((id) => (d: Document) => removeLayer.perform(d, { id })),
  fc.tuple(layerIds, layerIds).map(
    ([id, copy]) =>
      (d: Document) =>
        duplicateLayer.perform(d, { id, copy }),
  ),
  fc.tuple(layerIds, fc.string()).map(
    ([id, name]) =>
      (d: Document) =>
        renameLayer.perform(d, { id, name }),
  ),
  fc.tuple(layerIds, fc.double()).map(
    ([id, opacity]) =>
      (d: Document) =>
        setOpacity.perform(d, { id, opacity }),
  ),
  fc.tuple(layerIds, fc.boolean()).map(
    ([id, visible]) =>
      (d: Document) =>
        setVisible.perform(d, { id, visible }),
  ),
  fc.tuple(layerIds, fc.boolean()).map(
    ([id, locked]) =>
      (d: Document) =>
        setLocked.perform(d, { id, locked }),
  ),
  fc.tuple(layerIds, fc.integer({ min: -2, max: 5 })).map(
    ([id, index]) =>
      (d: Document) =>
        reorderLayer.perform(d, { id, index }),
  ),
  fc.tuple(layerIds, fc.double(), fc.double()).map(
    ([id, x, y]) =>
      (d: Document) =>
        nudgeLayer.perform(d, { id, x, y }),
  ),
  fc.tuple(layerIds, fc.integer({ min: 6, max: 9 })).map(([id, n]) => (d: Document) => {
    const harmonization = {
      method: 'colormap',
      network: 'colormap',
      version: '1',
      device: 'cpu',
      ms: 5,
      strength: 1,
      enabled: true,
      pixels: `p${n}`,
    };
    return setHarmonization.perform(d, { id, harmonization });
  }),
  fc.tuple(layerIds, fc.double()).map(
    ([id, strength]) =>
      (d: Document) =>
        setStrength.perform(d, { id, strength }),
  ),
  fc.tuple(layerIds, fc.boolean()).map(
    ([id, enabled]) =>
      (d: Document) =>
        setHarmonizationEnabled.perform(d, { id, enabled }),
  ),
);
const commands = fc.array(command, { maxLength: 25 });

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

  it('never leaves an order that does not name each layer once', () => {
    fc.assert(
      fc.property(commands, fc.nat(25), (steps, back) => {
        let there = play(startTimeline(background), steps);
        for (let i = 0; i < back; i++) there = undo(there);
        expect(there.document.order.toSorted()).toEqual(Object.keys(there.document.layers).toSorted());
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
