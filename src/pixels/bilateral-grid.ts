import { kernels } from './kernels';
import { type LowResolutionChange, SHARE_FLOOR } from './low-resolution';

/** The parameters of the bilateral grid; docs/lifting.md has the measurements behind the standard ones. */
export interface GridShape {
  /** Cells of the low resolution along a side of a cell of the grid. */
  readonly reach: number;
  /** What a cell gives to each of the cells beside, above and below it, of its own. */
  readonly spread: number;
  /** Levels of brightness: a multiple of four. */
  readonly levels: number;
}
export const GRID_SHAPE: GridShape = { reach: 2, spread: 0.08, levels: 24 };

/** What every level of a cell takes of all of its levels: a pixel as bright as none of its cells still takes their mean. */
export const REST = 1e-3;

/** Bytes of a vector. */
const VECTOR = 16;

/** Where a grid lies in the kernels' memory, and how it lies over the low resolution. */
export interface GridLayout extends GridShape {
  readonly width: number;
  readonly height: number;
  /** Levels of the grid for a level of 255. */
  readonly scale: number;
  /** Bytes of a row of cells, of which one more repeats the last; so does one more row. */
  readonly row: number;
}

export function layoutOf({ change }: LowResolutionChange, shape: GridShape): GridLayout {
  const width = Math.ceil(change.width / shape.reach);
  const height = Math.ceil(change.height / shape.reach);
  const scale = (shape.levels - 1) / 255;
  return { ...shape, width, height, scale, row: VECTOR * shape.levels * (width + 1) };
}

/** A place in cells of the low resolution, in cells of the grid: 0 is the first cell's centre in both. */
export const inGrid = (place: number, reach: number): number => (place - (reach - 1) / 2) / reach;

/**
 * Fills a bilateral grid (Chen, Paris, Durand, "Real-time edge-aware image processing with the bilateral grid", SIGGRAPH
 * 2007) at `grid` in the kernels' memory, `row · (height + 1)` bytes: every cell of the low resolution adds its share
 * times its change, and the square of its share, at its place and its brightness; then cells are spread out over their
 * neighbours.
 */
export function fillGrid(low: LowResolutionChange, layout: GridLayout, grid: number): void {
  const { change, guide, mask } = low;
  const { width, height, reach, levels, scale, spread, row } = layout;
  const { run, memory } = kernels();
  const plane = 4 * change.width * change.height;
  const line = 4 * change.width;
  memory.borrow([7 * plane, row, 3 * row], (planes, raw, rows) => {
    memory.floats.set(change.data, planes! / 4);
    memory.floats.set(guide.data, (planes! + 3 * plane) / 4);
    memory.floats.set(mask.data, (planes! + 6 * plane) / 4);
    const along = (y: number) => rows! + (y % 3) * row;
    const add = (y: number) => {
      memory.bytes.fill(0, raw, raw! + row);
      for (let k = reach * y; k < Math.min(reach * (y + 1), change.height); k++) {
        const from = planes! + k * line;
        run.gridAdd(
          from,
          from + 3 * plane,
          from + 6 * plane,
          plane,
          change.width,
          reach,
          raw!,
          levels,
          scale,
          SHARE_FLOOR,
        );
      }
      run.gridAlong(raw!, width, levels, spread, along(y));
    };
    add(0);
    for (let y = 0; y < height; y++) {
      if (y + 1 < height) add(y + 1);
      const above = along(Math.max(y - 1, 0));
      const below = along(Math.min(y + 1, height - 1));
      run.gridDown(above, along(y), below, width, levels, spread, REST, grid + y * row);
    }
    const last = grid + (height - 1) * row;
    memory.bytes.copyWithin(last + row, last, last + row);
  });
}
