import { maskMip, mip } from '../../compositor/mips';
import {
  NO_METADATA,
  packMetadata,
  saysAnything,
  type FileMetadata,
} from '../../formats/metadata/picture-metadata';
import { readFileMetadata } from '../../formats/metadata/read';
import { isProject } from '../../formats/project';
import { isContentKnown, knownContent, noteContent } from '../../pixels/content';
import { Fault } from '../../pixels/fault';
import { checkSize, visibleBounds, type Box, type Image, type Mask } from '../../pixels/image';
import { allocatePixels, type PixelShelf } from './pixel-shelf';
import { decodeProject } from './projects';
import type { AlphaMap, DecodedPicture, DecodedProject, ForeignPicture, NotedPixels } from './protocol';
import { readSignature } from './signature';

/** Longest side of an alpha map. */
const ALPHA_SIDE = 512;

/**
 * Decodes a file that a person opened, told by its content: a picture by the browser's decoders (EXIF orientation
 * applied, colours converted to sRGB), or a project with all its layers. What only a host reads, or reads better, is
 * named as such where there is one that can (`byHost`).
 */
export async function decodeFile(
  blob: Blob,
  name: string,
  shelf: PixelShelf,
  byHost: boolean,
  signal: AbortSignal,
): Promise<DecodedPicture | DecodedProject | ForeignPicture> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (isProject(bytes)) return decodeProject(bytes, name, shelf, signal);
  const { type, foreign, deep } = readSignature(bytes, name);
  if (byHost && (foreign || deep)) return { foreign: foreign ?? 'a PNG with 16 bits a channel' };
  if (foreign) {
    throw new Fault(
      'unsupported',
      `“${name}” is ${foreign}, which Attune cannot open here.`,
      'Save it as PNG or JPEG in the program that made it, and open that.',
    );
  }
  const pixels = await readPixels(new Blob([blob], { type }), name);
  return keepPicture(pixels, name, shelf, readFileMetadata(bytes));
}

/** Puts pixels on the shelf under the hash of their content; the same picture opened twice is kept once. */
export async function keepPicture(
  pixels: Pick<ImageData, 'width' | 'height' | 'data'>,
  name: string,
  shelf: PixelShelf,
  metadata: FileMetadata = NO_METADATA,
): Promise<DecodedPicture> {
  const id = await contentId(pixels);
  const image: Image = shelf.get(id) ?? keep(pixels);
  shelf.put(id, image);
  const { width, height } = image;
  return {
    ...noted(id, image),
    name: name.replace(/\.[a-z0-9]{1,5}$/i, '') || name,
    width,
    height,
    said: await keepMetadata(metadata, shelf),
    density: metadata.density,
  };
}

/** Puts what a file said of itself on the shelf; null when it said nothing. */
async function keepMetadata(metadata: FileMetadata, shelf: PixelShelf): Promise<DecodedPicture['said']> {
  if (!saysAnything(metadata)) return null;
  const packed = new Uint8Array(packMetadata(metadata));
  const data = `blob-${await digest(packed)}`;
  shelf.putBlob(data, packed);
  return { kept: { format: 'picture', title: 'Picture', data }, bytes: packed.length };
}

/** What the window keeps of pixels: their weight, the box of their content, a small copy of their alpha. */
export function noted(id: string, image: Image): NotedPixels {
  return { pixels: id, content: contentOf(image), bytes: image.data.length, alpha: alphaMap(image) };
}

async function readPixels(blob: Blob, name: string): Promise<ImageData> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  } catch {
    throw new Fault('unreadable', `“${name}” is damaged and cannot be read.`, 'Copy or download it again.');
  }
  try {
    checkSize(bitmap.width, bitmap.height);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
    if (!context) throw noRoom(name);
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : noRoom(name);
  } finally {
    bitmap.close();
  }
}

const noRoom = (name: string) =>
  new Fault('too-large', `There is not enough memory to open “${name}”.`, 'Scale it down first.');

function keep(pixels: Pick<ImageData, 'width' | 'height' | 'data'>): Image {
  const data = allocatePixels(pixels.data.length);
  data.set(pixels.data);
  return { width: pixels.width, height: pixels.height, data };
}

async function contentId(pixels: Pick<ImageData, 'width' | 'height' | 'data'>): Promise<string> {
  return `${pixels.width}x${pixels.height}-${await digest(pixels.data)}`;
}

/** SHA-256 in hexadecimal. */
export async function digest(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The box around all that is not wholly transparent; the whole picture when everything is. */
export function contentOf(image: Image): Box {
  const { width, height, data } = image;
  const whole = { x: 0, y: 0, width, height };
  if (!isContentKnown(image)) {
    // Photographs are opaque: where two opposite corners are, the box is known.
    const corners = data[3]! > 0 && data.at(-1)! > 0;
    noteContent(image, corners ? whole : (visibleBounds(image) ?? { ...whole, width: 0, height: 0 }));
  }
  const content = knownContent(image);
  return content.width > 0 ? content : whole;
}

/** The level of the mip chain that an alpha map is made of. */
export const alphaLevel = ({ width, height }: { width: number; height: number }) =>
  Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / ALPHA_SIDE)));

/** A small copy of a mask, as of a picture's alpha. */
export function alphaOf(mask: Mask): AlphaMap {
  const { width, height, data } = maskMip(mask, alphaLevel(mask));
  return { width, height, data: new Uint8Array(data) };
}

/** A small copy of the picture's alpha. */
export function alphaMap(image: Image): AlphaMap {
  const { width, height, data } = mip(image, alphaLevel(image));
  const alpha = new Uint8Array(width * height);
  for (let i = 0; i < alpha.length; i++) alpha[i] = data[4 * i + 3]!;
  return { width, height, data: alpha };
}
