import { fillGrid, GRID_SHAPE, type GridLayout, type GridShape, inGrid, layoutOf } from './bilateral-grid';
import type { Rows } from './image';
import { kernels } from './kernels';
import type { LowResolutionChange } from './low-resolution';
import { recolourRows } from './recolour-rows';
import { cellOf, type Recolouring } from './recolouring';
import { Resident } from './resident';

/** The grid of the last picture. */
export const gridCells = new Resident<LowResolutionChange>();

/** Bytes that tables of pixels have beyond the last, for kernels that read whole vectors. */
const BEYOND = 16;

/** Bytes of what `gridLights` writes. */
const LIGHTS = 16;

/** Of a strength of 0..1, the whole number that kernels take: amounts of 255 times it are at most 32767 · 2^16. */
const strengthOf = ({ strength }: Recolouring): number => Math.round((strength * 32_767 * 65_536) / 255);

/**
 * Joint bilateral upsampling of the *change* (Kopf et al., "Joint bilateral upsampling", SIGGRAPH 2007, eq. 3; the
 * joint bilateral filter: Petschnigg et al., "Digital photography with flash and no-flash image pairs", SIGGRAPH 2004,
 * eq. 3), guided by the full-size source: a pixel's change is the mean of the cells around it, weighted by nearness, by
 * likeness of the cell's brightness to the pixel's, and by the cell's share of foreground. By a bilateral grid
 * ({@link fillGrid}), in which a pixel's place and brightness find the mean at once. What the network did not
 * change keeps every detail. Alpha is copied; where `amount` is 0 the pixel is copied bit for bit. `out` is RGBA, as
 * large as the source, and may be the source.
 */
export function upsampleBilateral(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  shape: GridShape = GRID_SHAPE,
): void {
  const layout = layoutOf(low, shape);
  const fill = (at: number) => fillGrid(low, layout, at);
  const variant = shape.levels + shape.reach / 64 + shape.spread / 64;
  const cells = gridCells.holdFilled(low, layout.row * (layout.height + 1), fill, variant);
  const { a, b, c } = job.toFrame;
  const along = b === 0 && c === 0 && a >= 0;
  (along ? liftAlong : liftFreely)(job, layout, cells, placesOf(job, low, shape.reach), rows, out);
}

/**
 * Where the rows of the source lie in a grid, reckoned from the picture's own edge whatever part of it the source is: so
 * the pixels are the same to the last bit in every part.
 */
interface Places {
  /** The number of the source's first pixel in its row of the picture. */
  readonly first: number;
  /** Where the first pixel of the picture's row lies, in cells: (u, v). */
  readonly of: (y: number) => { readonly u: number; readonly v: number };
  /** From a pixel to the next. */
  readonly du: number;
  readonly dv: number;
}

function placesOf(job: Recolouring, { change }: LowResolutionChange, reach: number): Places {
  const fromEdge: Recolouring = { ...job, origin: { x: 0, y: job.origin?.y ?? 0 } };
  return {
    first: job.origin?.x ?? 0,
    of: (y) => {
      const { u, v } = cellOf(fromEdge, 0, y, change.width, change.height);
      return { u: inGrid(u, reach), v: inGrid(v, reach) };
    },
    du: (job.toFrame.a * change.width) / reach,
    dv: (job.toFrame.b * change.height) / reach,
  };
}

type Lift = (
  job: Recolouring,
  layout: GridLayout,
  cells: number,
  places: Places,
  rows: Rows,
  out: Uint8ClampedArray,
) => void;

/**
 * Where rows of pixels lie along rows of cells: all of them between the same columns, and each between two rows of cells,
 * whose mean serves all of its pixels.
 */
const liftAlong: Lift = (job, { width, height, levels, cell, row }, cells, places, rows, out) => {
  const { run, memory } = kernels();
  const { first, du } = places;
  const across = job.source.width;
  const table = 4 * across + BEYOND;
  memory.borrow([row, table, table, LIGHTS], (between, columns, shares, lights) => {
    const { u } = places.of(rows.from);
    run.gridLights(levels, lights!);
    run.gridColumns(u, du, first, across + BEYOND / 4, width, levels, columns!, shares!);
    const columnOf = (x: number) => Math.floor(clamp(u + (first + x) * du, width - 1));
    const strength = strengthOf(job);
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const v = clamp(places.of(y).v, height - 1);
      const start = columnOf(from) * cell;
      const upper = cells + Math.floor(v) * row + start;
      const pairs = (levels / 2) * (columnOf(to + BEYOND / 4) + 2 - columnOf(from));
      run.gridBetween(upper, upper + row, Math.floor((v % 1) * 32_768), pairs, between! + start);
      const [place, share] = [columns! + 4 * from, shares! + 4 * from];
      run.gridRow(between!, place, share, levels, pixels, amount, to - from, lights!, strength);
    });
  });
};

/** Where they lie aslant. */
const liftFreely: Lift = (job, { width, height, levels, row }, cells, places, rows, out) => {
  const { run, memory } = kernels();
  const { first, du, dv } = places;
  memory.borrow([LIGHTS], (lights) => {
    run.gridLights(levels, lights!);
    const strength = strengthOf(job);
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const { u, v } = places.of(y);
      run.gridFreely(
        cells,
        row,
        levels,
        pixels,
        amount,
        first + from,
        to - from,
        lights!,
        strength,
        u,
        v,
        du,
        dv,
        width,
        height,
      );
    });
  });
};

const clamp = (place: number, most: number): number => Math.min(Math.max(place, 0), most);
