import type { z } from 'zod';
import type { Bridge } from '../../contract/bridge';
import type { Reply } from '../../contract/errors';
import { events, openedFile, requests } from '../../contract/requests';
import type {
  EventName,
  EventPayload,
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../contract/requests';
import { Fault } from '../../pixels/fault';
import { loopbackBridge, pageToken } from './loopback';

export type OpenedFile = z.infer<typeof openedFile>;

declare global {
  interface Window {
    /** From the preload script, in Electron. */
    readonly attune?: Bridge;
  }
}

/** The contract as the editor uses it: either host's bridge, with everything that comes back validated. */
export interface WindowBridge {
  request<K extends RequestName>(name: K, input: RequestInput<K>): Promise<Reply<RequestOutput<K>>>;
  on<K extends EventName>(name: K, listener: (payload: EventPayload<K>) => void): () => void;
  /** The bytes of a file that the host opened. Rejects with a Fault. */
  readFile(token: string): Promise<Blob>;
  /** The token of a file that the person chose or dropped; null where the host does not know where it lies. */
  tokenOf(file: Blob): Promise<string | null>;
}

/** The bridge to whichever host runs this window. */
export function openBridge(): WindowBridge {
  const token = pageToken(location);
  const bridge = window.attune ?? loopbackBridge(token);
  return validated(bridge, window.attune ? {} : { Authorization: `Bearer ${token}` });
}

/** Nothing that comes over the bridge is believed before its schema has seen it. */
export function validated(bridge: Bridge, headers: Record<string, string>): WindowBridge {
  return {
    async request<K extends RequestName>(name: K, input: RequestInput<K>): Promise<Reply<RequestOutput<K>>> {
      let reply: Reply<unknown>;
      try {
        reply = await bridge.request(name, input);
      } catch {
        return lost(
          'Attune’s background program does not answer.',
          'Start Attune again; the picture here is intact.',
        );
      }
      if (!reply.ok) return reply;
      const parsed = requests[name].output.safeParse(reply.value);
      if (parsed.success) return { ok: true, value: parsed.data as RequestOutput<K> };
      return lost(
        `The answer to ${name} is malformed.`,
        'Window and program may be of different versions; start Attune again.',
      );
    },
    on(name, listener) {
      return bridge.on(name, (payload) => {
        const parsed = events[name].safeParse(payload);
        if (parsed.success) listener(parsed.data as typeof payload);
      });
    },
    tokenOf: async (file) => (await bridge.tokenOf?.(file).catch(() => null)) ?? null,
    async readFile(token) {
      const response = await fetch(bridge.fileUrl(token), { headers }).catch(() => null);
      if (!response?.ok) {
        throw new Fault('unreadable', 'The file can no longer be read.', 'Open it again with File ▸ Open.');
      }
      return response.blob();
    },
  };
}

function lost(message: string, hint: string): Reply<never> {
  return { ok: false, error: { code: 'engine', message, hint } };
}
