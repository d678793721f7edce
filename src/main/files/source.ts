import { open, stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { Fault } from '../../pixels/fault';
import { MAX_PIXELS } from '../../pixels/image';

// One picture is decoded once: libvips' cache of operations would only hold memory.
sharp.cache(false);

/** A picture file whose header has been read and found good. */
export interface Source {
  readonly path: string;
  readonly metadata: Metadata;
  /** Starts a decoder with the limits that every decoding here has. */
  open(options: SharpOptions): Sharp;
}

/** The bytes of an SVG that are read at most. */
const MAX_SVG_BYTES = 64 * 2 ** 20;

/** Sample formats that become 8-bit colours without a guess about their range. */
const plainDepths = new Set(['uchar', 'ushort']);

/** Colour spaces whose samples are floats by definition. */
const floatSpaces = new Set(['lab', 'labs', 'scrgb']);

/**
 * Opens a picture file and reads its header.
 *
 * @throws Fault `not-found`, `unreadable` (a folder, empty, broken), `unsupported` (no picture, or none that sharp
 * reads), `too-large` (more than MAX_PIXELS); each names the file.
 */
export async function openSource(path: string): Promise<Source> {
  const limits: SharpOptions = { failOn: 'error', limitInputPixels: MAX_PIXELS };
  const input = await readable(path);
  const start = (options: SharpOptions) => sharp(input, { ...limits, ...options });
  let metadata: Metadata;
  try {
    // Without the limit, so that a refusal can say how large the picture is; only the header is read.
    metadata = await start({ limitInputPixels: false }).metadata();
  } catch (error) {
    throw decodingFault(path, error);
  }
  const { width, height, depth, space, hasAlpha } = metadata;
  if (width * height > MAX_PIXELS) throw tooLarge(path, `${width}×${height} pixels`);
  if (!plainDepths.has(depth) && !floatSpaces.has(space)) {
    throw new Fault(
      'unsupported',
      `${path} has ${depth} samples${hasAlpha ? ' with alpha' : ''}, whose range is not known.`,
      'Save it with 8 or 16 bits a channel.',
    );
  }
  return { path, metadata, open: start };
}

/**
 * What sharp is given: the path, or for SVG the text itself. From a path the SVG reader would follow references to
 * files beside it; from bytes it follows none.
 */
async function readable(path: string): Promise<string | Buffer> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) {
      throw new Fault('unreadable', `${path} is a folder, not a picture.`, 'Name a picture file.');
    }
    if (!info.isFile()) throw new Fault('unreadable', `${path} is not a file.`, 'Name a picture file.');
    if (info.size === 0) {
      throw new Fault('unreadable', `${path} is empty.`, 'Get the file again from where it came from.');
    }
    const file = await open(path, 'r');
    try {
      const { buffer: head, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
      if (!looksLikeText(head.subarray(0, bytesRead))) return path;
      if (info.size > MAX_SVG_BYTES) {
        throw new Fault('unsupported', `${path} is not a picture that Attune can read.`, KNOWN);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Fault('not-found', `${path} does not exist.`, 'Check the name and the folder.');
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Fault('unreadable', `${path} may not be read.`, 'Change its permissions.');
    }
    throw new Fault('unreadable', `${path} cannot be read (${code || String(error)}).`);
  }
}

const KNOWN = 'Give a PNG, JPEG, WebP, AVIF, TIFF, GIF or SVG file.';

/** Text, or gzip (a compressed SVG): all the picture formats start otherwise. */
function looksLikeText(head: Buffer): boolean {
  if (head[0] === 0x1f && head[1] === 0x8b) return true;
  const start = head.toString('latin1').replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '');
  return /^[\s\0]*</.test(start);
}

function tooLarge(path: string, size: string): Fault {
  return new Fault(
    'too-large',
    `${path}: a picture of ${size} is larger than the ${Math.floor(MAX_PIXELS / 1e6)} megapixels that fit.`,
    'Scale it down first.',
  );
}

/** What libvips said, as a Fault that names the file. */
export function decodingFault(path: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit/i.test(message)) return tooLarge(path, 'this size');
  if (/channel/i.test(message) && /limit/i.test(message)) {
    return new Fault('unsupported', `${path} has more than 5 channels.`, 'Save it as RGB or RGBA.');
  }
  if (/unsupported image format/i.test(message)) {
    return new Fault('unsupported', `${path} is not a picture that Attune can read.`, KNOWN);
  }
  const detail = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1)
    ?.replace(/^Input (file|buffer) has corrupt header:\s*/i, '')
    .replace(/^(\w+2vips|vips\w*|\w+load\w*|source|webp|heif\w*):\s*/i, '')
    .slice(0, 120);
  return new Fault(
    'unreadable',
    `${path} is damaged or cut short${detail ? ` (${detail})` : ''}.`,
    'Get the file again from where it came from.',
  );
}
