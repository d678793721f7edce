import type { Planes } from './image';

/** What a network changed at its own size, with the picture it saw. */
export interface LowResolutionChange {
  /** Result − input, planar RGB, levels of 255. */
  readonly change: Planes;
  /** The input: the guide at low resolution, planar RGB, 0..255. */
  readonly guide: Planes;
  /**
   * How much each cell belongs to the foreground, 0..255. A cell of which a share s is foreground shows s times the
   * foreground's change: what is lifted is the change that explains the cells best, Σ w (change − s·lifted)² at its
   * least, or lifted = Σ w s change / Σ w s². So no change of the background leaks over the edge, and at soft edges the
   * foreground gets its whole change, to be blended by the full-size mask once and not twice.
   */
  readonly mask: Planes;
}
