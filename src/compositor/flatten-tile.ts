import type { Document } from '../document/records';
import { BLENDINGS } from '../pixels/blend-modes';
import { Fault } from '../pixels/fault';
import type { Box, Image } from '../pixels/image';
import { kernels } from '../pixels/kernels';
import { invert, type Matrix, multiply } from '../pixels/matrix';
import { adjustBlock } from './adjust';
import { type PlacedMask, placeLayerMask, weighBlock } from './masks';
import type { PixelSource } from './pixel-store';
import type { Step } from './plan';
import { type Interpolation, placeImage, type Placement } from './sample';
import { clearBlock, contains, copyBlock, intersects, type Tile, union, withBlock } from './tile';

/** What a list of steps is flattened with. */
export interface Scene {
  readonly document: Document;
  readonly source: PixelSource;
  /** Document pixels → view pixels. */
  readonly toView: Matrix;
  readonly interpolation: Interpolation;
}

/** A step whose pixels have been placed in the view. */
export interface Drawable {
  readonly step: Step;
  /** View pixels that it may change; null: any. */
  readonly box: Box | null;
  /** View pixels that its own pixels cover, or those of the layers in it: an adjustment has none. */
  readonly extent: Box;
  readonly mask: PlacedMask | null;
  readonly pixels: Placement | null;
  /** The harmonized pixels, and how much of them shows. */
  readonly harmonized: Placement | null;
  readonly share: number;
  readonly children: readonly Drawable[];
  readonly clipped: readonly Drawable[];
  /** View pixels under which nothing of what lies below shows; null: none. */
  readonly hides: Box | null;
}

const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };

/** Places everything that the steps draw. Throws a Fault when pixels are missing. */
export function placeSteps(scene: Scene, steps: readonly Step[]): Drawable[] {
  return steps.map((step) => {
    const { layer } = step;
    const mask = placeLayerMask(layer.mask, layer.name, scene.source, scene.toView);
    const clipped = placeSteps(scene, step.clipped);
    const children = 'steps' in step ? placeSteps(scene, step.steps) : [];
    const common = { step, mask, clipped, children };
    const bare = { pixels: null, harmonized: null, share: 0, hides: null };
    if (step.kind === 'adjustment') return { ...common, ...bare, box: null, extent: NOWHERE };
    if (step.kind !== 'pixels') {
      const all = children.some(({ box }) => box === null);
      const extent = children.reduce<Box | null>((sum, child) => union(sum, child.extent), null) ?? NOWHERE;
      // An adjustment in an isolated group changes only what lies in the group.
      return { ...common, ...bare, box: all && step.kind === 'through' ? null : extent, extent };
    }
    const toView = multiply(scene.toView, step.layer.transform);
    const place = (id: string) =>
      placeImage(pixelsOf(scene.source, id, layer.name), toView, scene.interpolation);
    const { harmonization } = step.layer;
    const share = harmonization?.enabled ? Math.min(Math.max(harmonization.strength, 0), 1) : 0;
    const pixels = place(step.layer.pixels);
    const harmonized = harmonization && share > 0 ? place(harmonization.pixels) : null;
    const box = union(pixels?.box ?? null, harmonized?.box ?? null) ?? NOWHERE;
    const opaque = layer.blend === 'normal' && layer.opacity === 1 && layer.fill === 1 && !mask;
    return {
      ...common,
      pixels,
      harmonized,
      share,
      box,
      extent: box,
      hides: opaque && share === 0 ? (pixels?.solid ?? null) : null,
    };
  });
}

function pixelsOf(source: PixelSource, id: string, layer: string): Image {
  const image = source.get(id);
  if (!image)
    throw new Fault('document', `The pixels of layer “${layer}” are missing.`, 'Open its file again.');
  return image;
}

/** Blends the drawables onto the block, from the first to the last. */
export function drawAll(scene: Scene, drawables: readonly Drawable[], tile: Tile, block: number): void {
  // What an opaque layer hides need not be drawn: over such, the rest weighs exactly nothing.
  const start = drawables.findLastIndex(({ hides }) => hides && contains(hides, tile));
  for (const drawable of drawables.slice(Math.max(start, 0))) draw(scene, drawable, tile, block, true);
}

/** Blends one drawable onto the block; atop, only where the block already is, unless `open`. */
export function draw(scene: Scene, drawable: Drawable, tile: Tile, block: number, open: boolean): void {
  const { step, box } = drawable;
  if (box && !intersects(box, tile)) return;
  if (step.kind === 'through') return drawThrough(scene, drawable, tile, block);
  withBlock(tile, (own) => {
    drawSource(scene, drawable, tile, own, block);
    blendSource(scene, drawable, tile, own, block, open && step.kind !== 'adjustment');
  });
}

/** What the drawable blends with the backdrop: its pixels or group, masked, with what is clipped to it. */
export function drawSource(
  scene: Scene,
  drawable: Drawable,
  tile: Tile,
  own: number,
  backdrop: number,
): void {
  const { run } = kernels();
  const { step, mask, pixels, harmonized, share } = drawable;
  if (step.kind === 'adjustment') {
    copyBlock(tile, backdrop, own);
    run.straighten(own, tile.stride, tile.count);
    adjustBlock(step.layer.adjustment, tile, own);
    run.fill(own + 3 * tile.stride, 1, tile.count);
  } else if (step.kind === 'pixels') {
    if (pixels) pixels.draw(tile, own);
    else clearBlock(tile, own);
    if (harmonized) {
      withBlock(tile, (result) => {
        harmonized.draw(tile, result);
        withBlock(tile, (all) => {
          run.fill(all, 1, tile.count);
          run.mix(own, result, tile.stride, all, share, tile.count);
        });
      });
    }
  } else {
    clearBlock(tile, own);
    drawAll(scene, drawable.children, tile, own);
  }
  weighBlock(tile, own, mask);
  for (const each of drawable.clipped) draw(scene, each, tile, own, false);
}

/** Blends a source onto the block by its layer's mode, opacity and fill. */
export function blendSource(
  scene: Scene,
  { step: { layer } }: Drawable,
  tile: Tile,
  own: number,
  block: number,
  open: boolean,
): void {
  const { run } = kernels();
  const { blend: mode, opacity, fill } = layer;
  if (mode !== 'dissolve') {
    const number = BLENDINGS.indexOf(mode);
    run.blend(number, block, own, tile.stride, tile.count, opacity, fill, open ? 1 : 0);
    return;
  }
  const m = invert(scene.toView);
  const e = m.a * (tile.x + 0.5) + m.c * (tile.y + 0.5) + m.e;
  const f = m.b * (tile.x + 0.5) + m.d * (tile.y + 0.5) + m.f;
  const { stride, pitch, width, height, count } = tile;
  run.dissolve(own, stride, pitch, width, height, opacity * fill, m.a, m.b, m.c, m.d, e, f);
  run.blend(0, block, own, stride, count, 1, 1, open ? 1 : 0);
}

/** A group that passes through: its layers blend with what is under the group, and the whole change fades by its opacity and mask. */
function drawThrough(scene: Scene, { step, mask, children }: Drawable, tile: Tile, block: number): void {
  const share = step.layer.opacity * step.layer.fill;
  if (share === 1 && !mask) return drawAll(scene, children, tile, block);
  const { run } = kernels();
  const { stride, count } = tile;
  withBlock(tile, (changed) => {
    copyBlock(tile, block, changed);
    drawAll(scene, children, tile, changed);
    if (mask) return mask.with(tile, (plane) => run.mix(block, changed, stride, plane, share, count));
    withBlock(tile, (all) => {
      run.fill(all, 1, count);
      run.mix(block, changed, stride, all, share, count);
    });
  });
}
