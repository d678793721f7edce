import { z } from 'zod';
import type { Bridge } from '../../contract/bridge';
import { serviceError, type Reply } from '../../contract/errors';
import { events, type EventName, type EventPayload } from '../../contract/requests';
import { decodeMessage, encodeMessage } from '../../contract/wire';

const reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: serviceError }),
]);
const announced = z.object({
  name: z.enum(Object.keys(events) as [EventName, ...EventName[]]),
  payload: z.unknown(),
});

/** Milliseconds before a lost event stream is asked for again. */
const RECONNECT = 1000;

/** The token that the host put into the page's address (`#token=…`), which browsers keep to themselves. */
export function pageToken({ hash }: { hash: string }): string {
  return new URLSearchParams(hash.slice(1)).get('token') ?? '';
}

/** The contract over the loopback host: requests as POSTed messages, events as a stream. */
export function loopbackBridge(token: string, fetcher: typeof fetch = (...args) => fetch(...args)): Bridge {
  const headers = { Authorization: `Bearer ${token}` };
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  let listening = false;

  async function listen(): Promise<void> {
    for (;;) {
      try {
        const response = await fetcher('/events', { headers });
        if (response.status === 401 || response.status === 403) return;
        if (response.body) await readEvents(response.body, hear);
      } catch {
        // The host went away; requests say so to the person. It is asked again below.
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT));
    }
  }

  function hear(data: string): void {
    const event = announced.safeParse(parseJson(data));
    if (!event.success) return;
    for (const listener of listeners.get(event.data.name) ?? []) listener(event.data.payload as never);
  }

  return {
    async request(name, input) {
      const response = await fetcher(`/api/${name}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/octet-stream' },
        body: encodeMessage(input, (text) => new TextEncoder().encode(text)),
      });
      if (response.status === 401) return refused('This window’s address has no valid token.');
      const bytes = new Uint8Array(await response.arrayBuffer());
      const message = decodeMessage(bytes, (text) => new TextDecoder().decode(text));
      return reply.parse(message) as Reply<never>;
    },
    on<K extends EventName>(name: K, listener: (payload: EventPayload<K>) => void) {
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(listener));
      if (!listening) {
        listening = true;
        void listen();
      }
      return () => void heard.delete(listener);
    },
    fileUrl: (file) => `/files/${encodeURIComponent(file)}`,
  };
}

function refused(message: string): Reply<never> {
  return { ok: false, error: { code: 'usage', message, hint: 'Open the address that Attune printed.' } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads an event stream (HTML, 9.2): hands on the data of each event; comments and other fields are skipped. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  hear: (data: string) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waiting = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    waiting += decoder.decode(value, { stream: true });
    const blocks = waiting.split(/\r?\n\r?\n/);
    waiting = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      if (lines.length > 0) hear(lines.map((line) => line.slice(5).replace(/^ /, '')).join('\n'));
    }
  }
}
