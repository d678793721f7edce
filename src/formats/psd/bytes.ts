import { Fault } from '../../pixels/fault';

/** Reads big-endian numbers of a file, and never beyond the end it was given: that is a Fault, not a RangeError. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  readonly #name: string;
  offset: number;

  /** Of `bytes`, from `start` to `end`; `name` is the file's, for the fault. */
  constructor(bytes: Uint8Array, name: string, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
    this.#end = Math.min(end, bytes.length);
    this.offset = start;
  }

  get left(): number {
    return this.#end - this.offset;
  }

  /** Steps over `count` bytes and answers where they begin. */
  skip(count: number): number {
    const start = this.offset;
    if (!(count >= 0) || count > this.left) throw cutShort(this.#name);
    this.offset += count;
    return start;
  }

  u8(): number {
    return this.#view.getUint8(this.skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.skip(2));
  }

  i16(): number {
    return this.#view.getInt16(this.skip(2));
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4));
  }

  i32(): number {
    return this.#view.getInt32(this.skip(4));
  }

  /** A length: 4 bytes, or 8 in the large format. */
  length(large: boolean): number {
    const high = large ? this.u32() : 0;
    return high * 2 ** 32 + this.u32();
  }

  /** Four characters. */
  tag(): string {
    return ascii(this.take(4));
  }

  /** The next `count` bytes, sharing the file's memory. */
  take(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  /** A reader of the next `count` bytes, over which this one steps. */
  section(count: number): ByteReader {
    const start = this.skip(count);
    return new ByteReader(this.bytes, this.#name, start, start + count);
  }
}

/** Bytes as characters, one each. */
export function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The fault of a file that ends before what it announced. */
export function cutShort(name: string): Fault {
  return new Fault(
    'unreadable',
    `${name} is cut short or damaged.`,
    'Get the file once more, or export it again.',
  );
}

/** The fault of a file that says what cannot be. */
export function damaged(name: string, what: string): Fault {
  return new Fault(
    'unreadable',
    `${name} is damaged: ${what}.`,
    'Open it in the program that made it and save it again.',
  );
}
