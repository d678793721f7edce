import type { OpenedFile } from '../bridge';
import { toFault } from '../../contract/errors';
import { addLayer, addTree, moveBy } from '../../document/layer-actions';
import { groupLayer } from '../../document/new-layer';
import { documentOf, placePicture, type Point } from '../../document/placement';
import { shift } from '../../document/transform';
import type { DecodedProject } from '../workers/protocol';
import type { Editor } from './editor.svelte';

/** Something to open: bytes with a name. */
export interface Openable {
  readonly name: string;
  readonly blob: Blob | Promise<Blob>;
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

async function openPicture(editor: Editor, { name, blob }: Openable, at?: Point): Promise<void> {
  const opened = await editor.studio.call('decode', { blob: await blob, name });
  if ('document' in opened) return openProject(editor, opened, name);
  editor.noteDecoded(opened);
  const id = crypto.randomUUID();
  if (editor.document) {
    const layer = placePicture(editor.document, opened, id, at);
    editor.perform(addLayer, { layer, above: editor.selected?.id ?? null }, `Place ${opened.name}`);
    editor.select(id);
  } else {
    editor.start(documentOf(opened, id));
  }
  editor.messages.announce(`${opened.name} opened, ${opened.width} by ${opened.height} pixels.`);
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
    const document = documentOf(ground, crypto.randomUUID());
    editor.start({ ...document, resolution });
  } catch (thrown) {
    editor.messages.fault(thrown);
  }
}

/** Opens the sample project that comes with Attune: a photograph and a cut-out to be harmonized. */
export async function openSample(editor: Editor): Promise<void> {
  const reply = await editor.bridge.request('sample.open', {});
  if (!reply.ok) return editor.messages.fault(toFault(reply.error));
  await openPictures(editor, fromTokens(editor, reply.value.files));
}

/** The field behind the dialog; held, for a browser may drop a detached element before its dialog has answered. */
let input: HTMLInputElement | null = null;

/** Asks for files with the browser's own dialog, which both hosts have. */
export function chooseFiles(editor: Editor): void {
  const field = document.createElement('input');
  input = field;
  field.type = 'file';
  field.multiple = true;
  field.accept = 'image/*,.psd,.psb,.ora,.tif,.tiff';
  field.addEventListener('change', () => {
    if (input === field) input = null;
    void openPictures(editor, fromFiles(field.files ?? []));
  });
  field.click();
}

export function fromFiles(files: Iterable<File>): Openable[] {
  return Array.from(files, (file) => ({ name: file.name || 'Pasted picture', blob: file }));
}

/** Files named on the command line, by their tokens. */
export function fromTokens(editor: Editor, files: readonly OpenedFile[]): Openable[] {
  return files.map(({ token, name }) => ({ name, blob: editor.bridge.readFile(token) }));
}
