import { renderDocument } from '../../compositor/render';
import type { Document } from '../../document/records';
import type { Box } from '../../pixels/image';
import { multiply, scaling, translation, type Matrix } from '../../pixels/matrix';
import { toImageData, type PixelShelf } from './pixel-shelf';
import type { CanvasView } from './protocol';

/** Milliseconds that a picture in the middle of a movement may take. */
const MOVING_BUDGET = 30;
/** Quiet milliseconds after which a coarse picture is drawn finely. */
const REFINE_AFTER = 90;

/** The part of the canvas that the document covers, in whole canvas pixels; null when it is out of sight. */
export function visiblePart(document: Document, view: Omit<CanvasView, 'document' | 'moving'>): Box | null {
  const { toView: m } = view;
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const x = clamp(m.e, view.width);
  const y = clamp(m.f, view.height);
  const width = clamp(m.e + m.a * document.width, view.width) - x;
  const height = clamp(m.f + m.d * document.height, view.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/**
 * Draws the newest view on the window's canvas. While something moves, the picture is drawn at the share of the
 * resolution that keeps up with the hand, and finely once it rests.
 */
export class CanvasPainter {
  readonly #shelf: PixelShelf;
  readonly #drawn: (toView: Matrix, share: number, ms: number) => void;
  readonly #failed: (thrown: unknown) => void;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  #view: CanvasView | null = null;
  #scheduled = false;
  #refine: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds a megapixel took of late. */
  #pace = 30;

  constructor(
    shelf: PixelShelf,
    drawn: (toView: Matrix, share: number, ms: number) => void,
    failed: (thrown: unknown) => void,
  ) {
    this.#shelf = shelf;
    this.#drawn = drawn;
    this.#failed = failed;
  }

  attach(canvas: OffscreenCanvas): void {
    this.#context = canvas.getContext('2d');
    this.#schedule();
  }

  /** Only the newest view is ever drawn. */
  show(view: CanvasView | null): void {
    this.#view = view;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    clearTimeout(this.#refine);
    // A task of its own: messages already waiting come first, so that views that are out of date are never drawn.
    setTimeout(() => {
      this.#scheduled = false;
      this.#draw(this.#view?.moving ?? false);
    });
  }

  #draw(moving: boolean): void {
    const context = this.#context;
    if (!context) return;
    const view = this.#view;
    const { canvas } = context;
    if (!view) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    try {
      const started = performance.now();
      const part = visiblePart(view.document, view);
      const expected = part ? (this.#pace * part.width * part.height) / 1e6 : 0;
      const share =
        moving && expected > MOVING_BUDGET ? Math.max(0.2, Math.sqrt(MOVING_BUDGET / expected)) : 1;
      const picture = part && this.#render(view, part, share);
      if (canvas.width !== view.width || canvas.height !== view.height) {
        canvas.width = view.width;
        canvas.height = view.height;
      }
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (part && picture) {
        if (picture instanceof ImageData) context.putImageData(picture, part.x, part.y);
        else context.drawImage(picture, part.x, part.y, part.width, part.height);
        const ms = performance.now() - started;
        const megapixels = (part.width * part.height * share * share) / 1e6;
        this.#pace += 0.3 * (ms / megapixels - this.#pace);
      }
      this.#drawn(view.toView, share, performance.now() - started);
      if (share < 1) this.#refine = setTimeout(() => this.#draw(false), REFINE_AFTER);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  #render(view: CanvasView, part: Box, share: number): ImageData | OffscreenCanvas {
    const width = Math.max(1, Math.round(part.width * share));
    const height = Math.max(1, Math.round(part.height * share));
    const toPart = multiply(translation(-part.x, -part.y), view.toView);
    const toView = share === 1 ? toPart : multiply(scaling(width / part.width, height / part.height), toPart);
    const image = toImageData(renderDocument(view.document, this.#shelf, { width, height, toView }));
    if (share === 1) return image;
    const small = new OffscreenCanvas(width, height);
    small.getContext('2d')?.putImageData(image, 0, 0);
    return small;
  }
}
