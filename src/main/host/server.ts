import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Announce, Services } from '../../contract/bridge';
import type { OpenedFiles } from '../opened';
import { contentType, pageFile, pageHeaders } from '../page';
import { answerRequest } from './api';

export interface HostOptions {
  /** The built editor. */
  readonly page: string;
  readonly files: OpenedFiles;
  /** Makes the contract's handlers, given the way to tell windows of events. */
  readonly services: (announce: Announce) => Services;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** What a request has to know; random unless given. */
  readonly token?: string;
}

export interface RunningHost {
  readonly port: number;
  readonly token: string;
  /** The page with the token in its fragment, which no browser sends to any server. */
  readonly address: string;
  close(): Promise<void>;
}

/** How often a silent event stream shows that it lives, milliseconds. */
const HEARTBEAT = 15_000;

/**
 * Serves the editor and its contract to a browser on this machine: only 127.0.0.1, only to requests that name it as
 * their host and come from its own page, and, but for the page itself, only with the token.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const streams = new Set<ServerResponse>();
  const services = options.services((name, payload) => {
    const line = `data: ${JSON.stringify({ name, payload })}\n\n`;
    for (const stream of streams) stream.write(line);
  });
  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'The host failed to answer.');
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    const { port } = server.address() as AddressInfo;
    if (!isOwn(request, port)) return refuse(response, 403, 'This address is for its own page only.');
    // Not parsed as a URL: that would fold `..` away before it could be refused.
    const path = (request.url ?? '').split('?')[0]!;
    const guarded = path.startsWith('/api/') || path.startsWith('/files/') || path === '/events';
    if (guarded && !hasToken(request, token)) return refuse(response, 401, 'The token is missing or wrong.');
    if (path.startsWith('/api/')) {
      if (request.method !== 'POST') return refuse(response, 405, 'Requests are POSTed.');
      return answerRequest(services, path.slice('/api/'.length), request, response);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 405, 'This can only be read.');
    }
    if (path === '/events') return stream(response);
    if (path.startsWith('/files/')) return sendOpened(response, path.slice('/files/'.length));
    return sendPage(response, path);
  }

  function stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': Attune\n\n');
    streams.add(response);
    const heartbeat = setInterval(() => response.write(': \n\n'), HEARTBEAT);
    response.on('close', () => {
      clearInterval(heartbeat);
      streams.delete(response);
    });
  }

  async function sendOpened(response: ServerResponse, fileToken: string): Promise<void> {
    const source = options.files.get(fileToken);
    if (!source) return refuse(response, 404, 'There is no such file.');
    response.setHeader('Content-Type', 'application/octet-stream');
    await pipeline(source.open(), response);
  }

  async function sendPage(response: ServerResponse, path: string): Promise<void> {
    const file = pageFile(options.page, path);
    if (file === null) return refuse(response, 400, 'This is no path of the editor.');
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return refuse(response, 404, 'There is no such file.');
    response.writeHead(200, { 'Content-Type': contentType(file), 'Content-Length': bytes.length });
    response.end(bytes);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    token,
    address: `http://127.0.0.1:${port}/#token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Refuses names that were bent to 127.0.0.1 (DNS rebinding) and pages of other origins. */
function isOwn({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!headers.host || !hosts.includes(headers.host)) return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${why}\n`);
}
