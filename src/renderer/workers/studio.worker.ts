import { renderDocument } from '../../compositor/render';
import { toServiceError } from '../../contract/errors';
import { newDocument, pixelLayer } from '../../document/new-layer';
import { scaling, translation } from '../../pixels/matrix';
import { CanvasPainter } from './canvas-view';
import { decodePicture } from './decode';
import { encodeDocument } from './encode';
import { liftLayer, prepareLayer } from './harmonize-layer';
import { PixelShelf, toImageData } from './pixel-shelf';
import type { FromStudio, StudioCalls, StudioCall, ToStudio } from './protocol';

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

type Answers = {
  [K in StudioCall]: (
    args: StudioCalls[K]['args'],
    signal: AbortSignal,
    progress: (done: number) => void,
  ) => Promise<StudioCalls[K]['answer']>;
};

const answers: Answers = {
  decode: ({ blob, name }) => decodePicture(blob, name, shelf),
  thumbnail,
  prepare: ({ document, layer, network }, signal) => prepareLayer(document, layer, network, shelf, signal),
  lift: ({ document, layer, ...answer }, signal, progress) =>
    liftLayer(document, layer, answer, shelf, signal, progress),
  export: ({ document, format, quality }, signal) => encodeDocument(document, format, quality, shelf, signal),
};

/** Buffers that can move to the window instead of being copied. */
function movable(value: StudioCalls[StudioCall]['answer']): Transferable[] {
  if (value instanceof ImageBitmap) return [value];
  if ('alpha' in value && value.alpha.data.buffer instanceof ArrayBuffer) return [value.alpha.data.buffer];
  if ('mask' in value) return [value.image.buffer, value.mask.buffer].filter((b) => b instanceof ArrayBuffer);
  return [];
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
      return painter.attach(message.canvas);
    case 'view':
      return painter.show(message.view);
    case 'retain':
      return shelf.retain(message.pixels);
    case 'cancel':
      return running.get(message.id)?.abort();
    case 'call':
      return void answer(message.id, message.name, message.args);
  }
});
