import { renderDocument } from '../../compositor/render';
import { toServiceError } from '../../contract/errors';
import { newDocument, pixelLayer } from '../../document/new-layer';
import { metadataOf } from '../../formats/metadata/of-document';
import { Fault } from '../../pixels/fault';
import { checkSize } from '../../pixels/image';
import { scaling, translation } from '../../pixels/matrix';
import { CanvasPainter } from './canvas-view';
import { decodeFile, keepPicture } from './decode';
import { encodeDocument } from './encode';
import { histogramUnder } from './histogram';
import { mergeLayers } from './merge';
import { KnownRecords } from './known-records';
import { liftLayer, prepareLayer } from './harmonize-layer';
import { packPiece, unpackPiece } from './pieces';
import { PixelShelf, toImageData } from './pixel-shelf';
import { encodeProject } from './projects';
import type {
  CanvasView,
  DecodedPicture,
  FromStudio,
  NotedPixels,
  StudioCall,
  StudioCalls,
  ToStudio,
} from './protocol';
import { copied, retouch } from './retouching';
import { maskOfSelection, refine, sceneInput, select } from './selecting';
import { Strokes } from './strokes';

/** The studio: the one place where the pixels of the open document live. The window sends records and gets answers. */
const shelf = new PixelShelf();
const running = new Map<number, AbortController>();

function post(message: FromStudio, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

const painter = new CanvasPainter(
  shelf,
  (toView, share, ms) => post({ kind: 'drawn', toView, share, ms }),
  (thrown) => post({ kind: 'refused', id: 0, error: toServiceError(thrown) }),
);

const strokes = new Strokes(shelf, (pixels, box) => painter.touch(pixels, box));
const records = new KnownRecords();
const recordsBefore = new KnownRecords();

/** The view with the very records of the one before wherever they say the same. */
function known(view: CanvasView): CanvasView {
  const { document, split } = view;
  const before = split && { ...split, before: recordsBefore.of(split.before) };
  return { ...view, document: records.of(document), split: before };
}

/** The layer's content by itself, at most `size` pixels long. */
async function thumbnail({ layer, content, size }: StudioCalls['thumbnail']['args']): Promise<ImageBitmap> {
  const scale = Math.min(size / content.width, size / content.height);
  const width = Math.max(1, Math.round(content.width * scale));
  const height = Math.max(1, Math.round(content.height * scale));
  const transform = translation(-content.x, -content.y);
  const { id, name, pixels, harmonization } = layer;
  const flat = pixelLayer({
    id,
    name,
    pixels,
    width: layer.width,
    height: layer.height,
    harmonization,
    transform,
  });
  const alone = newDocument({ width: content.width, height: content.height }, [flat]);
  const toView = scaling(width / content.width, height / content.height);
  return createImageBitmap(toImageData(renderDocument(alone, shelf, { width, height, toView })));
}

/** The whole document, small. */
async function preview({ document, size }: StudioCalls['preview']['args']): Promise<Blob> {
  const scale = Math.min(1, size / document.width, size / document.height);
  const width = Math.max(1, Math.round(document.width * scale));
  const height = Math.max(1, Math.round(document.height * scale));
  const toView = scaling(width / document.width, height / document.height);
  const canvas = new OffscreenCanvas(width, height);
  canvas
    .getContext('2d')
    ?.putImageData(toImageData(renderDocument(document, shelf, { width, height, toView })), 0, 0);
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
}

/** A picture of one colour, such as the ground of a new document. */
async function blank({ width, height, color }: StudioCalls['blank']['args']): Promise<DecodedPicture> {
  checkSize(width, height);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (!context) throw new Fault('too-large', 'There is not enough memory for a picture of this size.');
  context.fillStyle = color;
  context.fillRect(0, 0, width, height);
  return keepPicture(context.getImageData(0, 0, width, height), 'Background', shelf);
}

/** The mask as a grey picture, at most `size` pixels long. */
async function maskThumbnail({ mask, size }: StudioCalls['maskThumbnail']['args']): Promise<ImageBitmap> {
  const bytes = shelf.mask(mask.pixels);
  if (!bytes) throw new Fault('document', 'The pixels of the mask are missing.', 'Undo, or delete the mask.');
  const scale = size / Math.max(bytes.width, bytes.height);
  const width = Math.max(1, Math.round(bytes.width * scale));
  const height = Math.max(1, Math.round(bytes.height * scale));
  const small = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    const row = Math.min(bytes.height - 1, Math.floor((y + 0.5) / scale)) * bytes.width;
    for (let x = 0; x < width; x++) {
      const value = bytes.data[row + Math.min(bytes.width - 1, Math.floor((x + 0.5) / scale))]!;
      small.data.set([value, value, value, 255], 4 * (y * width + x));
    }
  }
  return createImageBitmap(small);
}

type Answers = {
  [K in StudioCall]: (
    args: StudioCalls[K]['args'],
    signal: AbortSignal,
    progress: (done: number) => void,
  ) => Promise<StudioCalls[K]['answer']>;
};

const answers: Answers = {
  decode: ({ blob, name, byHost }, signal) => decodeFile(blob, name, shelf, byHost, signal),
  keep: ({ name, metadata, ...picture }) => keepPicture(picture, name, shelf, metadata),
  metadata: async ({ document }) => metadataOf(document, (id) => shelf.blob(id)),
  preview,
  save: ({ document, ...options }, signal) => encodeProject(document, options, shelf, signal),
  merge: ({ document, layers }, signal) => mergeLayers(document, layers, shelf, signal),
  blank,
  thumbnail,
  maskThumbnail,
  prepare: ({ document, layer, ...how }, signal) => prepareLayer(document, layer, how, shelf, signal),
  lift: ({ document, layer, ...answer }, signal, progress) =>
    liftLayer(document, layer, answer, shelf, signal, progress),
  color: async ({ document, x, y }) => {
    const { data } = renderDocument(document, shelf, { width: 1, height: 1, toView: translation(-x, -y) });
    return [data[0]!, data[1]!, data[2]!, data[3]!];
  },
  pack: ({ id }) => packPiece(id, shelf),
  unpack: ({ id, piece }) => unpackPiece(id, piece, shelf),
  histogram: async ({ document, layer }) => histogramUnder(document, layer, shelf),
  select: ({ document, area, ...how }, signal) => select(document, area, how, shelf, signal),
  sceneInput: ({ document, network }, signal) => sceneInput(document, network, shelf, signal),
  refine: ({ document, refinement }) => refine(document, refinement, shelf),
  maskOfSelection: ({ document, hide }) => maskOfSelection(document, hide, shelf),
  retouch: ({ document, layer, how }) => retouch(document, layer, how, shelf),
  copy: ({ document, layer }, signal) => copied(document, layer, shelf, signal),
  beginStroke: async (start) => {
    strokes.begin(start);
    painter.expect(start.id);
    return null;
  },
  endStroke: async ({ keep }) => strokes.end(keep),
  export: ({ document, format, ...options }, signal) =>
    encodeDocument(document, format, options, shelf, signal),
};

/** Buffers that can move to the window instead of being copied. */
function movable(value: StudioCalls[StudioCall]['answer']): Transferable[] {
  if (value === null) return [];
  if (value instanceof ImageBitmap) return [value];
  if (value instanceof Uint32Array) return [];
  if (value instanceof Uint8Array) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  const alphaOf = ({ alpha }: NotedPixels) => alpha.data.buffer;
  const buffers =
    'alpha' in value
      ? [alphaOf(value)]
      : 'others' in value
        ? value.pixels.map(alphaOf)
        : 'image' in value
          ? [value.image.buffer, value.mask.buffer]
          : [];
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}

async function answer<K extends StudioCall>(
  id: number,
  name: K,
  args: StudioCalls[K]['args'],
): Promise<void> {
  const control = new AbortController();
  running.set(id, control);
  try {
    const value = await answers[name](args, control.signal, (done) => post({ kind: 'progress', id, done }));
    post({ kind: 'answer', id, value }, movable(value));
  } catch (thrown) {
    post({ kind: 'refused', id, error: toServiceError(thrown) });
  } finally {
    running.delete(id);
  }
}

addEventListener('message', (event: MessageEvent<ToStudio>) => {
  const message = event.data;
  switch (message.kind) {
    case 'canvas':
      return painter.attach(message.canvas, message.overlay);
    case 'counter':
      return painter.follow(message.counter);
    case 'view':
      return painter.show(message.view && known(message.view), message.number);
    case 'retain':
      return shelf.retain(message.pixels, message.present);
    case 'stroke':
      return strokes.to(message.touches);
    case 'cancel':
      return running.get(message.id)?.abort();
    case 'call':
      return void answer(message.id, message.name, message.args);
  }
});
