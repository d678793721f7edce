import type { Reply } from './errors';
import type { EventName, EventPayload, RequestInput, RequestName, RequestOutput } from './requests';

/** The contract as a window holds it: over IPC in Electron (`window.attune`, from preload), over HTTP in a browser. */
export interface Bridge {
  request<K extends RequestName>(name: K, input: RequestInput<K>): Promise<Reply<RequestOutput<K>>>;
  /** Listens to an event; the returned function stops listening. */
  on<K extends EventName>(name: K, listener: (payload: EventPayload<K>) => void): () => void;
  /** Where the bytes of an opened file are (GET). */
  fileUrl(token: string): string;
  /** The token of a file that the person chose or dropped, where the host knows its path; absent where it never does. */
  tokenOf?(file: object): Promise<string | null>;
}

/** The contract's handlers, as every host calls them; input is already validated. */
export type Services = {
  [K in RequestName]: (input: RequestInput<K>) => Promise<Reply<RequestOutput<K>>>;
};

/** How services tell every window of an event. */
export type Announce = <K extends EventName>(name: K, payload: EventPayload<K>) => void;
