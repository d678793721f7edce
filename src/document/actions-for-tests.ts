import fc from 'fast-check';
import { setAdjustment } from './adjustment-actions';
import { NEUTRAL, type AdjustmentKind } from './adjustment';
import { BLEND_MODES } from './blend-mode';
import { cropDocument, replaceLayers, resizeCanvas, resizeImage } from './document-actions';
import { setHarmonization, setHarmonizationEnabled, setStrength } from './harmonize-actions';
import * as layers from './layer-actions';
import * as looks from './look-actions';
import { changeMask, removeMask, setMask } from './mask-actions';
import { adjustmentLayer, groupLayer } from './new-layer';
import * as orders from './order-actions';
import { placePicture } from './placement';
import { setPixels } from './pixel-actions';
import { moveSelection, setSelection } from './selection-actions';
import { COLOR_TAGS, type Document, type Transform } from './records';

type Step = (document: Document) => Document;

const id = fc.constantFrom('l0', 'l1', 'l2', 'l3', 'g1', 'g2', 'gone');
const ids = fc.uniqueArray(id, { maxLength: 4 });
const side = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.double());
const transform: fc.Arbitrary<Transform> = fc.record({
  a: fc.double(),
  b: fc.double(),
  c: fc.double(),
  d: fc.double(),
  e: fc.double(),
  f: fc.double(),
});
const mask = {
  pixels: 'm1',
  width: 8,
  height: 8,
  transform: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
  outside: 'shows',
  enabled: true,
  inverted: false,
  density: 1,
  feather: 0,
  linked: true,
} as const;
const kind = fc.constantFrom(...(Object.keys(NEUTRAL) as AdjustmentKind[]));

/** Any command of the document with any arguments, sensible or not. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ id, above: id, into: fc.boolean(), n: fc.integer({ min: 1, max: 5 }) })
    .map(({ id, above, into, n }): Step => (d) => {
      const picture = { pixels: `p${n}`, name: id, width: 10 * n, height: 30 };
      return layers.addLayer.perform(d, { layer: placePicture(d, picture, id), above, into });
    }),
  fc.record({ id, above: id, kind }).map(({ id, above, kind }): Step => (d) => {
    const layer = adjustmentLayer({ id, name: kind, adjustment: NEUTRAL[kind] });
    return layers.addLayer.perform(d, { layer, above });
  }),
  id.map(
    (id): Step =>
      (d) =>
        layers.addLayer.perform(d, { layer: groupLayer({ id, name: id, children: [] }) }),
  ),
  id.map(
    (id): Step =>
      (d) =>
        layers.removeLayer.perform(d, { id }),
  ),
  fc.record({ id, copy: id }).map(
    (args): Step =>
      (d) =>
        layers.duplicateLayer.perform(d, args),
  ),
  fc
    .record({ id, n: fc.integer({ min: 1, max: 5 }), width: side, x: fc.double(), harmonized: fc.boolean() })
    .map(({ id, n, width, x, harmonized }): Step => (d) => {
      const kin = harmonized ? `h${n}` : null;
      return setPixels.perform(d, {
        id,
        to: { pixels: `p${n}`, harmonized: kin, width, height: 7, x, y: n },
      });
    }),
  fc.record({ id, name: fc.string() }).map(
    (args): Step =>
      (d) =>
        layers.renameLayer.perform(d, args),
  ),
  fc.record({ id, visible: fc.boolean() }).map(
    (args): Step =>
      (d) =>
        layers.setVisible.perform(d, args),
  ),
  fc.record({ id, locked: fc.boolean() }).map(
    (args): Step =>
      (d) =>
        layers.setLocked.perform(d, args),
  ),
  fc.record({ id, transform }).map(
    (args): Step =>
      (d) =>
        layers.transformLayer.perform(d, args),
  ),
  fc.record({ id, by: transform }).map(
    (args): Step =>
      (d) =>
        layers.moveBy.perform(d, args),
  ),
  fc.record({ id, x: fc.double(), y: fc.double() }).map(
    (args): Step =>
      (d) =>
        layers.nudgeLayer.perform(d, args),
  ),
  fc.record({ id, opacity: fc.double() }).map(
    (args): Step =>
      (d) =>
        looks.setOpacity.perform(d, args),
  ),
  fc.record({ id, fill: fc.double() }).map(
    (args): Step =>
      (d) =>
        looks.setFill.perform(d, args),
  ),
  fc.record({ id, blend: fc.constantFrom(...BLEND_MODES, 'pass through' as const) }).map(
    (args): Step =>
      (d) =>
        looks.setBlend.perform(d, args),
  ),
  fc.record({ id, clipped: fc.boolean() }).map(
    (args): Step =>
      (d) =>
        looks.setClipped.perform(d, args),
  ),
  fc.record({ id, tag: fc.constantFrom(...COLOR_TAGS) }).map(
    (args): Step =>
      (d) =>
        looks.setTag.perform(d, args),
  ),
  fc.record({ id, locks: fc.record({ pixels: fc.boolean(), position: fc.boolean() }) }).map(
    (args): Step =>
      (d) =>
        looks.setLocks.perform(d, args),
  ),
  fc
    .record({
      ids,
      to: fc.record({ parent: fc.option(id), index: fc.oneof(fc.integer({ min: -2, max: 5 }), fc.double()) }),
    })
    .map(
      (args): Step =>
        (d) =>
          orders.moveLayers.perform(d, args),
    ),
  fc
    .record({
      id,
      way: fc.constantFrom(orders.raiseLayer, orders.lowerLayer, orders.raiseToTop, orders.lowerToBottom),
    })
    .map(
      ({ id, way }): Step =>
        (d) =>
          way.perform(d, { id }),
    ),
  fc.record({ ids, group: id }).map(
    (args): Step =>
      (d) =>
        orders.groupLayers.perform(d, args),
  ),
  id.map(
    (id): Step =>
      (d) =>
        orders.ungroupLayer.perform(d, { id }),
  ),
  id.map(
    (id): Step =>
      (d) =>
        setMask.perform(d, { id, mask }),
  ),
  id.map(
    (id): Step =>
      (d) =>
        removeMask.perform(d, { id }),
  ),
  fc
    .record({ id, settings: fc.record({ density: fc.double(), feather: fc.double(), linked: fc.boolean() }) })
    .map(
      (args): Step =>
        (d) =>
          changeMask.perform(d, args),
    ),
  fc
    .record({
      x: fc.integer({ min: -50, max: 250 }),
      y: fc.integer({ min: -50, max: 250 }),
      width: side,
      height: side,
      n: fc.integer({ min: 1, max: 3 }),
    })
    .map(
      ({ n, ...box }): Step =>
        (d) =>
          setSelection.perform(d, { selection: { pixels: `s${n}`, ...box } }),
    ),
  fc.constant<Step>((d) => setSelection.perform(d, { selection: null })),
  fc.record({ x: fc.double(), y: fc.double() }).map(
    (args): Step =>
      (d) =>
        moveSelection.perform(d, args),
  ),
  fc.record({ id, brightness: fc.double(), contrast: fc.double(), legacy: fc.boolean() }).map(
    ({ id, ...more }): Step =>
      (d) =>
        setAdjustment.perform(d, { id, adjustment: { kind: 'brightness-contrast', ...more } }),
  ),
  fc.record({ x: side, y: side, width: side, height: side }).map(
    (args): Step =>
      (d) =>
        cropDocument.perform(d, args),
  ),
  fc.record({ width: side, height: side, anchor: fc.constant({ x: 0.5, y: 0 }) }).map(
    (args): Step =>
      (d) =>
        resizeCanvas.perform(d, args),
  ),
  fc.record({ width: side, height: side, resolution: fc.constantFrom(72, 300, Number.NaN) }).map(
    (args): Step =>
      (d) =>
        resizeImage.perform(d, args),
  ),
  fc.record({ ids, merged: id }).map(({ ids, merged }): Step => (d) => {
    const picture = { pixels: 'p5', name: merged, width: 10, height: 30 };
    return replaceLayers.perform(d, { ids, layer: placePicture(d, picture, merged) });
  }),
  fc.record({ id, n: fc.integer({ min: 6, max: 9 }) }).map(({ id, n }): Step => (d) => {
    const ran = { method: 'colormap', network: 'colormap', version: '1', device: 'cpu', ms: 5 };
    const region = { reference: { pixels: `r${n}`, x: 3, y: n, width: 9, height: 7 } };
    const harmonization = {
      ...ran,
      strength: 1,
      enabled: true,
      pixels: `p${n}`,
      ...(n % 2 === 0 ? {} : region),
    };
    return setHarmonization.perform(d, { id, harmonization });
  }),
  fc.record({ id, strength: fc.double() }).map(
    (args): Step =>
      (d) =>
        setStrength.perform(d, args),
  ),
  fc.record({ id, enabled: fc.boolean() }).map(
    (args): Step =>
      (d) =>
        setHarmonizationEnabled.perform(d, args),
  ),
);

/** Any sequence of commands. */
export const anySteps = fc.array(anyStep, { maxLength: 25 });
