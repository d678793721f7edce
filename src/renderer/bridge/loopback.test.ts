import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../contract/wire';
import { validated } from '.';
import { loopbackBridge, pageToken, readEvents } from './loopback';

const encode = (value: unknown) => encodeMessage(value, (text) => new TextEncoder().encode(text));
const info = {
  version: '1',
  host: 'loopback',
  saves: 'download',
  decodes: true,
  networks: [],
  scene: null,
  files: [],
  settings: '',
};

/** A host that answers every request with `value`, and remembers what it was asked. */
function host(value: unknown, status = 200) {
  const asked: { url: string; authorization: string | null; input: unknown }[] = [];
  const fetcher: typeof fetch = async (url, init) => {
    const body = init?.body instanceof Uint8Array ? init.body : new Uint8Array();
    asked.push({
      url: String(url),
      authorization: new Headers(init?.headers).get('authorization'),
      input: body.length ? decodeMessage(body, (bytes) => new TextDecoder().decode(bytes)) : null,
    });
    return new Response(encode(value), { status });
  };
  return { asked, bridge: validated(loopbackBridge('secret', fetcher), {}) };
}

describe('the bridge to the loopback host', () => {
  it('takes the token from the address', () => {
    expect(pageToken({ hash: '#token=abc-_1' })).toBe('abc-_1');
    expect(pageToken({ hash: '' })).toBe('');
  });

  it('posts typed arrays with the token and hands the validated answer on', async () => {
    const { asked, bridge } = host({ ok: true, value: info });
    expect(await bridge.request('app.info', {})).toEqual({ ok: true, value: info });
    expect(asked).toEqual([{ url: '/api/app.info', authorization: 'Bearer secret', input: {} }]);
    await bridge.request('export.save', { name: 'a.png', bytes: Uint8Array.of(1, 2, 3) });
    expect(asked[1]?.input).toEqual({ name: 'a.png', bytes: Uint8Array.of(1, 2, 3) });
  });

  it('answers an error, and throws nothing, when the answer is malformed, refused or missing', async () => {
    const malformed = await host({ ok: true, value: { version: 3 } }).bridge.request('app.info', {});
    expect(malformed).toMatchObject({ ok: false, error: { code: 'engine' } });
    const refused = await host('', 401).bridge.request('app.info', {});
    expect(refused).toMatchObject({ ok: false, error: { code: 'usage' } });
    const gone = validated(
      loopbackBridge('x', () => Promise.reject(new TypeError('gone'))),
      {},
    );
    expect(await gone.request('app.info', {})).toMatchObject({ ok: false, error: { code: 'engine' } });
  });

  it('reads events however the stream is cut, skipping comments', async () => {
    const text = ': hello\n\ndata: {"a":"ä"}\n\n: beat\n\ndata: 1\ndata: 2\n\n';
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 3, 7, bytes.length]) {
      const heard: string[] = [];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
          controller.close();
        },
      });
      await readEvents(body, (data) => heard.push(data));
      expect(heard).toEqual(['{"a":"ä"}', '1\n2']);
    }
  });
});
