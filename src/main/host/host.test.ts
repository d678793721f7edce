import { mkdtemp, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../contract/errors';
import type { RequestOutput } from '../../contract/requests';
import { decodeMessage, encodeMessage } from '../../contract/wire';
import { mostBytes } from '../../contract/requests';
import { openEngine, type Engine } from '../inference/engine-client';
import { tinyModels } from '../inference/onnx-for-tests';
import { openRegistry } from '../inference/registry';
import { openKeeping } from '../keeping';
import { fileOnDisk, OpenedFiles } from '../opened';
import { samplePictures } from '../place';
import { openRecent } from '../recent';
import { openRecovery } from '../recovery';
import { makeServices } from '../services';
import { startHost, type RunningHost } from './server';

/** Over real HTTP with a real engine; needs `npm run build`, which `npm test` does first. */

let host: RunningHost;
let engine: Engine;
let fileToken: string;
let base: string;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = (message: unknown) => encodeMessage(message, (text) => encoder.encode(text));
const bearer = () => ({ Authorization: `Bearer ${host.token}` });

beforeAll(async () => {
  const page = await mkdtemp(join(tmpdir(), 'attune-page-'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Attune</title>');
  const picture = join(page, '..', `${Date.now()}.png`);
  await writeFile(picture, 'the picture');
  const files = new OpenedFiles();
  fileToken = files.add(await fileOnDisk(picture));
  const slow = { name: 'slow', width: 512, height: 512, graph: { repeat: 400 } };
  const registry = await openRegistry(await tinyModels({ name: 'plain' }, slow));
  host = await startHost({
    page,
    files,
    services: (announce) => {
      engine = openEngine({ registry, order: ['cpu'] });
      const kind = 'loopback';
      return makeServices({
        kind,
        version: '1',
        registry,
        engine,
        announce,
        files: () => files.list(),
        keeping: openKeeping(join(page, 'state')),
        recovery: openRecovery(join(page, 'recovery')),
        recent: openRecent(join(page, 'recent')),
        pathOf: (token) => files.get(token)?.path,
        tokenOf: (path, name) => files.addNamed(path, name),
        sample: () => files.addOwn(samplePictures()),
      });
    },
  });
  base = `http://127.0.0.1:${host.port}`;
});
afterAll(async () => {
  engine.dispose();
  await host.close();
});

async function post(name: string, body: Uint8Array, headers: Record<string, string> = bearer()) {
  const response = await fetch(`${base}/api/${name}`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function ask<T>(name: string, input: unknown): Promise<{ status: number; reply: Reply<T> }> {
  const { status, bytes } = await post(name, encode(input));
  return { status, reply: decodeMessage(bytes, (text) => decoder.decode(text)) as Reply<T> };
}

/** fetch() sets Host by itself; this does not. */
function statusWith(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The path as it stands: no client folds it. */
function rawStatus(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(host.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nConnection: close\r\n\r\n`);
  });
}

const plain = {
  network: 'plain',
  width: 3,
  height: 2,
  image: Float32Array.from({ length: 18 }, (_, i) => i),
  mask: new Float32Array(6),
};
const slow = {
  network: 'slow',
  width: 512,
  height: 512,
  image: new Float32Array(3 * 512 * 512),
  mask: new Float32Array(512 * 512),
};

describe('the page', () => {
  it('is served isolated and fenced in, at an address with the token in its fragment', async () => {
    expect(host.address).toBe(`${base}/#token=${host.token}`);
    expect(host.token.length).toBeGreaterThanOrEqual(32);
    const response = await fetch(host.address);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Attune');
    const header = (name: string) => response.headers.get(name);
    expect(header('content-type')).toContain('text/html');
    expect(header('cross-origin-opener-policy')).toBe('same-origin');
    expect(header('cross-origin-embedder-policy')).toBe('require-corp');
    expect(header('cross-origin-resource-policy')).toBe('same-origin');
    expect(header('content-security-policy')).toContain("default-src 'self'");
    expect(header('x-content-type-options')).toBe('nosniff');
    expect(header('access-control-allow-origin')).toBeNull();
  });

  it('has no way out of its folder', async () => {
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2f..%2fetc/passwd',
      '/..%5c',
      '/%00',
    ]) {
      expect(await rawStatus(path)).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(await statusWith('/missing.js', {})).toBe(404);
    expect(await statusWith('/', {}, 'PUT')).toBe(405);
  });
});

describe('who may ask', () => {
  it('only those with the token', async () => {
    for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: host.token }]) {
      expect((await post('app.info', encode({}), headers as Record<string, string>)).status).toBe(401);
    }
    expect(await statusWith('/events', {})).toBe(401);
    expect(await statusWith(`/files/${fileToken}`, {})).toBe(401);
    expect(await statusWith(`/files/${fileToken}?token=${host.token}`, {})).toBe(401);
  });

  it('only under its own name (DNS rebinding) and from its own page', async () => {
    const port = host.port;
    expect(await statusWith('/', { Host: `attacker.example:${port}` })).toBe(403);
    expect(await statusWith('/', { Host: '127.0.0.1' })).toBe(403);
    expect(await statusWith('/', { Host: `localhost:${port}` })).toBe(200);
    const from = (Origin: string) => statusWith('/api/app.info', { ...bearer(), Origin }, 'POST');
    expect(await from('https://attacker.example')).toBe(403);
    expect(await from('null')).toBe(403);
    expect(await from(`http://localhost:${port}`)).toBe(403);
    expect(await from(base)).toBe(400);
  });
});

describe('a request', () => {
  it('is answered', async () => {
    const { status, reply } = await ask<RequestOutput<'app.info'>>('app.info', {});
    expect(status).toBe(200);
    expect(reply.ok && reply.value).toMatchObject({ host: 'loopback', saves: 'download' });
    expect(reply.ok && reply.value.files[0]?.token).toBe(fileToken);
  });

  it('runs a real network', async () => {
    const { reply } = await ask<RequestOutput<'harmonize.run'>>('harmonize.run', { job: 'a', input: plain });
    expect(reply.ok && reply.value).toMatchObject({ kind: 'image', device: 'cpu', width: 3, height: 2 });
    expect(reply.ok && [...reply.value.data]).toEqual([...plain.image]);
  });

  it('that fails answers an error, not a failure of HTTP', async () => {
    const input = { ...plain, network: 'unknown' };
    const { status, reply } = await ask('harmonize.run', { job: 'b', input });
    expect(status).toBe(200);
    expect(reply).toMatchObject({ ok: false, error: { code: 'usage' } });
  });

  it('of an unknown name, malformed, or too large is refused', async () => {
    expect((await ask('app.quit', {})).status).toBe(404);
    expect((await ask('constructor', {})).status).toBe(404);
    expect((await post('app.info', Uint8Array.of(255, 255, 255, 255, 1))).status).toBe(400);
    expect((await post('app.info', new Uint8Array(0))).status).toBe(400);
    const wrong = await ask('harmonize.run', { job: 'c', input: { ...plain, width: 4 } });
    expect(wrong.status).toBe(400);
    expect(wrong.reply).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect((await ask('app.info', { filler: new Uint8Array(mostBytes('app.info')) })).status).toBe(413);
    expect(await statusWith('/api/app.info', bearer())).toBe(405);
  });

  it('is cancelled by another, or when its window goes away', async () => {
    const events = await listen();
    const running = ask('harmonize.run', { job: 'd', input: slow });
    await started('d', events);
    expect((await ask('harmonize.cancel', { job: 'd' })).reply).toEqual({
      ok: true,
      value: { cancelled: true },
    });
    expect((await running).reply).toMatchObject({ ok: false, error: { code: 'cancelled' } });

    const more = await listen();
    const window = new AbortController();
    const left = fetch(`${base}/api/harmonize.run`, {
      method: 'POST',
      headers: bearer(),
      body: encode({ job: 'e', input: slow }),
      signal: window.signal,
    }).catch(() => 'left');
    await started('e', more);
    window.abort();
    expect(await left).toBe('left');
    const { reply } = await ask<RequestOutput<'harmonize.run'>>('harmonize.run', { job: 'f', input: plain });
    expect(reply.ok).toBe(true);
  });
});

/** Waits for the event that says a job runs. */
async function started(job: string, events: AsyncGenerator<string>): Promise<void> {
  for await (const event of events) {
    if (event.includes(`"${job}"`) && event.includes('"running"')) return;
  }
}

/** Events from now on. */
async function listen(): Promise<AsyncGenerator<string>> {
  const events = eventStream();
  expect((await events.next()).value).toBe(': Attune');
  return events;
}

async function* eventStream(): AsyncGenerator<string> {
  const stop = new AbortController();
  const response = await fetch(`${base}/events`, { headers: bearer(), signal: stop.signal });
  let text = '';
  try {
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array);
      const lines = text.split('\n\n');
      text = lines.pop()!;
      yield* lines.filter((line) => line !== ': ');
    }
  } finally {
    stop.abort();
  }
}

describe('events and files', () => {
  it('tells every window how a run goes', async () => {
    const heard: unknown[] = [];
    const events = await listen();
    const run = ask('harmonize.run', { job: 'g', input: plain });
    for await (const event of events) {
      expect(event).toMatch(/^data: /);
      heard.push(JSON.parse(event.slice('data: '.length)));
      if (event.includes('done')) break;
    }
    await run;
    expect(heard[0]).toEqual({ name: 'harmonize.progress', payload: { job: 'g', stage: 'queued' } });
    expect(heard.at(-1)).toEqual({ name: 'harmonize.progress', payload: { job: 'g', stage: 'done' } });
  });

  it('gives out the named files and no others', async () => {
    const response = await fetch(`${base}/files/${fileToken}?name=x`, { headers: bearer() });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('the picture');
    expect(await statusWith('/files/0123', bearer())).toBe(404);
    expect(await statusWith('/files/..%2f..%2fetc%2fpasswd', bearer())).toBe(404);
  });

  it('does not open what is not there', async () => {
    await expect(fileOnDisk('/nowhere/a.png')).rejects.toMatchObject({ code: 'not-found' });
    await expect(fileOnDisk(tmpdir())).rejects.toMatchObject({ code: 'unreadable' });
  });
});
