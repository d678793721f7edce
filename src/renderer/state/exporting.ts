import { toFault } from '../../contract/errors';
import { resizeImage } from '../../document/document-actions';
import type { FormatName } from '../../formats/image-formats';
import type { Document } from '../../document/records';
import { Fault } from '../../pixels/fault';
import type { Editor } from './editor.svelte';

export interface ExportChoice {
  readonly name: string;
  readonly format: FormatName;
  /** Of the file's picture; the document's own, or scaled. */
  readonly width: number;
  readonly height: number;
  /** 0..1, where the format knows one. */
  readonly quality: number;
}

export const EXTENSIONS: Readonly<Record<FormatName, string>> = {
  png: '.png',
  jpeg: '.jpg',
  webp: '.webp',
  avif: '.avif',
  tiff: '.tif',
};
/** The most bytes of PNG that reach the host in one request. */
const MOST = 60 * 2 ** 20;

/** The file name with the format's own extension, and without what file systems refuse. */
export function exportName(name: string, format: FormatName): string {
  const stem = [...name]
    .map((c) => (c < ' ' || '<>:"/\\|?*'.includes(c) ? '-' : c))
    .join('')
    .replace(/\.(png|jpe?g|webp|avif|tiff?)$/i, '')
    .trim()
    .slice(0, 200);
  return (stem || 'Untitled') + EXTENSIONS[format];
}

/** The document as a file of the chosen format and size. Rejects with a Fault. */
export async function encodeChoice(
  editor: Editor,
  document: Document,
  { format, quality, width, height }: ExportChoice,
  signal?: AbortSignal,
): Promise<Blob> {
  const sized = resizeImage.perform(document, { width, height });
  const byBrowser = format === 'png' || format === 'jpeg' || format === 'webp';
  const first = byBrowser ? format : 'png';
  const blob = await editor.studio.call(
    'export',
    { document: sized, format: first, quality },
    signal ? { signal } : {},
  );
  if (byBrowser) return blob;
  const png = new Uint8Array(await blob.arrayBuffer());
  if (png.length > MOST) {
    throw new Fault(
      'too-large',
      `A picture of ${width}×${height} pixels is too large for ${format.toUpperCase()} here.`,
      'Export it as PNG or JPEG, or smaller.',
    );
  }
  const reply = await editor.bridge.request('export.convert', {
    png,
    format,
    quality: Math.max(1, Math.round(quality * 100)),
  });
  if (!reply.ok) throw toFault(reply.error);
  return new Blob([new Uint8Array(reply.value.bytes)]);
}

/** Encodes (unless `made` already is that file) and saves; resolves to whether it was saved. Rejects with a Fault. */
export async function exportDocument(
  editor: Editor,
  choice: ExportChoice,
  made: Blob | null = null,
): Promise<boolean> {
  const { document } = editor;
  if (!document) return false;
  const blob = made ?? (await encodeChoice(editor, document, choice));
  const name = exportName(choice.name, choice.format);
  const saved = await deliver(editor, name, blob);
  if (saved) {
    if (editor.project === null) editor.markClean(document);
    editor.messages.notice(`Exported ${name}`, `${choice.width} × ${choice.height} px, ${size(blob.size)}`);
    editor.messages.announce(`Exported ${name}.`);
  }
  return saved;
}

/** Brings a file to the person: by the host's save dialog, or as a download of the browser. Resolves to whether it was saved. */
export async function deliver(editor: Editor, name: string, blob: Blob): Promise<boolean> {
  return editor.info?.saves === 'dialog' ? saveByHost(editor, name, blob) : download(name, blob);
}

async function saveByHost(editor: Editor, name: string, blob: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const reply = await editor.bridge.request('export.save', { name, bytes });
  if (!reply.ok) throw toFault(reply.error);
  return reply.value.saved;
}

function download(name: string, blob: Blob): boolean {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the file after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}

/** A number of bytes for people. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
