import { toFault } from '../../contract/errors';
import type { RecentFile } from '../../contract/pictures';
import type { Document } from '../../document/records';
import type { Editor } from './editor.svelte';
import { fromTokens, openPictures } from './opening';

/** The longest side of the small picture of a recent file. */
const THUMBNAIL = 160;
/** The most bytes of a file whose content is copied for the list; the host may take fewer. */
const MOST = 256 * 2 ** 20;

export interface RecentEntry extends RecentFile {
  /** Address of the small picture, for an <img>. */
  readonly picture: string;
}

/** The files that were opened or saved last, as the host keeps them. A convenience: what fails here is told to nobody. */
export class Recent {
  readonly #editor: Editor;
  /** The newest first; each could be opened when it was listed. */
  files = $state.raw<readonly RecentEntry[]>([]);

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Asks for the list. */
  async load(): Promise<void> {
    const reply = await this.#editor.bridge.request('recent.list', {});
    if (!reply.ok) return;
    this.files.forEach(({ picture }) => URL.revokeObjectURL(picture));
    this.files = reply.value.files.map((file) => ({
      ...file,
      picture: URL.createObjectURL(new Blob([new Uint8Array(file.thumbnail)], { type: 'image/webp' })),
    }));
  }

  /** Puts a file on the list that has just been opened or saved and looks like `document`. */
  async note(file: { name: string; blob: Blob; token: string | null }, document: Document): Promise<void> {
    const { bridge, studio } = this.#editor;
    try {
      const preview = await studio.call('preview', { document, size: THUMBNAIL });
      const thumbnail = new Uint8Array(await preview.arrayBuffer());
      const token = file.token ?? (await bridge.tokenOf(file.blob));
      if (token === null && file.blob.size > MOST) return;
      const bytes = token === null ? new Uint8Array(await file.blob.arrayBuffer()) : null;
      await bridge.request('recent.keep', { name: file.name.slice(0, 255), thumbnail, token, bytes });
      await this.load();
    } catch {
      // The file is open all the same.
    }
  }

  /** Opens a file of the list. What is gone is told, and leaves the list. */
  async open(id: string): Promise<void> {
    const reply = await this.#editor.bridge.request('recent.open', { id });
    if (reply.ok) {
      const files = fromTokens(this.#editor, [reply.value]).map((file) => ({ ...file, recent: false }));
      await openPictures(this.#editor, files);
    } else this.#editor.messages.fault(toFault(reply.error));
    await this.load();
  }

  /** Empties the list. */
  async clear(): Promise<void> {
    await this.#editor.bridge.request('recent.clear', {});
    await this.load();
  }
}
