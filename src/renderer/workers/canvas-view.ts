import { Compositor } from '../../compositor/compositor';
import { touchedBox } from '../../compositor/masks';
import { renderDocument, sameView } from '../../compositor/render';
import type { Touched } from '../../compositor/runs';
import type { Document, PixelId } from '../../document/records';
import { around } from '../../pixels/coverage';
import { Fault } from '../../pixels/fault';
import type { Box } from '../../pixels/image';
import { multiply, scaling, translation, type Matrix } from '../../pixels/matrix';
import { wholeSpan } from '../state/view';
import { MovingShare } from './moving-share';
import { NewestView } from './newest-view';
import { toImageData, type PixelShelf } from './pixel-shelf';
import type { CanvasView } from './protocol';
import { SelectionOverlay } from './selection-overlay';

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
  /** What of the image differs from the one before of the same view; null: nothing. */
  readonly changed: Box | null;
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
  /** For document pixels at their own size, shown as squares. */
  readonly #near = new Compositor();
  readonly #overlay: SelectionOverlay;
  /** What a brush stroke painted since the last picture: of this mask, in its pixels. */
  #painted: { readonly pixels: PixelId; readonly box: Box } | null = null;
  /** A mask that looks like the one in whose place it will be. */
  #alike: PixelId | null = null;
  /** The view as it lies on the canvas now, where the next picture need only cover what changed. */
  #lies: CanvasView | null = null;
  readonly #drawn: (toView: Matrix, share: number, ms: number) => void;
  readonly #failed: (thrown: unknown) => void;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  #view: CanvasView | null = null;
  /** Which of the window's views that is. */
  #number = 0;
  readonly #newest = new NewestView();
  #scheduled = false;
  #refine: ReturnType<typeof setTimeout> | undefined;
  readonly #moving = new MovingShare();

  constructor(
    shelf: PixelShelf,
    drawn: (toView: Matrix, share: number, ms: number) => void,
    failed: (thrown: unknown) => void,
  ) {
    this.#shelf = shelf;
    this.#overlay = new SelectionOverlay(({ pixels }) => shelf.mask(pixels));
    this.#drawn = drawn;
    this.#failed = failed;
  }

  attach(canvas: OffscreenCanvas, overlay: OffscreenCanvas): void {
    this.#context = canvas.getContext('2d');
    this.#overlay.attach(overlay);
    this.#schedule();
  }

  /** The mask is a copy of one that is shown, about to take its place: that alone needs no drawing. */
  expect(pixels: PixelId): void {
    this.#alike = pixels;
  }

  /** The mask's pixels inside the box were changed in place. */
  touch(pixels: PixelId, box: Box): void {
    const before = this.#painted?.pixels === pixels ? this.#painted.box : null;
    this.#painted = { pixels, box: before ? around(before, box) : box };
    this.#schedule();
  }

  /** Looks at the window's count of its views while it draws: one that is out of date is not drawn to the end. */
  follow(counter: Int32Array | null): void {
    this.#newest.follow(counter);
  }

  /** Only the newest view is ever drawn; `number`: the window's count of it. */
  show(view: CanvasView | null, number: number): void {
    this.#view = view;
    this.#number = number;
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
      this.#near.forget();
      this.#lies = null;
      this.#overlay.show(null, null, false);
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    try {
      const started = performance.now();
      const part = visiblePart(view.document, view);
      const near = view.toView.a >= SQUARES;
      this.#accept(view.document, near ? this.#near : this.#compositor);
      // What one of them draws the other does not hear of.
      (near ? this.#compositor : this.#near).forget();
      const share = part && !near ? this.#moving.next(view, (part.width * part.height) / 1e6, moving) : 1;
      const picture =
        part && (near ? this.#squares(view, part) : this.#render({ ...view, moving }, part, share));
      const before = part && view.split && this.#before(view, part, near, share);
      const lies = this.#lies;
      const again = !view.split && share === 1 && lies !== null && sameView(lies, view);
      this.#lies = !view.split && share === 1 ? view : null;
      if (canvas.width !== view.width || canvas.height !== view.height) {
        canvas.width = view.width;
        canvas.height = view.height;
      }
      if (picture && again && !near) {
        const { x, y, width, height } = picture.changed ?? { x: 0, y: 0, width: 0, height: 0 };
        if (picture.changed) context.putImageData(picture.image, picture.x, picture.y, x, y, width, height);
      } else {
        context.clearRect(0, 0, canvas.width, canvas.height);
        if (picture) paint(context, picture, !near);
      }
      if (picture) {
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
      const selection = view.document.selection;
      this.#overlay.show(view, part, selection !== null && this.#painted?.pixels === selection.pixels);
      this.#painted = null;
      this.#newest.ended('drawn');
      this.#drawn(view.toView, share, performance.now() - started);
      if (moving && !near) this.#refine = setTimeout(() => this.#draw(false), REFINE_AFTER);
    } catch (thrown) {
      // The newer view is on its way; what was drawn of this one, the compositor keeps.
      if (thrown instanceof Fault && thrown.code === 'cancelled') return this.#newest.ended('stopped');
      this.#lies = null;
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
    if (view.split) {
      this.#compositor.forget();
      return { image: this.#flatten(view.document, width, height, toView), changed: null, ...part };
    }
    const { document, moving } = view;
    const touched = this.#touchedIn(document, toView);
    const signal = this.#newest.signal(this.#number);
    const { image, changed } = this.#compositor.render(document, this.#shelf, size, moving, touched, signal);
    return { image: toImageData(image), changed, ...part };
  }

  /** What the stroke painted, in pixels of a view. */
  #touchedIn({ layers }: Document, toView: Matrix): Touched | null {
    const painted = this.#painted;
    const layer = painted && Object.values(layers).find(({ mask }) => mask?.pixels === painted.pixels);
    if (!painted || !layer?.mask) return null;
    return { layer: layer.id, box: touchedBox(layer.mask, painted.box, toView) };
  }

  /** Takes over a document in which a mask has been replaced by a copy of it. */
  #accept(document: Document, compositor: Compositor): void {
    const alike = this.#alike;
    if (!alike || !Object.values(document.layers).some(({ mask }) => mask?.pixels === alike)) return;
    this.#alike = null;
    compositor.accept(document);
  }

  /** The visible document pixels at their own size, to be drawn as squares. */
  #squares({ document, toView: m, split }: CanvasView, part: Box): Picture {
    const { x, y, width, height } = documentPart(document, part, m);
    const toView = translation(-x, -y);
    if (split) this.#near.forget();
    const touched = this.#touchedIn(document, toView);
    const image = split
      ? this.#flatten(document, width, height, toView)
      : toImageData(
          this.#near.render(document, this.#shelf, { width, height, toView }, false, touched).image,
        );
    return {
      image,
      changed: null,
      x: m.e + m.a * x,
      y: m.f + m.d * y,
      width: m.a * width,
      height: m.d * height,
    };
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
