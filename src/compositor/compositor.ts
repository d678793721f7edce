import type { Document } from '../document/records';
import { type Box, createImage, type Image } from '../pixels/image';
import { kernels } from '../pixels/kernels';
import {
  blendSource,
  draw,
  drawAll,
  type Drawable,
  drawSource,
  placeSteps,
  type Scene,
} from './flatten-tile';
import type { PixelSource } from './pixel-store';
import { planOf, sameSteps, type Step } from './plan';
import { ends, runsOf, type Touched } from './runs';
import {
  checkView,
  checkWanted,
  type RenderOptions,
  sameView,
  type StopSignal,
  type View,
  writeTile,
} from './render';
import { clearBlock, intersects, type Tile, TILE, tilesOf, union, withBlock } from './tile';

/** A picture that was drawn, and what of it differs from the one before; null: nothing. */
export interface Frame {
  readonly image: Image;
  readonly changed: Box | null;
}

/** Floats kept of flattened layers under and over the one that moves: 512 MB. */
const KEEP = 2 ** 27;

/** Blocks of the layers that stay while one moves, by tile. */
interface Still {
  /** The steps that they were made of. */
  readonly steps: readonly Step[];
  readonly tiles: Map<Tile, Float32Array>;
}

interface Shown {
  readonly view: View;
  readonly source: PixelSource;
  readonly interpolation: RenderOptions['interpolation'];
  readonly tiles: readonly Tile[];
  readonly steps: readonly Step[];
  readonly drawables: readonly Drawable[];
  readonly image: Image;
}

/**
 * Flattens the same document again and again while it changes: only tiles that a change touches are drawn anew. While a
 * layer moves, all under it is kept flattened, above it every run of layers in normal mode is kept as one (joining them
 * rounds elsewhere, by a level of 8 bits at most), and the layer itself is sampled coarsely. The picture is made exact as
 * soon as nothing moves.
 */
export class Compositor {
  readonly #options: RenderOptions;
  #shown: Shown | null = null;
  #below: Still | null = null;
  #above: readonly Still[] = [];
  /** Tiles that were drawn for movement: from joined layers, coarsely. */
  readonly #joined = new Set<Tile>();
  /** Tiles that a picture that was stopped left as they were before it. */
  readonly #stale = new Set<Tile>();
  /** What pictures that were stopped had drawn: no frame has named it yet. */
  #unseen: Box | null = null;

  constructor(options: RenderOptions = {}) {
    this.#options = options;
  }

  /** Lets go of everything that is kept. */
  forget(): void {
    this.#shown = null;
    this.#letGo();
  }

  /**
   * The document as `renderDocument` flattens it. `moving` says that the next picture will differ in the same layers, and
   * allows what is said above. The image is the compositor's own and changes with the next call. Throws the Faults
   * of `renderDocument`; after one, the next picture is drawn wholly anew, but after `cancelled` it goes on from there.
   */
  render(
    document: Document,
    source: PixelSource,
    view: View,
    moving = false,
    touched: Touched | null = null,
    signal?: StopSignal,
  ): Frame {
    checkView(view);
    const { interpolation = 'bilinear' } = this.#options;
    const scene: Scene = { document, source, toView: view.toView, interpolation };
    const coarse: Scene = { ...scene, interpolation: 'coarse' };
    const steps = planOf(document, this.#options.layers);
    const before = this.#shown;
    const again = before && before.source === source && sameView(before.view, view) ? before : null;
    if (!again) this.#letGo();
    this.#unseen = again ? this.#unseen : null;
    const { low, high } = again ? ends(again.steps, steps, touched) : { low: 0, high: 0 };
    // A picture that fails half way must not be taken for whole.
    this.#shown = null;
    const holds = moving && again !== null && this.#hold(steps, low, high, view);
    // What did not change stays placed, unless it was placed coarsely and has come to rest.
    const kept = again?.drawables ?? [];
    const anew = !holds && this.#joined.size > 0;
    const drawables = anew
      ? placeSteps(scene, steps)
      : [
          ...kept.slice(0, low),
          ...placeSteps(holds ? coarse : scene, steps.slice(low, steps.length - high)),
          ...kept.slice(kept.length - high),
        ];
    const image = again?.image ?? createImage(view.width, view.height);
    const tiles = again?.tiles ?? tilesOf(view, this.#options.tile ?? TILE);
    const edge = kept.length - high;
    const wholly = { x: 0, y: 0, width: view.width, height: view.height };
    const between = () => [
      ...again!.drawables.slice(low, edge),
      ...drawables.slice(low, drawables.length - high),
    ];
    const dirty = !again
      ? wholly
      : touched && sameSteps(again.steps, steps)
        ? touched.box
        : dirtyBox(between(), view);
    const shown: Shown = { view, source, interpolation, tiles, steps, drawables, image };
    const wanted = tiles.filter(
      (tile) =>
        (dirty !== null && intersects(dirty, tile)) ||
        this.#stale.has(tile) ||
        (!holds && this.#joined.has(tile)),
    );
    let changed = this.#unseen;
    for (const [i, tile] of wanted.entries()) {
      if (signal?.aborted) {
        for (const left of wanted.slice(i)) {
          this.#stale.add(left);
          // The layers that move are placed coarsely by now: at rest they must be placed anew.
          if (holds) this.#joined.add(left);
        }
        this.#unseen = changed;
        this.#shown = shown;
        checkWanted(signal);
      }
      changed = union(changed, { x: tile.x, y: tile.y, width: tile.width, height: tile.height });
      withBlock(tile, (block) => {
        if (holds) this.#drawMoving(scene, drawables, low, high, tile, block);
        else {
          clearBlock(tile, block);
          drawAll(scene, drawables, tile, block);
        }
        writeTile(tile, block, image);
      });
      if (holds) this.#joined.add(tile);
      else this.#joined.delete(tile);
      this.#stale.delete(tile);
    }
    this.#unseen = null;
    this.#shown = shown;
    return { image, changed };
  }

  /**
   * Takes over a document that looks the same as the one drawn last, though its records differ: nothing is drawn anew.
   */
  accept(document: Document): void {
    const shown = this.#shown;
    if (!shown) return;
    const { source, view, interpolation = 'bilinear' } = shown;
    const steps = planOf(document, this.#options.layers);
    const drawables = placeSteps({ document, source, toView: view.toView, interpolation }, steps);
    this.#shown = { ...shown, steps, drawables };
  }

  #letGo(): void {
    this.#below = null;
    this.#above = [];
    this.#joined.clear();
    this.#stale.clear();
  }

  /** Gets ready to keep what lies under and over the steps that change; false when that is too much to keep. */
  #hold(steps: readonly Step[], low: number, high: number, view: View): boolean {
    const under = steps.slice(0, low);
    const runs = runsOf(steps.slice(steps.length - high));
    const blocks = 1 + runs.filter((run) => run.joined).length;
    if (4 * view.width * view.height * blocks > KEEP) {
      this.#below = null;
      this.#above = [];
      return false;
    }
    if (!this.#below || !sameSteps(this.#below.steps, under))
      this.#below = { steps: under, tiles: new Map() };
    const old = this.#above;
    this.#above = runs
      .filter((run) => run.joined)
      .map(
        (run) =>
          old.find((still) => sameSteps(still.steps, run.steps)) ?? { steps: run.steps, tiles: new Map() },
      );
    return true;
  }

  #drawMoving(
    scene: Scene,
    drawables: readonly Drawable[],
    low: number,
    high: number,
    tile: Tile,
    block: number,
  ): void {
    const { run } = kernels();
    const middle = drawables.length - high;
    if (low === 0) clearBlock(tile, block);
    else
      recall(this.#below!, tile, block, () => {
        clearBlock(tile, block);
        drawAll(scene, drawables.slice(0, low), tile, block);
      });
    drawAll(scene, drawables.slice(low, middle), tile, block);
    let next = 0;
    const over = drawables.slice(middle);
    for (const { joined, from, to } of runsOf(over.map(({ step }) => step))) {
      const members = over.slice(from, to);
      if (!joined) {
        for (const drawable of members) draw(scene, drawable, tile, block, true);
        continue;
      }
      const still = this.#above[next++]!;
      if (members.every(({ box }) => box && !intersects(box, tile))) continue;
      withBlock(tile, (own) => {
        const single = members.length === 1 ? members[0]! : null;
        recall(still, tile, own, () => {
          if (single) return drawSource(scene, single, tile, own, own);
          clearBlock(tile, own);
          drawAll(scene, members, tile, own);
        });
        if (single) blendSource(scene, single, tile, own, block, true);
        else run.blend(0, block, own, tile.stride, tile.count, 1, 1, 1);
      });
    }
  }
}

/** The block as it was kept; else makes it and keeps it. */
function recall(still: Still, tile: Tile, block: number, make: () => void): void {
  const { memory } = kernels();
  const kept = still.tiles.get(tile);
  if (kept) return memory.floats.set(kept, block / 4);
  make();
  still.tiles.set(tile, memory.floats.slice(block / 4, block / 4 + tile.stride));
}

/** The box around all that the drawables touch; null: nothing. */
function dirtyBox(drawables: readonly Drawable[], view: View): Box | null {
  let box: Box | null = null;
  for (const drawable of drawables) {
    box = union(box, drawable.box ?? { x: 0, y: 0, width: view.width, height: view.height });
  }
  return box;
}
