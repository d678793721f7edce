import {
  Canvas,
  Control,
  Point,
  Rect,
  util,
  type FabricObject,
  type TMat2D,
  type TPointerEvent,
} from 'fabric';
import type { Document, LayerId, PixelLayer, Transform } from '../../document/records';
import { isShown, layersBottomUp, pixelLayerOf } from '../../document/tree';
import type { Box } from '../../pixels/image';
import { invert, multiply, translation } from '../../pixels/matrix';
import { boundsOf } from '../state/place';
import { guidesOf, NO_LINES, snapMove, snapScale, type Lines } from '../state/snapping';
import type { View } from '../state/view';

/** What the handles tell of the hand's doings. */
export interface HandleEvents {
  select(id: LayerId | null): void;
  /** The layer is being dragged to here. */
  transform(id: LayerId, transform: Transform, label: string): void;
  /** What the layer may snap to; null where it snaps to nothing. */
  lines(id: LayerId): Lines | null;
  /** The lines that the layer under the hand lies on. */
  guides(lines: Lines): void;
  /** The drag is over. */
  settle(): void;
  /** Alpha of the layer at a point of the layer, 0..255. */
  alphaAt(layer: PixelLayer, x: number, y: number): number;
  /** The box of the layer around all that is not transparent: what the handles hold. */
  contentOf(layer: PixelLayer): Box;
}

/** Below this alpha a click goes through the layer to what lies under it. */
const SOLID = 16;
const ACCENT = '#4c9ffe';
/** CSS pixels within which an edge snaps to a line. */
const REACH = 6;

/** The frame of one layer: nothing to see but its outline and handles when it is chosen. */
class LayerFrame extends Rect {
  layer: PixelLayer;
  content: Box;
  constructor(layer: PixelLayer, content: Box) {
    super({
      width: content.width,
      height: content.height,
      originX: 'center',
      originY: 'center',
      fill: 'transparent',
      strokeWidth: 0,
      objectCaching: false,
      borderColor: ACCENT,
      cornerColor: '#fff',
      cornerStrokeColor: ACCENT,
      cornerSize: 9,
      touchCornerSize: 22,
      transparentCorners: false,
      borderScaleFactor: 1.25,
      hoverCursor: 'move',
    });
    this.layer = layer;
    this.content = content;
  }
}

/** Finds layers by their alpha instead of their box. */
class HandleCanvas extends Canvas {
  alphaAt: HandleEvents['alphaAt'] = () => 255;

  override _checkTarget(object: FabricObject, pointer: Point): boolean {
    if (!super._checkTarget(object, pointer)) return false;
    if (!(object instanceof LayerFrame)) return true;
    const { layer, content } = object;
    const local = pointer.transform(util.invertTransform(object.calcTransformMatrix()));
    return (
      this.alphaAt(
        layer,
        local.x + content.x + content.width / 2,
        local.y + content.y + content.height / 2,
      ) >= SOLID
    );
  }
}

const LABELS: Readonly<Record<string, string>> = {
  drag: 'Move layer',
  rotate: 'Rotate layer',
};

/**
 * Handles, outlines and hit-testing over the picture, by fabric. It holds one invisible frame a layer and never a
 * pixel: what the hand does goes out as transforms, and the document comes back in by {@link show}.
 */
export class Handles {
  readonly #canvas: HandleCanvas;
  readonly #events: HandleEvents;
  readonly #frames = new Map<LayerId, LayerFrame>();
  /** Set while the handles themselves change fabric, so that its events are not taken for the hand's. */
  #showing = false;
  #active: LayerId | null = null;
  /** Where the frame under the hand lay when it was taken hold of. */
  #before: Box | null = null;

  constructor(element: HTMLCanvasElement, events: HandleEvents) {
    this.#events = events;
    this.#canvas = new HandleCanvas(element, {
      selection: false,
      preserveObjectStacking: true,
      enablePointerEvents: true,
      uniformScaling: true,
      uniScaleKey: 'shiftKey',
      centeredKey: 'altKey',
      renderOnAddRemove: false,
      fireMiddleClick: false,
      stopContextMenu: true,
      targetFindTolerance: 0,
    });
    this.#canvas.alphaAt = (layer, x, y) => events.alphaAt(layer, x, y);
    this.#listen();
  }

  #listen(): void {
    const canvas = this.#canvas;
    const chosen = () => {
      if (this.#showing) return;
      const frame = canvas.getActiveObject();
      this.#events.select(frame instanceof LayerFrame ? frame.layer.id : null);
    };
    canvas.on('selection:created', chosen);
    canvas.on('selection:updated', chosen);
    canvas.on('selection:cleared', chosen);
    const changed = (target: FabricObject, action: string) => {
      if (!(target instanceof LayerFrame)) return;
      this.#active = target.layer.id;
      const transform = transformOf(target);
      const to = action === 'drag' ? onWholePixels(transform) : transform;
      this.#events.transform(target.layer.id, to, LABELS[action] ?? 'Scale layer');
    };
    canvas.on('mouse:down', ({ target }) => {
      this.#before = target instanceof LayerFrame ? boundsOf(transformOf(target), target.content) : null;
    });
    canvas.on('object:moving', ({ target, e }) => {
      const fixed = e.shiftKey ? this.#straighten(target) : null;
      if (target instanceof LayerFrame) this.#snapMoved(target, e, fixed);
      changed(target, 'drag');
    });
    canvas.on('object:scaling', ({ target, e, transform }) => {
      const uniform = !e.shiftKey && /^[tb][lr]$/.test(transform.corner);
      if (target instanceof LayerFrame) this.#snapScaled(target, e, uniform);
      changed(target, 'scale');
    });
    canvas.on('object:rotating', ({ target, e }) => {
      if (e.shiftKey) target.rotate(Math.round(target.angle / 15) * 15);
      changed(target, 'rotate');
    });
    canvas.on('object:modified', ({ target }) => {
      if (this.#active === null) return;
      this.#active = null;
      this.#events.guides(NO_LINES);
      this.#events.settle();
      // What the document made of it: whole pixels.
      if (target instanceof LayerFrame) seat(target, target.layer.transform);
    });
  }

  /** With Shift a layer moves along one axis only; answers the one that stays. */
  #straighten(target: FabricObject): 'x' | 'y' | null {
    const start = this.#canvas._currentTransform?.original;
    if (!start) return null;
    const dx = target.left - start.left;
    const dy = target.top - start.top;
    const across = Math.abs(dx) >= Math.abs(dy);
    target.set(across ? { top: start.top } : { left: start.left });
    return across ? 'y' : 'x';
  }

  /** What the frame may snap to at this moment: nothing while Ctrl is held. */
  #lines(frame: LayerFrame, event: TPointerEvent): Lines {
    const off = event.ctrlKey || event.metaKey;
    return (off ? null : this.#events.lines(frame.layer.id)) ?? NO_LINES;
  }

  #snapMoved(frame: LayerFrame, event: TPointerEvent, fixed: 'x' | 'y' | null): void {
    const all = this.#lines(frame, event);
    const lines = { x: fixed === 'x' ? [] : all.x, y: fixed === 'y' ? [] : all.y };
    const box = boundsOf(transformOf(frame), frame.content);
    const by = snapMove(box, lines, this.#reach);
    frame.set({ left: frame.left + by.x, top: frame.top + by.y });
    this.#events.guides(guidesOf({ ...box, x: box.x + by.x, y: box.y + by.y }, lines));
  }

  /** Layers that are turned are scaled freely. */
  #snapScaled(frame: LayerFrame, event: TPointerEvent, uniform: boolean): void {
    const transform = transformOf(frame);
    const upright = Math.abs(transform.b) + Math.abs(transform.c) < 1e-9;
    const lines = upright ? this.#lines(frame, event) : NO_LINES;
    const box = boundsOf(transform, frame.content);
    const by = this.#before && snapScale(box, this.#before, lines, { reach: this.#reach, uniform });
    if (!by) return this.#events.guides(NO_LINES);
    seat(frame, multiply(by, transform));
    this.#events.guides(guidesOf(boundsOf(transformOf(frame), frame.content), lines));
  }

  /** How near a line is near, document pixels. */
  get #reach(): number {
    return REACH / this.#canvas.getZoom();
  }

  /** Ends a drag without keeping it; the caller shows the document as it was. */
  abandon(): void {
    this.#active = null;
    this.#events.guides(NO_LINES);
    this.#canvas.endCurrentTransform();
  }

  resize(width: number, height: number): void {
    this.#canvas.setDimensions({ width, height });
    this.#canvas.requestRenderAll();
  }

  /** Whether layers can be picked and dragged (move tool), or the pointer belongs to another tool. */
  enable(enabled: boolean): void {
    this.#canvas.skipTargetFind = !enabled;
    this.#canvas.defaultCursor = 'default';
  }

  /** Shows the frames of the document's visible layers, the selected one with handles. `ratio`: device pixels per CSS pixel. */
  show(document: Document | null, selected: LayerId | null, view: View, ratio: number): void {
    this.#showing = true;
    const zoom = view.zoom / ratio;
    this.#canvas.setViewportTransform([zoom, 0, 0, zoom, view.x / ratio, view.y / ratio]);
    const layers = document ? layersBottomUp(document).filter((layer) => layer.kind === 'pixels') : [];
    for (const [id, frame] of this.#frames) {
      if (document && pixelLayerOf(document, id)) continue;
      this.#canvas.remove(frame);
      this.#frames.delete(id);
    }
    layers.forEach((layer, index) => {
      const frame = this.#frames.get(layer.id) ?? this.#add(layer);
      this.#update(frame, layer, document !== null && isShown(document, layer.id), layer.id === selected);
      this.#canvas.moveObjectTo(frame, index);
    });
    const frame = selected === null ? undefined : this.#frames.get(selected);
    if (frame?.visible) {
      if (this.#canvas.getActiveObject() !== frame) this.#canvas.setActiveObject(frame);
    } else if (this.#canvas.getActiveObject()) {
      this.#canvas.discardActiveObject();
    }
    this.#canvas.requestRenderAll();
    this.#showing = false;
  }

  #add(layer: PixelLayer): LayerFrame {
    const frame = new LayerFrame(layer, this.#events.contentOf(layer));
    frame.controls = { ...frame.controls, mtr: rotationControl(frame) };
    this.#frames.set(layer.id, frame);
    this.#canvas.add(frame);
    return frame;
  }

  #update(frame: LayerFrame, layer: PixelLayer, shown: boolean, selected: boolean): void {
    frame.layer = layer;
    frame.content = this.#events.contentOf(layer);
    const locked = layer.locks.position;
    frame.set({
      width: frame.content.width,
      height: frame.content.height,
      visible: shown,
      lockMovementX: locked,
      lockMovementY: locked,
      hasControls: selected && !locked,
      hoverCursor: locked ? 'default' : 'move',
      moveCursor: locked ? 'default' : 'move',
      borderDashArray: locked ? [4, 4] : null,
    });
    // fabric holds the truth about the layer under the hand.
    if (this.#active !== layer.id) seat(frame, layer.transform);
  }

  destroy(): void {
    void this.#canvas.dispose();
  }
}

/** fabric counts from the middle of what it holds. */
const toMiddle = (box: Box) => translation(box.x + box.width / 2, box.y + box.height / 2);

/** Layer pixels → document pixels, from fabric's centre-based matrix. */
function transformOf(frame: LayerFrame): Transform {
  const [a, b, c, d, e, f]: TMat2D = frame.calcTransformMatrix();
  return multiply({ a, b, c, d, e, f }, invert(toMiddle(frame.content)));
}

/** Brings the frame to where the layer lies. */
function seat(frame: LayerFrame, transform: Transform): void {
  const { a, b, c, d, e, f } = multiply(transform, toMiddle(frame.content));
  util.applyTransformToObject(frame, [a, b, c, d, e, f]);
  frame.setCoords();
}

/** A layer at its own size moves by whole pixels, so that moving it never blurs it. */
function onWholePixels(t: Transform): Transform {
  const unscaled = t.a === 1 && t.b === 0 && t.c === 0 && t.d === 1;
  return unscaled ? { ...t, e: Math.round(t.e), f: Math.round(t.f) } : t;
}

/** The rotating handle, nearer than fabric's own. */
function rotationControl(frame: LayerFrame): Control {
  return new Control({ ...frame.controls.mtr, offsetY: -26 });
}
