import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../../contract/bridge';
import type { Reply, ServiceError } from '../../contract/errors';
import { mostBytes, requests, type RequestInput, type RequestName } from '../../contract/requests';
import { decodeMessage, encodeMessage } from '../../contract/wire';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Answers `POST /api/NAME`: reads and validates the input, calls the handler, sends its reply. Every answer, a
 * refusal too, is an encoded `Reply`; the status is 200 when the handler was asked.
 */
export async function answerRequest(
  services: Services,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isRequest(name)) return refuse(response, 404, `There is no request “${name.slice(0, 64)}”.`);
  const most = mostBytes(name);
  const body = await readBody(request, most);
  if (body === null) return refuse(response, 413, `A request has ${most >> 20} MiB at the most.`);
  let message: unknown;
  try {
    message = decodeMessage(body, (bytes) => decoder.decode(bytes));
  } catch {
    return refuse(response, 400, 'The request cannot be read.');
  }
  const input = requests[name].input.safeParse(message);
  if (!input.success) {
    const issue = input.error.issues[0];
    return refuse(response, 400, `The request is malformed: ${issue?.path.join('.')} ${issue?.message}.`);
  }
  if (name === 'harmonize.run') {
    // A window that went away waits for nothing.
    const { job } = input.data as RequestInput<'harmonize.run'>;
    response.on('close', () => {
      if (!response.writableFinished) void services['harmonize.cancel']({ job });
    });
  }
  send(response, 200, await call(services, name, input.data));
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

/** The input was validated by the schema of the same name. */
function call(services: Services, name: RequestName, input: unknown): Promise<Reply<unknown>> {
  const handler = services[name] as (input: unknown) => Promise<Reply<unknown>>;
  return handler(input);
}

/** The whole body, or null when it is too large; then the rest is read and thrown away so that the answer arrives. */
async function readBody(request: IncomingMessage, most: number): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  let tooLarge = Number(request.headers['content-length'] ?? 0) > most;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most + (256 << 20)) return null;
    if (length > most) tooLarge = true;
    if (tooLarge) chunks.length = 0;
    else chunks.push(chunk);
  }
  return tooLarge ? null : Buffer.concat(chunks);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const error: ServiceError = { code: 'usage', message, hint: '' };
  response.setHeader('Connection', 'close');
  send(response, status, { ok: false, error });
}

function send(response: ServerResponse, status: number, reply: Reply<unknown>): void {
  if (response.destroyed) return;
  const bytes = encodeMessage(reply, (text) => encoder.encode(text));
  response.writeHead(status, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length });
  response.end(bytes);
}
