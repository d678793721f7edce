import type { OpenedFile } from '../bridge';
import { toFault } from '../../contract/errors';
import { MAX_FILE } from '../../contract/pictures';
import { addLayer, addTree, moveBy } from '../../document/layer-actions';
import { groupLayer } from '../../document/new-layer';
import { documentOf, placePicture, type Point } from '../../document/placement';
import type { Document } from '../../document/records';
import { shift } from '../../document/transform';
import { Fault } from '../../pixels/fault';
import { say } from '../language/index.svelte';
import type { DecodedPicture, DecodedProject } from '../workers/protocol';
import type { Editor } from './editor.svelte';

/** Something to open: bytes with a name. */
export interface Openable {
  readonly name: string;
  readonly blob: Blob | Promise<Blob>;
  /** By which the host knows the file. */
  readonly token?: string;
  /** False: not to be listed among the recent files. */
  readonly recent?: boolean;
}

/**
 * Opens pictures one after the other: the first makes the document when there is none, every other becomes a layer
 * centred at `at` (document pixels). What cannot be read is told and leaves the document as it is.
 */
export async function openPictures(editor: Editor, pictures: readonly Openable[], at?: Point): Promise<void> {
  editor.opening += pictures.length;
  for (const picture of pictures) {
    try {
      await openPicture(editor, picture, at);
    } catch (thrown) {
      editor.messages.fault(thrown);
    } finally {
      editor.opening -= 1;
    }
  }
}

async function openPicture(editor: Editor, picture: Openable, at?: Point): Promise<void> {
  const { name, token = null } = picture;
  const blob = await picture.blob;
  const byHost = editor.info?.decodes ?? false;
  const found = await editor.studio.call('decode', { blob, name, byHost });
  const opened = 'foreign' in found ? await decodeByHost(editor, blob, name) : found;
  const note = (document: Document) => {
    if (picture.recent !== false) void editor.recent.note({ name, blob, token }, document);
  };
  if ('document' in opened) {
    openProject(editor, opened, name);
    return note(opened.document);
  }
  editor.noteDecoded(opened);
  if (opened.said) editor.noteBytes(opened.said.kept.data, opened.said.bytes);
  const id = crypto.randomUUID();
  if (editor.document) {
    const layer = placePicture(editor.document, opened, id, at);
    // What a file says of itself belongs to the background's; a picture placed on it brings only pixels.
    if (opened.said) editor.discard(opened.said.kept.data);
    editor.perform(addLayer, { layer, above: editor.selected?.id ?? null }, `Place ${opened.name}`);
    editor.select(id);
  } else {
    const document = documentOf(opened, id);
    const { resolution } = document;
    editor.start({ ...document, kept: opened.said?.kept ?? null, resolution: opened.density ?? resolution });
  }
  note(documentOf(opened, id));
  editor.messages.announce(`${opened.name} opened, ${opened.width} by ${opened.height} pixels.`);
}

/** Has the host decode a picture that the browser does not. */
async function decodeByHost(editor: Editor, blob: Blob, name: string): Promise<DecodedPicture> {
  if (blob.size > MAX_FILE) {
    throw new Fault(
      'too-large',
      `“${name}” is larger than the ${MAX_FILE >> 20} MiB of this format that Attune opens here.`,
      'Save it as PNG in the program that made it, and open that.',
    );
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const reply = await editor.bridge.request('picture.decode', { name: name.slice(0, 255), bytes });
  if (!reply.ok) throw toFault(reply.error);
  const { pages, depth, ...picture } = reply.value;
  if (pages > 1) editor.messages.notice(`“${name}” has ${pages} pages; the first was opened.`);
  if (depth === 16) editor.messages.notice(`“${name}” has 16 bits a channel; Attune works with 8.`);
  const transfer = [picture.data.buffer];
  return editor.studio.call('keep', { name, ...picture }, { transfer });
}

/** A project becomes the document, or, where there is one, a group of it, in the middle. */
function openProject(editor: Editor, project: DecodedProject, file: string): void {
  project.pixels.forEach((pixels) => editor.noteDecoded(pixels));
  project.others.forEach(({ id, bytes }) => editor.noteBytes(id, bytes));
  const { document, format } = project;
  const name = file.replace(/\.[a-z0-9]{1,5}$/i, '') || file;
  if (editor.document) {
    const group = groupLayer({ id: crypto.randomUUID(), name, children: document.order });
    const layers = Object.values(document.layers);
    editor.perform(addTree, { group, layers, above: editor.selected?.id ?? null }, `Place ${name}`);
    const by = shift(
      Math.round((editor.document.width - document.width) / 2),
      Math.round((editor.document.height - document.height) / 2),
    );
    editor.amend(moveBy, { id: group.id, by });
    editor.select(group.id);
  } else {
    editor.start(document, { name, format });
  }
  for (const notice of project.notices) editor.messages.notice(notice);
  editor.messages.announce(`${file} opened, ${document.width} by ${document.height} pixels.`);
}

/** A new document: one locked layer of a colour, or with null nothing but a transparent one. */
export async function newDocument(
  editor: Editor,
  frame: { width: number; height: number; resolution: number; color: string | null },
): Promise<void> {
  const { width, height, resolution, color } = frame;
  try {
    const ground = await editor.studio.call('blank', { width, height, color: color ?? 'transparent' });
    if (editor.document) editor.close();
    editor.noteDecoded(ground);
    const document = documentOf({ ...ground, name: say('Background') }, crypto.randomUUID());
    editor.start({ ...document, resolution });
  } catch (thrown) {
    editor.messages.fault(thrown);
  }
}

/** Opens the sample project that comes with Attune: a photograph and a cut-out to be harmonized. */
export async function openSample(editor: Editor): Promise<void> {
  const reply = await editor.bridge.request('sample.open', {});
  if (!reply.ok) return editor.messages.fault(toFault(reply.error));
  const files = fromTokens(editor, reply.value.files);
  await openPictures(
    editor,
    files.map((file) => ({ ...file, recent: false })),
  );
}

/** The field behind the dialog; held, for a browser may drop a detached element before its dialog has answered. */
let input: HTMLInputElement | null = null;

/** Asks for files with the browser's own dialog, which both hosts have. */
export function chooseFiles(editor: Editor): void {
  const field = document.createElement('input');
  input = field;
  field.type = 'file';
  field.multiple = true;
  field.accept = 'image/*,.psd,.psb,.ora,.tif,.tiff,.svg,.heic';
  field.addEventListener('change', () => {
    if (input === field) input = null;
    void openPictures(editor, fromFiles(field.files ?? []));
  });
  field.click();
}

/** Files of the person's own; what comes from the clipboard lies nowhere and is not listed among the recent files. */
export function fromFiles(files: Iterable<File>, pasted = false): Openable[] {
  return Array.from(files, (file) => ({ name: file.name || 'Pasted picture', blob: file, recent: !pasted }));
}

/** Files named on the command line, by their tokens. */
export function fromTokens(editor: Editor, files: readonly OpenedFile[]): Openable[] {
  return files.map(({ token, name }) => ({ name, token, blob: editor.bridge.readFile(token) }));
}
