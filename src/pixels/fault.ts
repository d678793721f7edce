/** Why something was refused. `usage` is the caller's mistake, `cancelled` the person's wish, the rest the input's or the machine's. */
export type FaultCode =
  | 'usage'
  | 'cancelled'
  | 'not-found'
  | 'unreadable'
  | 'unsupported'
  | 'too-large'
  | 'size-mismatch'
  | 'mask'
  | 'image'
  | 'write'
  | 'network-file'
  | 'engine'
  | 'document';

/** An error a person can act on: what is wrong (with which file) and what to do. Every refusal in Attune is one. */
export class Fault extends Error {
  readonly code: FaultCode;
  /** What to do about it, one sentence; may be empty. */
  readonly hint: string;

  constructor(code: FaultCode, message: string, hint = '') {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.hint = hint;
  }
}
