import { Fault } from '../pixels/fault';

/** The image formats that Attune writes. */
export type FormatName = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff';

/** What a writer of a format may be told; what a format does not know it ignores. */
export interface FormatOptions {
  /** 1..100, higher is better and larger. */
  readonly quality?: number;
  /** Every pixel exactly as it is. */
  readonly lossless?: boolean;
}

/** Names, options and limits of one image file format. */
export interface ImageFormat {
  readonly name: FormatName;
  /** As people know it. */
  readonly label: string;
  /** Lower case, with the dot; the first is the usual one. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  readonly alpha: boolean;
  /** Whether `quality` means anything. */
  readonly quality: boolean;
  /** `always`, `never`, or `option`: only when {@link FormatOptions.lossless} is set. */
  readonly lossless: 'always' | 'never' | 'option';
  readonly defaults: FormatOptions;
  /** The longest side the format can hold, pixels. */
  readonly maxSide: number;
}

/** Every format that Attune writes, in the order in which they are offered. */
export const imageFormats: readonly ImageFormat[] = [
  {
    name: 'png',
    label: 'PNG',
    extensions: ['.png'],
    mediaType: 'image/png',
    alpha: true,
    quality: false,
    lossless: 'always',
    defaults: {},
    maxSide: 2 ** 31 - 1,
  },
  {
    name: 'jpeg',
    label: 'JPEG',
    extensions: ['.jpg', '.jpeg', '.jpe', '.jfif'],
    mediaType: 'image/jpeg',
    alpha: false,
    quality: true,
    lossless: 'never',
    defaults: { quality: 95 },
    maxSide: 65535,
  },
  {
    name: 'webp',
    label: 'WebP',
    extensions: ['.webp'],
    mediaType: 'image/webp',
    alpha: true,
    quality: true,
    lossless: 'option',
    defaults: { quality: 95 },
    maxSide: 16383,
  },
  {
    name: 'avif',
    label: 'AVIF',
    extensions: ['.avif'],
    mediaType: 'image/avif',
    alpha: true,
    quality: true,
    lossless: 'option',
    defaults: { quality: 80 },
    maxSide: 16384,
  },
  {
    name: 'tiff',
    label: 'TIFF',
    extensions: ['.tif', '.tiff'],
    mediaType: 'image/tiff',
    alpha: true,
    quality: false,
    lossless: 'always',
    defaults: {},
    maxSide: 2 ** 31 - 1,
  },
];

/** The extension of a file name or path, lower case with its dot; empty when it has none. */
export function extensionOf(path: string): string {
  return /[^/\\](\.[^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** The format that a file name's extension asks for, or null when Attune does not write it. */
export function findFormat(path: string): ImageFormat | null {
  const extension = extensionOf(path);
  return imageFormats.find(({ extensions }) => extensions.includes(extension)) ?? null;
}

/** The format that a file name's extension asks for; throws a Fault `unsupported` that names those Attune writes. */
export function formatOf(path: string): ImageFormat {
  const format = findFormat(path);
  if (format) return format;
  const extension = extensionOf(path);
  throw new Fault(
    'unsupported',
    extension
      ? `${path}: Attune does not write “${extension}” files.`
      : `${path}: the file name has no extension to tell the format by.`,
    `Use one of ${imageFormats.map(({ extensions }) => extensions[0]).join(', ')}.`,
  );
}

/** Throws a Fault `too-large` when a picture does not fit the format. */
export function checkFits(format: ImageFormat, width: number, height: number): void {
  if (Math.max(width, height) <= format.maxSide) return;
  const wide = imageFormats.filter(({ maxSide }) => maxSide >= Math.max(width, height));
  throw new Fault(
    'too-large',
    `${width}×${height} pixels do not fit a ${format.label} file, whose sides may be ${format.maxSide} pixels at most.`,
    `Use ${wide.map(({ label }) => label).join(' or ')}.`,
  );
}
