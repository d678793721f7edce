import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { OpenedFiles } from '../opened';
import { contentType, pageFile, pageHeaders } from '../page';

/** The program's own scheme: its page is at `app://attune/`, opened files at `app://attune/files/TOKEN`. */
export const SCHEME = 'app';
export const ORIGIN = 'app://attune';

/** Whether an address is the program's own page. */
export function isOwnPage(url: string): boolean {
  return url === ORIGIN || url.startsWith(`${ORIGIN}/`);
}

/** Answers a request to the scheme: a file of the built editor, or one that the person opened; nothing else. */
export async function answerScheme(request: Request, page: string, files: OpenedFiles): Promise<Response> {
  const headers = { ...pageHeaders };
  const refuse = (status: number) => new Response(null, { status, headers });
  if (!isOwnPage(request.url)) return refuse(403);
  if (request.method !== 'GET') return refuse(405);
  const path = request.url.slice(ORIGIN.length).split(/[?#]/)[0] || '/';
  if (path.startsWith('/files/')) {
    const source = files.get(path.slice('/files/'.length));
    if (!source) return refuse(404);
    const body = Readable.toWeb(source.open()) as NodeStream<Uint8Array> as unknown as BodyInit;
    return new Response(body, { headers: { ...headers, 'Content-Type': 'application/octet-stream' } });
  }
  const file = pageFile(page, path);
  if (file === null) return refuse(400);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return refuse(404);
  return new Response(new Uint8Array(bytes), { headers: { ...headers, 'Content-Type': contentType(file) } });
}
