import { Compositor } from '../../compositor/compositor';
import { renderDocument } from '../../compositor/render';
import type { Document } from '../../document/records';
import type { Box } from '../../pixels/image';
import { multiply, scaling, translation, type Matrix } from '../../pixels/matrix';
import { wholeSpan } from '../state/view';
import { MovingShare } from './moving-share';
import { toImageData, type PixelShelf } from './pixel-shelf';
import type { CanvasView } from './protocol';

/** From this zoom on, document pixels are shown as squares: a person who goes this near wants to see them. */
const SQUARES = 2;
/** Quiet milliseconds after which a coarse picture is drawn finely. */
const REFINE_AFTER = 90;

/** The part of the canvas that the document covers, in whole canvas pixels; null when it is out of sight. */
export function visiblePart(
  document: Document,
  view: Pick<CanvasView, 'width' | 'height' | 'toView'>,
): Box | null {
  const { toView: m } = view;
  const across = wholeSpan(m.e, m.e + m.a * document.width);
  const down = wholeSpan(m.f, m.f + m.d * document.height);
  const x = Math.max(0, across.start);
  const y = Math.max(0, down.start);
  const width = Math.min(view.width, across.end) - x;
  const height = Math.min(view.height, down.end) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** The document pixels that any part of the canvas's `part` shows, for zooms of 1 and more. */
export function documentPart(document: Document, part: Box, { a, d, e, f }: Matrix): Box {
  const x = Math.max(0, Math.floor((part.x - e) / a));
  const y = Math.max(0, Math.floor((part.y - f) / d));
  const right = Math.min(document.width, Math.ceil((part.x + part.width - e) / a));
  const bottom = Math.min(document.height, Math.ceil((part.y + part.height - f) / d));
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

interface Picture {
  readonly image: ImageData;
  /** Where it goes on the canvas. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws the newest view on the window's canvas. While something moves, the picture is drawn at the share of the
 * resolution that keeps up with the hand, and finely once it rests.
 */
export class CanvasPainter {
  readonly #shelf: PixelShelf;
  readonly #compositor = new Compositor();
  readonly #drawn: (toView: Matrix, share: number, ms: number) => void;
  readonly #failed: (thrown: unknown) => void;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  #view: CanvasView | null = null;
  #scheduled = false;
  #refine: ReturnType<typeof setTimeout> | undefined;
  readonly #moving = new MovingShare();

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
      this.#compositor.forget();
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    try {
      const started = performance.now();
      const part = visiblePart(view.document, view);
      const near = view.toView.a >= SQUARES;
      const share = part && !near ? this.#moving.next(view, (part.width * part.height) / 1e6, moving) : 1;
      const picture =
        part && (near ? this.#squares(view, part) : this.#render({ ...view, moving }, part, share));
      const before = part && view.split && this.#before(view, part, near, share);
      if (canvas.width !== view.width || canvas.height !== view.height) {
        canvas.width = view.width;
        canvas.height = view.height;
      }
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (picture) {
        paint(context, picture, !near);
        if (before) {
          context.save();
          context.beginPath();
          context.rect(0, 0, before.edge, canvas.height);
          context.clip();
          context.clearRect(0, 0, before.edge, canvas.height);
          paint(context, before.picture, !near);
          context.restore();
        }
        if (!near) {
          const megapixels = (picture.image.width * picture.image.height) / 1e6;
          this.#moving.drawn(view, share, megapixels, moving, performance.now() - started);
        }
      }
      this.#drawn(view.toView, share, performance.now() - started);
      if (moving && !near) this.#refine = setTimeout(() => this.#draw(false), REFINE_AFTER);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  /** The other document left of the split line; null when none of it is in sight. */
  #before(
    view: CanvasView,
    part: Box,
    near: boolean,
    share: number,
  ): { picture: Picture; edge: number } | null {
    if (!view.split) return null;
    const edge = Math.round(view.split.at * view.width);
    const left = { ...part, width: Math.min(part.width, edge - part.x) };
    if (left.width <= 0) return null;
    const other = { ...view, document: view.split.before };
    return { picture: near ? this.#squares(other, left) : this.#render(other, left, share), edge };
  }

  #render(view: CanvasView, part: Box, share: number): Picture {
    const width = Math.max(1, Math.round(part.width * share));
    const height = Math.max(1, Math.round(part.height * share));
    const toPart = multiply(translation(-part.x, -part.y), view.toView);
    const toView = share === 1 ? toPart : multiply(scaling(width / part.width, height / part.height), toPart);
    const size = { width, height, toView };
    // What stays while a layer moves is kept from picture to picture; the split view's other half would undo that.
    const image = view.split
      ? this.#flatten(view.document, width, height, toView)
      : toImageData(this.#compositor.render(view.document, this.#shelf, size, view.moving).image);
    return { image, ...part };
  }

  /** The visible document pixels at their own size, to be drawn as squares. */
  #squares({ document, toView: m }: CanvasView, part: Box): Picture {
    const { x, y, width, height } = documentPart(document, part, m);
    const image = this.#flatten(document, width, height, translation(-x, -y));
    return { image, x: m.e + m.a * x, y: m.f + m.d * y, width: m.a * width, height: m.d * height };
  }

  #flatten(document: Document, width: number, height: number, toView: Matrix): ImageData {
    return toImageData(renderDocument(document, this.#shelf, { width, height, toView }));
  }
}

function paint(context: OffscreenCanvasRenderingContext2D, picture: Picture, smooth: boolean): void {
  const { image, x, y, width, height } = picture;
  if (image.width === width && image.height === height) return context.putImageData(image, x, y);
  const own = new OffscreenCanvas(image.width, image.height);
  own.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(own, x, y, width, height);
}
