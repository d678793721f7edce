import { type AffineGrid, fitGuided, GUIDED_SIGMAS, type GuidedSigmas, plainGrid } from './guided';
import type { Rows } from './image';
import { kernels } from './kernels';
import type { LowResolutionChange } from './low-resolution';
import { cellOf, type Recolouring } from './recolouring';
import { recolourRows } from './recolour-rows';
import { Resident } from './resident';
import { gridCells, upsampleBilateral } from './upsample-bilateral';

export { upsampleBilateral };

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
