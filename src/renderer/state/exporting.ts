import { toFault } from '../../contract/errors';
import type { ExportFormat } from '../workers/protocol';
import type { Editor } from './editor.svelte';

export interface ExportChoice {
  readonly name: string;
  readonly format: ExportFormat;
  /** 0..1, for JPEG. */
  readonly quality: number;
}

export const EXTENSIONS: Readonly<Record<ExportFormat, string>> = { png: '.png', jpeg: '.jpg' };

/** The file name with the format's own extension, and without what file systems refuse. */
export function exportName(name: string, format: ExportFormat): string {
  const stem = [...name]
    .map((c) => (c < ' ' || '<>:"/\\|?*'.includes(c) ? '-' : c))
    .join('')
    .replace(/\.(png|jpe?g)$/i, '')
    .trim()
    .slice(0, 200);
  return (stem || 'Untitled') + EXTENSIONS[format];
}

/** Renders, encodes and saves the document; resolves to whether it was saved. Rejects with a Fault. */
export async function exportDocument(editor: Editor, choice: ExportChoice): Promise<boolean> {
  const { document } = editor;
  if (!document) return false;
  const { format, quality } = choice;
  const blob = await editor.studio.call('export', { document, format, quality });
  const name = exportName(choice.name, format);
  const saved = await deliver(editor, name, blob);
  if (saved) {
    if (editor.project === null) editor.markClean(document);
    editor.messages.notice(
      `Exported ${name}`,
      `${document.width} × ${document.height} px, ${size(blob.size)}`,
    );
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
