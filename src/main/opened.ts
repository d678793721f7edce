import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { AppInfo } from '../contract/requests';
import { Fault } from '../pixels/fault';

/** A file that the person named, of which a window learns the name and an opaque token, never the path. */
export interface FileSource {
  readonly name: string;
  /** Where it lies on disk. */
  readonly path?: string;
  open(): Readable;
}

/** The files a host may hand to its windows; there is no way to ask for another. */
export class OpenedFiles {
  readonly #sources = new Map<string, FileSource>();
  readonly #unasked = new Set<string>();

  /** Lets windows read a file that the person named; answers its token. */
  add(source: FileSource): string {
    const token = randomBytes(16).toString('hex');
    this.#sources.set(token, source);
    return token;
  }

  /** Lets windows read files that come with the program: they are in no list of files to open at the start. */
  async addOwn(paths: readonly string[]): Promise<AppInfo['files']> {
    const sources = await Promise.all(paths.map(fileOnDisk));
    return sources.map((source) => {
      const token = this.add(source);
      this.#unasked.add(token);
      return { token, name: source.name };
    });
  }

  /** Lets windows read a file under a name of its own (a copy is not called as its original); answers its token. */
  async addNamed(path: string, name: string): Promise<string> {
    const token = this.add({ ...(await fileOnDisk(path)), name });
    this.#unasked.add(token);
    return token;
  }

  get(token: string): FileSource | undefined {
    return this.#sources.get(token);
  }

  list(): AppInfo['files'] {
    const asked = [...this.#sources].filter(([token]) => !this.#unasked.has(token));
    return asked.map(([token, { name }]) => ({ token, name }));
  }
}

/** A file on disk by its path. Throws a Fault when there is none or it is no plain file. */
export async function fileOnDisk(path: string): Promise<FileSource> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Fault('not-found', `There is no file ${path}.`, 'Check the path.');
    throw new Fault('unreadable', `${path} cannot be read (${error.code}).`);
  });
  if (!found.isFile()) throw new Fault('unreadable', `${path} is not a file.`, 'Name a picture.');
  return { name: basename(absolute), path: absolute, open: () => createReadStream(absolute) };
}
