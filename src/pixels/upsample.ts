import { type AffineGrid, fitGuided, GUIDED_SIGMAS, type GuidedSigmas, plainGrid } from './guided';
import type { Rows } from './image';
import { kernels } from './kernels';
import {
  BILATERAL_SIGMAS,
  type BilateralSigmas,
  FRACTIONS,
  LIKENESS_FLOOR,
  likenessFalloff,
  type LowResolutionChange,
  nearness,
  SHARE_FLOOR,
} from './low-resolution';
import { cellOf, type Recolouring } from './recolouring';
import { recolourRows } from './recolour-rows';
import { Resident } from './resident';

/** Cells of border around the planes of the bilateral kernel: it reads up to two beyond a place up to one outside. */
const BORDER = 3;
/** Guide r, g, b times the falloff; share·change r, g, b; share² + floor. */
const PLANES = 7;

const bilateralCells = new Resident<LowResolutionChange>();

/** The planes that the kernel reads, with the outermost cells repeated as a border. */
function planesOf({ change, guide, mask }: LowResolutionChange, falloff: number): Float32Array {
  const { width, height } = change;
  const size = width * height;
  const across = width + 2 * BORDER;
  const down = height + 2 * BORDER;
  const planes = new Float32Array(PLANES * across * down);
  for (let y = 0; y < down; y++) {
    const row = Math.min(Math.max(y - BORDER, 0), height - 1) * width;
    for (let x = 0; x < across; x++) {
      const cell = row + Math.min(Math.max(x - BORDER, 0), width - 1);
      const share = mask.data[cell]! / 255;
      let at = y * across + x;
      for (let c = 0; c < 3; c++, at += across * down) planes[at] = falloff * guide.data[c * size + cell]!;
      for (let c = 0; c < 3; c++, at += across * down) planes[at] = share * change.data[c * size + cell]!;
      planes[at] = share * share + SHARE_FLOOR;
    }
  }
  return planes;
}

/** Floats of a cell for pictures that stand upright over the cells. */
const CELL = 8;
const uprightCells = new Resident<LowResolutionChange>();

/** The same cell by cell, as the kernel for upright pictures reads them: see bilateralRow. */
function cellsOf(low: LowResolutionChange, falloff: number): Float32Array {
  const planes = planesOf(low, falloff);
  const size = planes.length / PLANES;
  const cells = new Float32Array(CELL * size);
  for (let i = 0; i < size; i++) {
    let length = 0;
    for (let c = 0; c < 3; c++) {
      const colour = planes[c * size + i]!;
      length += colour * colour;
      cells[CELL * i + c] = 2 * colour;
    }
    cells[CELL * i + 3] = 1 - length;
    for (let c = 3; c < PLANES; c++) cells[CELL * i + c + 1] = planes[c * size + i]!;
  }
  return cells;
}

/** {@link upsampleBilateral} where every row of pixels is parallel to the rows of cells, and runs the same way. */
function upsampleUpright(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  sigmas: BilateralSigmas,
): void {
  const { width, height } = low.change;
  const across = width + 2 * BORDER;
  const falloff = Math.sqrt(likenessFalloff(sigmas.colour));
  const cells = uprightCells.hold(low, () => cellsOf(low, falloff), sigmas.colour);
  const table = nearness(sigmas.space);
  const { run, memory } = kernels();
  const { du } = stepOf(job, width, height);
  const strength = job.strength / 255;
  const row = 4 * CELL * across;
  memory.borrow([table.byteLength, 4 * row], (near, columns) => {
    memory.floats.set(table, near! / 4);
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const { u, v } = cellOf(job, 0, y, width, height);
      const place = Math.min(Math.max(v, -1), height);
      const top = Math.floor(place);
      const nearY = near! + 16 * Math.floor((place - top) * FRACTIONS + 0.5);
      run.bilateralColumns(cells + (top + 2) * row, row, nearY, across, columns!);
      const start = u + from * du;
      const count = to - from;
      run.bilateralRow(
        columns!,
        near!,
        pixels,
        amount,
        count,
        strength,
        start,
        du,
        width,
        falloff,
        LIKENESS_FLOOR,
      );
    });
  });
}

/**
 * Joint bilateral upsampling of the *change* (Kopf et al., "Joint bilateral upsampling", SIGGRAPH 2007, eq. 3; the
 * joint bilateral filter: Petschnigg et al., "Digital photography with flash and no-flash image pairs", SIGGRAPH 2004,
 * eq. 3), guided by the full-size source: a pixel's change is the mean of the 4×4 cells around it, weighted by nearness,
 * by likeness of the cell's colour to the pixel's, and by the cell's share of foreground. What the network did not
 * change keeps every detail. Alpha is copied; where `amount` is 0 the pixel is copied bit for bit. `out` is RGBA, as
 * large as the source, and may be the source.
 */
export function upsampleBilateral(
  job: Recolouring,
  low: LowResolutionChange,
  rows: Rows,
  out: Uint8ClampedArray,
  sigmas: BilateralSigmas = BILATERAL_SIGMAS,
): void {
  if (isUpright(job)) return upsampleUpright(job, low, rows, out, sigmas);
  const { width, height } = low.change;
  const row = 4 * (width + 2 * BORDER);
  const plane = row * (height + 2 * BORDER);
  const falloff = Math.sqrt(likenessFalloff(sigmas.colour));
  const cells = bilateralCells.hold(low, () => planesOf(low, falloff), sigmas.colour);
  const table = nearness(sigmas.space);
  const { run, memory } = kernels();
  const { du, dv } = stepOf(job, width, height);
  const strength = job.strength / 255;
  memory.borrow([table.byteLength], (near) => {
    memory.floats.set(table, near! / 4);
    recolourRows(job, rows, out, (y, from, to, pixels, amount) => {
      const { u, v } = cellOf(job, 0, y, width, height);
      const last = to - from;
      run.bilateral(
        cells,
        plane,
        row,
        near!,
        pixels,
        amount,
        last,
        strength,
        u + from * du,
        v + from * dv,
        du,
        dv,
        width,
        height,
        falloff,
        LIKENESS_FLOOR,
      );
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
  for (const cells of [bilateralCells, uprightCells, guidedCells, plainCells]) cells.letGo();
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
