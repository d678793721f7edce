import type { LayerId } from '../../document/records';
import { newDocument, pixelLayer } from '../../document/new-layer';
import {
  readProject,
  writeProject,
  type ProjectFormat,
  type SavedProject,
  type WriteOptions,
} from '../../formats/project';
import type { Document } from '../../document/records';
import type { PackedLayer } from '../../formats/psd/flat';
import type { Image, Mask } from '../../pixels/image';
import { digest, noted } from './decode';
import { flatten } from './flatten';
import { allocatePixels, toImageData, type PixelShelf } from './pixel-shelf';
import type { DecodedProject, NotedPixels } from './protocol';
import { isWorthCrew, UnpackCrew } from './unpack-crew';

/** Opens a project file: its pixels, masks and kept bytes go to the shelf, the records to the window. */
export async function decodeProject(
  bytes: Uint8Array,
  name: string,
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<DecodedProject> {
  const pixels = new Map<string, NotedPixels>();
  const others = new Map<string, number>();
  /** What the threads that unpacked layers already know of them. */
  const unpacked = new WeakMap<Image, Pick<NotedPixels, 'content' | 'alpha'>>();
  let crew: UnpackCrew | null = null;
  const unpackers = (count: number) => {
    if (!isWorthCrew(count)) return null;
    const threads = new UnpackCrew(name);
    crew = threads;
    return async (layer: PackedLayer, file: Uint8Array) => {
      const { image, content, alpha } = await threads.unpack(layer, file);
      unpacked.set(image, { content, alpha });
      return image;
    };
  };
  const store = {
    room: allocatePixels,
    image: async (image: Image) => {
      // A name of its own: a hash of all that a large file holds would take longer than decoding it.
      const id = `${image.width}x${image.height}-${crypto.randomUUID()}`;
      const inPlace = !globalThis.crossOriginIsolated || image.data.buffer instanceof SharedArrayBuffer;
      const kept = inPlace ? image : { ...image, data: shared(image.data) };
      shelf.put(id, kept);
      const known = unpacked.get(kept);
      pixels.set(id, known ? { pixels: id, ...known, bytes: kept.data.length } : noted(id, kept));
      return id;
    },
    mask: async (mask: Mask) => {
      const id = `mask-${mask.width}x${mask.height}-${await digest(own(mask.data))}`;
      shelf.putMask(id, mask);
      others.set(id, mask.data.length);
      return id;
    },
    blob: async (blob: Uint8Array) => {
      const id = `blob-${await digest(own(blob))}`;
      shelf.putBlob(id, blob);
      others.set(id, blob.length);
      return id;
    },
  };
  const newId = (): LayerId => crypto.randomUUID();
  const options = { newId, signal, unpackers };
  const opened = readProject(bytes, name, store, options).finally(() => crew?.end());
  const { document, format, notices } = await opened;
  return {
    document,
    format,
    pixels: [...pixels.values()],
    others: Array.from(others, ([id, weight]) => ({ id, bytes: weight })),
    notices: notices.map(({ message }) => message),
  };
}

/** Writes the document as a project file, with what the window needs to tell. */
export async function encodeProject(
  document: Document,
  { format, flat = false, metadata = true }: { format: ProjectFormat; flat?: boolean; metadata?: boolean },
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<{ blob: Blob; format: ProjectFormat; notices: readonly string[] }> {
  const options = { format, encodeJpeg, metadata, signal };
  const saved = flat
    ? await writeFlat(document, options, shelf, signal)
    : await writeProject(document, shelf, options);
  return {
    blob: new Blob([saved.bytes]),
    format: saved.format,
    notices: saved.notices.map(({ message }) => message),
  };
}

/** All layers flattened into one. */
async function writeFlat(
  document: Document,
  options: WriteOptions,
  shelf: PixelShelf,
  signal: AbortSignal,
): Promise<SavedProject> {
  const image = await flatten(document, shelf, signal);
  const { width, height, resolution, kept } = document;
  const layer = pixelLayer({ id: 'flat', name: 'Background', pixels: 'flat', width, height });
  const source = {
    get: (id: string) => (id === layer.pixels ? image : undefined),
    mask: () => undefined,
    blob: (id: string) => shelf.blob(id),
  };
  return writeProject(newDocument({ width, height, resolution, kept }, [layer]), source, options);
}

async function encodeJpeg(image: Image): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(toImageData(image), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
  return new Uint8Array(await blob.arrayBuffer());
}

/** Bytes that the browser's digest takes: it refuses shared memory. */
function own(bytes: Uint8Array | Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    : new Uint8Array(bytes);
}

function shared(data: Uint8ClampedArray): Uint8ClampedArray {
  const room = allocatePixels(data.length);
  room.set(data);
  return room;
}
