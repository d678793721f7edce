import { kernels } from './kernels';
import type { LowResolutionChange } from './low-resolution';

/** The parameters of the bilateral grid; docs/lifting.md has the measurements behind the standard ones. */
export interface GridShape {
  /** Cells of the low resolution along a side of a cell of the grid. */
  readonly reach: number;
  /** What a cell gives to each of the cells beside, above and below it, of its own. */
  readonly spread: number;
  /** Levels of brightness: a multiple of four, 32 at the most. */
  readonly levels: number;
}
export const GRID_SHAPE: GridShape = { reach: 2, spread: 0.12, levels: 24 };

/**
 * How much of a level's cells the level beside it takes, of that the next, and so on: a pixel as bright as none of its
 * cells takes the change of those that come nearest.
 */
export const FADE = 0.05;

/** Added to the weight s² of cells with foreground, so that what little of it they show is not taken for a large change. */
export const FLOOR = 1e-3;

/** Bytes of a level of a cell: while sums are made, and as it is read. */
const SUMS = 16;
const CHANGE = 8;

/** Where a grid lies in the kernels' memory, and how it lies over the low resolution. */
export interface GridLayout extends GridShape {
  readonly width: number;
  readonly height: number;
  /** Bytes of a cell. */
  readonly cell: number;
  /** Bytes of a row of cells and of the one behind it, which is read and counts nothing; so does the row below the last. */
  readonly row: number;
}

export function layoutOf({ change }: LowResolutionChange, shape: GridShape): GridLayout {
  const width = Math.ceil(change.width / shape.reach);
  const height = Math.ceil(change.height / shape.reach);
  const cell = CHANGE * shape.levels;
  return { ...shape, width, height, cell, row: cell * (width + 1) };
}

/** A place in cells of the low resolution, in cells of the grid: 0 is the first cell's centre in both. */
export const inGrid = (place: number, reach: number): number => (place - (reach - 1) / 2) / reach;

/**
 * Fills a bilateral grid (Chen, Paris, Durand, "Real-time edge-aware image processing with the bilateral grid", SIGGRAPH
 * 2007) at `grid` in the kernels' memory, `row · (height + 1)` bytes: every cell of the low resolution that shows any
 * foreground adds its share times its change, and the square of its share as its weight, at its place and its
 * brightness; cells are spread out over their neighbours, and levels over the levels beside them; then the sums are
 * divided by their weights. So every level of a cell has the change of the foreground nearest to it, and what is read
 * between them needs no division. Far from any foreground nothing changes.
 */
export function fillGrid(low: LowResolutionChange, layout: GridLayout, grid: number): void {
  const { change, guide, mask } = low;
  const { width, height, reach, levels, spread, row } = layout;
  const { run, memory } = kernels();
  const across = change.width;
  const planes = [change, guide, mask].flatMap(({ channels, data }) =>
    Array.from({ length: channels }, (_, c) => data.subarray(c * across * change.height)),
  );
  const cell = SUMS * levels;
  const sums = cell * width;
  memory.borrow([7 * 4 * across, sums, 3 * sums, 3 * cell], (lines, raw, rows, work) => {
    const along = (y: number) => rows! + (y % 3) * sums;
    const add = (y: number) => {
      memory.bytes.fill(0, raw, raw! + sums);
      for (let k = reach * y; k < Math.min(reach * (y + 1), change.height); k++) {
        planes.forEach((plane, i) =>
          memory.floats.set(plane.subarray(k * across, (k + 1) * across), lines! / 4 + i * across),
        );
        run.gridAdd(lines!, across, reach, raw!, levels, FLOOR);
      }
      run.gridAlong(raw!, width, levels, spread, along(y));
    };
    add(0);
    for (let y = 0; y < height; y++) {
      if (y + 1 < height) add(y + 1);
      const above = along(Math.max(y - 1, 0));
      const below = along(Math.min(y + 1, height - 1));
      run.gridDown(above, along(y), below, width, levels, spread, FADE, work!, grid + y * row);
    }
  });
}
