import { z } from 'zod';
import { Fault, type FaultCode } from '../pixels/fault';

// Everything on either side of the contract loads this file. Schemas are used a few times: compiling them costs more than it
// saves, and the window's content security policy forbids what it is compiled by.
z.config({ jitless: true });

const codes = [
  'usage',
  'cancelled',
  'not-found',
  'unreadable',
  'unsupported',
  'too-large',
  'size-mismatch',
  'mask',
  'image',
  'write',
  'network-file',
  'engine',
  'document',
] as const satisfies readonly FaultCode[];

/** An error as it crosses the contract; nothing throws across it. */
export const serviceError = z.object({ code: z.enum(codes), message: z.string(), hint: z.string() });
export type ServiceError = z.infer<typeof serviceError>;

/** What a request answers. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ServiceError };

/** Any thrown value as a service error; what is not a Fault is reported as the engine's or program's own. */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof Fault) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'engine', message, hint: 'This is a fault of Attune itself; please report it.' };
}

/** A service error as something to throw on this side of the contract. */
export function toFault(error: ServiceError): Fault {
  return new Fault(error.code, error.message, error.hint);
}
