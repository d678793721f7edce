import type { OpenedFile } from '../bridge';
import { addLayer } from '../../document/layer-actions';
import { documentOf, placePicture, type Point } from '../../document/placement';
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
  const picture = await editor.studio.call('decode', { blob: await blob, name });
  editor.noteDecoded(picture);
  const id = crypto.randomUUID();
  if (editor.document) {
    const layer = placePicture(editor.document, picture, id, at);
    editor.perform(addLayer, { layer, above: editor.session.selected }, `Place ${picture.name}`);
    editor.select(id);
  } else {
    editor.start(documentOf(picture, id));
  }
  editor.messages.announce(`${picture.name} opened, ${picture.width} by ${picture.height} pixels.`);
}

/** The field behind the dialog; held, for a browser may drop a detached element before its dialog has answered. */
let input: HTMLInputElement | null = null;

/** Asks for files with the browser's own dialog, which both hosts have. */
export function chooseFiles(editor: Editor): void {
  const field = document.createElement('input');
  input = field;
  field.type = 'file';
  field.multiple = true;
  field.accept = 'image/*,.psd,.psb,.tif,.tiff';
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
