import { strFromU8 } from 'fflate';
import { inflateExactly } from '../inflate';
import { ascii, cutShort, damaged } from '../psd/bytes';

const MIMETYPE = 'image/openraster';
/** The end record is 22 bytes and a comment of at most 65,535. */
const END_SIZE = 22;
const LONGEST_COMMENT = 65_535;
const MOST_ENTRIES = 10_000;

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly headerAt: number;
}

/** Whether the bytes begin as an OpenRaster file does: a zip whose first entry, stored, says so. */
export function isOra(bytes: Uint8Array): boolean {
  if (bytes.length < 54 || ascii(bytes.subarray(0, 4)) !== 'PK\x03\x04') return false;
  return ascii(bytes.subarray(30, 54)) === `mimetype${MIMETYPE}`;
}

/** The entries of a zip file, unpacked one by one, each to the length that the directory says and no further. */
export class Archive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #entries = new Map<string, Entry>();

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
    this.#readDirectory();
  }

  #readDirectory(): void {
    const { length } = this.#bytes;
    let end = length - END_SIZE;
    const earliest = Math.max(0, end - LONGEST_COMMENT);
    while (end >= earliest && this.#view.getUint32(end, true) !== 0x06054b50) end--;
    if (end < earliest) throw cutShort(this.#name);
    const count = this.#view.getUint16(end + 10, true);
    if (count > MOST_ENTRIES) throw damaged(this.#name, 'it holds too many files');
    let at = this.#view.getUint32(end + 16, true);
    for (let i = 0; i < count; i++) {
      if (at + 46 > length || this.#view.getUint32(at, true) !== 0x02014b50) {
        throw damaged(this.#name, 'its directory is broken');
      }
      const nameLength = this.#view.getUint16(at + 28, true);
      const path = strFromU8(this.#bytes.subarray(at + 46, at + 46 + nameLength));
      this.#entries.set(path, {
        method: this.#view.getUint16(at + 10, true),
        packed: this.#view.getUint32(at + 20, true),
        unpacked: this.#view.getUint32(at + 24, true),
        headerAt: this.#view.getUint32(at + 42, true),
      });
      at += 46 + nameLength + this.#view.getUint16(at + 30, true) + this.#view.getUint16(at + 32, true);
    }
  }

  /** The bytes of an entry, at most `limit` of them; null when there is no such entry. */
  read(path: string, limit: number): Uint8Array | null {
    const entry = this.#entries.get(path);
    if (!entry) return null;
    const { method, packed, unpacked, headerAt } = entry;
    if (unpacked > limit) throw damaged(this.#name, `“${path}” in it is too large`);
    if (headerAt + 30 > this.#bytes.length) throw cutShort(this.#name);
    const start =
      headerAt + 30 + this.#view.getUint16(headerAt + 26, true) + this.#view.getUint16(headerAt + 28, true);
    if (start + packed > this.#bytes.length) throw cutShort(this.#name);
    const data = this.#bytes.subarray(start, start + packed);
    if (method === 0) return data;
    const whole = method === 8 ? inflateExactly([data], unpacked, 'raw') : null;
    if (!whole) throw damaged(this.#name, `“${path}” in it does not unpack`);
    return whole;
  }
}
