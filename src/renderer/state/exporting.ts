import { toFault } from '../../contract/errors';
import { resizeImage } from '../../document/document-actions';
import type { FormatName } from '../../formats/image-formats';
import type { Document } from '../../document/records';
import { NO_METADATA } from '../../formats/metadata/picture-metadata';
import { Fault } from '../../pixels/fault';
import { say } from '../language/index.svelte';
import type { Editor } from './editor.svelte';

/** What a document is exported as: a picture, or a layered file. */
export type ExportFormat = FormatName | 'psd' | 'ora';

export interface ExportChoice {
  readonly name: string;
  readonly format: ExportFormat;
  /** Of the file's picture; the document's own, or scaled. */
  readonly width: number;
  readonly height: number;
  /** 0..1, where the format knows one. */
  readonly quality: number;
  /** Pixels an inch. */
  readonly resolution: number;
  /** What the opened file said of itself (EXIF, XMP, captions) goes along. */
  readonly metadata: boolean;
  /** Of a PSD or ORA: all layers, or one flattened. */
  readonly layers: boolean;
}

/** The file that a choice makes. */
export interface MadeFile {
  readonly blob: Blob;
  /** With its dot; a PSD that is too large for the format is a PSB. */
  readonly extension: string;
  /** What the person should know of it. */
  readonly notices: readonly string[];
}

export const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  png: '.png',
  jpeg: '.jpg',
  webp: '.webp',
  avif: '.avif',
  tiff: '.tif',
  psd: '.psd',
  ora: '.ora',
};
/** The most bytes of PNG that reach the host in one request. */
const MOST = 60 * 2 ** 20;

/** The file name with the format's own extension, and without what file systems refuse. */
export function exportName(name: string, format: ExportFormat, extension = EXTENSIONS[format]): string {
  const stem = [...name]
    .map((c) => (c < ' ' || '<>:"/\\|?*'.includes(c) ? '-' : c))
    .join('')
    .replace(/\.(png|jpe?g|webp|avif|tiff?|psd|psb|ora)$/i, '')
    .trim()
    .slice(0, 200);
  return (stem || 'Untitled') + extension;
}

/** The document as a file of the chosen format, size and resolution. Rejects with a Fault. */
export async function makeFile(
  editor: Editor,
  document: Document,
  choice: ExportChoice,
  signal?: AbortSignal,
): Promise<MadeFile> {
  const { format, width, height, resolution, metadata, layers } = choice;
  const sized = resizeImage.perform(document, { width, height, resolution });
  const options = signal ? { signal } : {};
  if (format === 'psd' || format === 'ora') {
    const args = { document: sized, format, metadata, flat: !layers };
    const saved = await editor.studio.call('save', args, options);
    return { blob: saved.blob, extension: `.${saved.format}`, notices: saved.notices };
  }
  const extension = EXTENSIONS[format];
  const quality = choice.quality;
  if (format === 'avif' || format === 'tiff') {
    return { blob: await makeByHost(editor, sized, { ...choice, format }, options), extension, notices: [] };
  }
  const blob = await editor.studio.call('export', { document: sized, format, quality, metadata }, options);
  return { blob, extension, notices: [] };
}

/** What browsers do not write the host makes of the PNG. */
async function makeByHost(
  editor: Editor,
  document: Document,
  { format, quality, width, height, ...choice }: ExportChoice & { format: 'avif' | 'tiff' },
  options: { signal?: AbortSignal },
): Promise<Blob> {
  const plain = { document, format: 'png', quality, metadata: false } as const;
  const made = await editor.studio.call('export', plain, options);
  const png = new Uint8Array(await made.arrayBuffer());
  if (png.length > MOST) {
    throw new Fault(
      'too-large',
      `A picture of ${width}×${height} pixels is too large for ${format.toUpperCase()} here.`,
      'Export it as PNG or JPEG, or smaller.',
    );
  }
  const said = choice.metadata ? await editor.studio.call('metadata', { document }) : NO_METADATA;
  const own = (block: Uint8Array | null) => block && new Uint8Array(block);
  const reply = await editor.bridge.request('export.convert', {
    png,
    format,
    quality: Math.max(1, Math.round(quality * 100)),
    metadata: {
      exif: own(said.exif),
      xmp: own(said.xmp),
      iptc: own(said.iptc),
      density: document.resolution,
    },
  });
  if (!reply.ok) throw toFault(reply.error);
  return new Blob([new Uint8Array(reply.value.bytes)]);
}

/** Makes the file (unless `made` already is it) and saves it; resolves to whether it was saved. Rejects with a Fault. */
export async function exportDocument(
  editor: Editor,
  choice: ExportChoice,
  made: MadeFile | null = null,
): Promise<boolean> {
  const { document } = editor;
  if (!document) return false;
  const { blob, extension, notices } = made ?? (await makeFile(editor, document, choice));
  const name = exportName(choice.name, choice.format, extension);
  const saved = await deliver(editor, name, blob);
  if (!saved) return false;
  if (editor.project === null) editor.markClean(document);
  const { width, height } = choice;
  const told = say('{width} × {height} px, {size}', { width, height, size: size(blob.size) });
  editor.messages.notice(say('Exported {name}', { name }), [told, ...notices].join(' · '));
  editor.messages.announce(say('Exported {name}', { name }));
  return true;
}

/** Where a file went that was saved. */
export interface Delivered {
  /** By which the host knows it; null for a download of the browser. */
  readonly token: string | null;
}

/** Brings a file to the person: by the host's save dialog, or as a download of the browser. Resolves to null where the person thought better of it. */
export async function deliver(editor: Editor, name: string, blob: Blob): Promise<Delivered | null> {
  return editor.info?.saves === 'dialog' ? saveByHost(editor, name, blob) : download(name, blob);
}

async function saveByHost(editor: Editor, name: string, blob: Blob): Promise<Delivered | null> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const reply = await editor.bridge.request('export.save', { name, bytes });
  if (!reply.ok) throw toFault(reply.error);
  return reply.value.saved ? { token: reply.value.token } : null;
}

function download(name: string, blob: Blob): Delivered {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the file after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { token: null };
}

/** A number of bytes for people. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
