import { centreView, fitView, panBy, zoomStep, zoomTo, type Point, type Size, type View } from './view';

/** CSS pixels around the document when it is fitted. */
const MARGIN = 24;
/** Milliseconds without zooming or panning after which the view rests. */
const REST = 140;

/** Zoom and place of the document on the canvas, and the canvas's size. */
export class ViewState {
  now = $state.raw<View>({ zoom: 1, x: 0, y: 0 });
  /** Size of the canvas in device pixels. */
  viewport = $state.raw<Size>({ width: 1, height: 1 });
  /** Device pixels per CSS pixel. */
  ratio = $state(1);
  /** Whether the view is being zoomed or panned right now. */
  moving = $state(false);
  #rest: ReturnType<typeof setTimeout> | undefined;
  #fitted = true;
  readonly #document: () => Size | null;

  constructor(document: () => Size | null) {
    this.#document = document;
  }

  /** The canvas got another size; a fitted document stays fitted, any other keeps its middle. */
  resize(width: number, height: number, ratio: number): void {
    const before = this.viewport;
    if (before.width === width && before.height === height && this.ratio === ratio) return;
    this.viewport = { width, height };
    this.ratio = ratio;
    if (this.#fitted) return this.fit();
    const { now } = this;
    this.now = {
      zoom: now.zoom,
      x: now.x + Math.round((width - before.width) / 2),
      y: now.y + Math.round((height - before.height) / 2),
    };
  }

  fit(): void {
    const document = this.#document();
    this.#fitted = true;
    if (document) this.now = fitView(document, this.viewport, MARGIN * this.ratio);
  }

  /** Sets the zoom around a point (canvas pixels), by default the middle. */
  zoom(zoom: number, point: Point = this.middle): void {
    this.#fitted = false;
    this.#stir();
    this.now = zoomTo(this.now, point, zoom);
  }

  step(direction: 1 | -1, point: Point = this.middle): void {
    this.zoom(zoomStep(this.now.zoom, direction), point);
  }

  actual(): void {
    const document = this.#document();
    if (!document) return;
    this.#fitted = false;
    const fits = document.width <= this.viewport.width && document.height <= this.viewport.height;
    this.now = fits ? centreView(document, this.viewport, 1) : zoomTo(this.now, this.middle, 1);
  }

  pan(by: Point): void {
    const document = this.#document();
    if (!document) return;
    this.#fitted = false;
    this.#stir();
    this.now = panBy(this.now, by, document, this.viewport, 40 * this.ratio);
  }

  get middle(): Point {
    return { x: this.viewport.width / 2, y: this.viewport.height / 2 };
  }

  #stir(): void {
    this.moving = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => (this.moving = false), REST);
  }
}
