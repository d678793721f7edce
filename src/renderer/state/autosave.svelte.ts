import { z } from 'zod';
import { documentRecord } from '../../contract/document-record';
import { toFault } from '../../contract/errors';
import type { RequestInput, RequestName, RequestOutput } from '../../contract/requests';
import { pixelsOfDocument } from '../../document/diff';
import type { Document } from '../../document/records';
import { Fault } from '../../pixels/fault';
import type { Editor } from './editor.svelte';

/** Milliseconds after a change before it is put away. */
const REST = 2000;
/** The most bytes of a piece in one request; the host takes 64 MiB. */
const MOST = 48 * 2 ** 20;

const record = z.object({ version: z.literal(1), name: z.string(), document: documentRecord });

/** Work that a former sitting left. */
export interface Left {
  readonly sitting: string;
  readonly record: string;
  readonly at: number;
}

/** Puts unsaved work away in the background: pixels once, under their own names, and the records that name them. */
export class Autosave {
  readonly #editor: Editor;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #working = false;
  #kept: Document | null = null;
  #told = false;
  /** What a former sitting left, until the person has decided. */
  left = $state.raw<Left | null>(null);

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Asks for what a former sitting left, and offers it. */
  async look(): Promise<void> {
    const found = await this.#ask('recovery.unsaved', {});
    if (!found.unsaved) return;
    this.left = found.unsaved;
    this.#editor.dialog = 'recover';
  }

  /** The document changed, was saved or closed. */
  notice(): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#settle(), REST);
  }

  async #settle(): Promise<void> {
    const { document, dirty, title, project } = this.#editor;
    // A brush stroke is put away when it is done.
    if (this.#working || this.#editor.moving) return this.notice();
    this.#working = true;
    try {
      if (!document || !dirty) {
        if (this.#kept) await this.#ask('recovery.clear', {});
        this.#kept = null;
      } else if (document !== this.#kept) {
        await this.#put(document, project?.name ?? title);
        this.#kept = document;
      }
    } catch (thrown) {
      // A full disk is told once, not every few seconds.
      if (!this.#told) this.#editor.messages.fault(thrown);
      this.#told = true;
    } finally {
      this.#working = false;
    }
    if (this.#editor.document !== document) this.notice();
  }

  async #put(document: Document, name: string): Promise<void> {
    const ids = [...pixelsOfDocument(document)];
    const { missing } = await this.#ask('recovery.missing', { names: ids });
    for (const id of missing) {
      const piece = await this.#editor.studio.call('pack', { id });
      if (piece.length > MOST) {
        throw new Fault(
          'too-large',
          'The document is too large to be kept in the background.',
          'Save it yourself now and then (Ctrl+S).',
        );
      }
      await this.#ask('recovery.put', { name: id, bytes: new Uint8Array(piece) });
    }
    const text = JSON.stringify({ version: 1, name, document });
    await this.#ask('recovery.record', { text, keep: ids });
  }

  /** Opens what was left. Every failure is told; the work then stays where it lies. */
  async restore(): Promise<void> {
    const { left } = this;
    if (!left) return;
    try {
      const parsed = record.safeParse(JSON.parse(left.record));
      if (!parsed.success) throw new Fault('unreadable', 'The record of the unsaved work is damaged.');
      const document = parsed.data.document as Document;
      for (const id of pixelsOfDocument(document)) {
        const { bytes } = await this.#ask('recovery.piece', { sitting: left.sitting, name: id });
        const back = await this.#editor.studio.call('unpack', { id, piece: bytes });
        if (back.noted) this.#editor.noteDecoded(back.noted);
        else this.#editor.noteBytes(id, back.bytes);
      }
      this.#editor.start(document);
      this.#editor.markClean(null);
      this.left = null;
      this.#editor.messages.announce('The unsaved work is open again.');
      this.notice();
      await this.#ask('recovery.forget', { sitting: left.sitting });
    } catch (thrown) {
      this.#editor.messages.fault(thrown);
    }
  }

  /** Forgets what was left. */
  async discard(): Promise<void> {
    const { left } = this;
    this.left = null;
    if (left) await this.#ask('recovery.forget', { sitting: left.sitting });
  }

  async #ask<K extends RequestName>(name: K, input: RequestInput<K>): Promise<RequestOutput<K>> {
    const reply = await this.#editor.bridge.request(name, input);
    if (!reply.ok) throw toFault(reply.error);
    return reply.value;
  }
}
