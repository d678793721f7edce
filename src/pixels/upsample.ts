import { fillGrid, GRID_SHAPE, type GridShape, inGrid, layoutOf } from './bilateral-grid';
import { type AffineGrid, fitGuided, GUIDED_SIGMAS, type GuidedSigmas, plainGrid } from './guided';
import type { Rows } from './image';
import { kernels } from './kernels';
import type { LowResolutionChange } from './low-resolution';
import { cellOf, type Recolouring } from './recolouring';
import { recolourRows } from './recolour-rows';
import { Resident } from './resident';

const gridCells = new Resident<LowResolutionChange>();

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
  const { reach, levels, scale, row: line } = layout;
  const variant = shape.levels + shape.reach / 64 + shape.spread / 64;
  const fill = (at: number) => fillGrid(low, layout, at);
  const cells = gridCells.holdFilled(low, line * (layout.height + 1), fill, variant);
  const { run, memory } = kernels();
  const { width, height } = low.change;
  const { du, dv } = stepOf(job, width / reach, height / reach);
  const strength = job.strength / 255;
  memory.borrow([line], (between) => {
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const place = cellOf(job, 0, y, width, height);
      const u = inGrid(place.u, reach) + from * du;
      const v = inGrid(place.v, reach) + from * dv;
      const count = to - from;
      if (!isUpright(job)) {
        const { width: across, height: down } = layout;
        run.gridFreely(
          cells,
          line,
          levels,
          scale,
          pixels,
          amount,
          count,
          strength,
          u,
          v,
          du,
          dv,
          across,
          down,
        );
        return;
      }
      const inside = Math.min(Math.max(v, 0), layout.height - 1);
      const top = cells + Math.floor(inside) * line;
      const columnOf = (at: number) => Math.floor(Math.min(Math.max(at, 0), layout.width - 1));
      // The columns of cells that the pixels lie between, and one on either side for rounding's sake.
      const first = Math.max(columnOf(u) - 1, 0);
      const last = Math.min(columnOf(u + count * du) + 2, layout.width);
      const start = 16 * levels * first;
      const vectors = (levels / 4) * (last - first + 1);
      run.betweenRows(top + start, top + line + start, inside % 1, vectors, between! + start);
      run.gridRow(between!, levels, scale, pixels, amount, count, strength, u, du, layout.width);
    });
  });
}

const guidedCells = new Resident<LowResolutionChange>();
const plainCells = new Resident<LowResolutionChange>();

/**
 * Guided upsampling of the change (He, Sun, Tang, "Guided image filtering", TPAMI 2013; "Fast guided filter", arXiv
 * 1505.00996, 2015): around every cell the change is fitted as an affine function of the picture's colours
 * ({@link fitGuided}); the functions, not the changes, are interpolated and applied to the full-size pixels, so that
 * edges and texture are the picture's own. Same promises as {@link upsampleBilateral}.
 */
export function upsampleGuided(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  sigmas: GuidedSigmas = GUIDED_SIGMAS,
): void {
  const variant = sigmas.reach + sigmas.damping;
  const cells = guidedCells.hold(low, () => fitGuided(low, sigmas).data, variant);
  applyGrid(job, low.change, cells, rows, out);
}

/** Bilinear interpolation of the change: the plain alternative. Same promises. */
export function upsampleBilinear(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
): void {
  applyGrid(
    job,
    low.change,
    plainCells.hold(low, () => plainGrid(low).data),
    rows,
    out,
  );
}

/** Gives back what the last picture's cells take of the kernels' memory. */
export function forgetCells(): void {
  for (const cells of [gridCells, guidedCells, plainCells]) cells.letGo();
}

/** Applies the affine grid at `cells` in the kernels' memory. */
function applyGrid(
  job: Recolouring,
  { width, height }: Pick<AffineGrid, 'width' | 'height'>,
  cells: number,
  rows: Rows,
  out: Uint8ClampedArray,
): void {
  const { run, memory } = kernels();
  const { du, dv } = stepOf(job, width, height);
  const strength = job.strength / 255;
  const line = 64 * (width + 1);
  memory.borrow([line], (between) => {
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const { u, v } = cellOf(job, 0, y, width, height);
      // Upright pictures stay between two rows of cells: their mean serves the whole row of pixels.
      if (isUpright(job)) {
        const place = Math.min(Math.max(v, 0), height - 1);
        const top = Math.floor(place);
        run.betweenRows(cells + top * line, cells + (top + 1) * line, place - top, width + 1, between!);
        run.affineRow(between!, pixels, amount, to - from, strength, u + from * du, du, width);
        return;
      }
      run.affine(
        cells,
        line,
        pixels,
        amount,
        to - from,
        strength,
        u + from * du,
        v + from * dv,
        du,
        dv,
        width,
        height,
      );
    });
  });
}

/** Whether rows of pixels are parallel to the rows of cells and run the same way. */
function isUpright({ toFrame }: Recolouring): boolean {
  return toFrame.b === 0 && toFrame.a >= 0;
}

/** How far a step of one pixel to the right goes, in cells. */
function stepOf({ toFrame }: Recolouring, width: number, height: number): { du: number; dv: number } {
  return { du: toFrame.a * width, dv: toFrame.b * height };
}
