import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { Fault } from '../pixels/fault';

/** A folder as a window knows it: a name and an opaque token, never the path. */
export interface NamedFolder {
  readonly token: string;
  readonly name: string;
}

/** The folders that the person named or chose; a window may work in no other. */
export class ChosenFolders {
  readonly #paths = new Map<string, string>();
  readonly #listed: NamedFolder[] = [];
  readonly #ask: ((title: string) => Promise<string | null>) | undefined;

  /**
   * @param named Folders that the person named at the start.
   * @param ask Asks for a folder; null when the person thought better of it. Left out where the host cannot ask.
   */
  constructor(named: readonly string[], ask?: (title: string) => Promise<string | null>) {
    for (const path of named) this.#keep(path);
    this.#ask = ask;
  }

  get list(): { folders: NamedFolder[]; canChoose: boolean } {
    return { folders: [...this.#listed], canChoose: this.#ask !== undefined };
  }

  /** Asks the person for a folder. Rejects with a Fault `usage` where the host cannot ask. */
  async choose(title: string): Promise<NamedFolder | null> {
    if (!this.#ask) {
      throw new Fault('usage', 'This host cannot ask for folders.', 'Name them at its start: --folder PATH.');
    }
    const path = await this.#ask(title);
    return path === null ? null : this.#keep(path);
  }

  /** Where a folder lies. Throws a Fault `usage` for a token that is none. */
  pathOf(token: string): string {
    const path = this.#paths.get(token);
    if (path === undefined) throw new Fault('usage', 'There is no such folder.', 'Choose the folder again.');
    return path;
  }

  #keep(path: string): NamedFolder {
    const token = randomBytes(16).toString('hex');
    const folder = { token, name: basename(resolve(path)) };
    this.#paths.set(token, resolve(path));
    this.#listed.push(folder);
    return folder;
  }
}
