/**
 * TIFF directories (TIFF 6.0, section 2), of which an EXIF block is made too. Values are held in little endian, so
 * that they can be moved between files of either byte order.
 */
export interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** `count` values of the type, little endian. */
  readonly value: Buffer;
}

/** What EXIF says of a picture: about itself, about the shot, about the place. */
export interface ExifFields {
  readonly picture: readonly Field[];
  readonly shot: readonly Field[];
  readonly place: readonly Field[];
}

/** Answers `length` bytes from `offset`, or fewer when there are no more. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

const SHOT = 0x8769;
const PLACE = 0x8825;
const LONG = 4;

/** What a picture's own directory says in words; its other tags are about how its pixels are stored. */
const words = new Set([
  0x010e, // ImageDescription
  0x010f, // Make
  0x0110, // Model
  0x0131, // Software
  0x0132, // DateTime
  0x013b, // Artist
  0x8298, // Copyright
]);

/** Pointers that lead out of the directory: those to Interoperability and into a maker's own notes. */
const pointers = new Set([0xa005, 0x927c]);

/** Bytes of one value: BYTE ASCII SHORT LONG RATIONAL SBYTE UNDEFINED SSHORT SLONG SRATIONAL FLOAT DOUBLE. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** The pieces of a value whose bytes are in the file's order: a rational is two longs. */
const pieces = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8];
const MAX_FIELDS = 512;
const MAX_VALUE = 1 << 15;

/** Reads the EXIF fields of a TIFF file or of an EXIF block; null when it is neither. Fields it cannot read are left out. */
export async function readExifFields(read: ReadBytes): Promise<ExifFields | null> {
  const head = await read(0, 8);
  if (head.length < 8) return null;
  const mark = head.toString('latin1', 0, 2);
  if (mark !== 'II' && mark !== 'MM') return null;
  const little = mark === 'II';
  if ((little ? head.readUInt16LE(2) : head.readUInt16BE(2)) !== 42) return null;
  const first = await readDirectory(read, little, little ? head.readUInt32LE(4) : head.readUInt32BE(4));
  const below = async (tag: number) => {
    const pointer = first.find((field) => field.tag === tag && field.value.length >= 4);
    const fields = pointer ? await readDirectory(read, little, pointer.value.readUInt32LE(0)) : [];
    return fields.filter((field) => !pointers.has(field.tag));
  };
  return {
    picture: first.filter(({ tag }) => words.has(tag)),
    shot: await below(SHOT),
    place: await below(PLACE),
  };
}

async function readDirectory(read: ReadBytes, little: boolean, at: number): Promise<Field[]> {
  const head = await read(at, 2);
  if (head.length < 2) return [];
  const count = little ? head.readUInt16LE(0) : head.readUInt16BE(0);
  const entries = await read(at + 2, 12 * Math.min(count, MAX_FIELDS));
  const fields: Field[] = [];
  for (let i = 0; i + 12 <= entries.length; i += 12) {
    const entry = entries.subarray(i, i + 12);
    const word = (offset: number) => (little ? entry.readUInt16LE(offset) : entry.readUInt16BE(offset));
    const long = (offset: number) => (little ? entry.readUInt32LE(offset) : entry.readUInt32BE(offset));
    const [tag, type, values] = [word(0), word(2), long(4)];
    const length = (sizes[type] ?? 0) * values;
    if (length === 0 || length > MAX_VALUE) continue;
    const value = Buffer.from(length <= 4 ? entry.subarray(8, 8 + length) : await read(long(8), length));
    if (value.length < length) continue;
    fields.push({ tag, type, count: values, value: little ? value : swapped(value, pieces[type]!) });
  }
  return fields;
}

function swapped(value: Buffer, piece: number): Buffer {
  if (piece === 2) return value.swap16();
  if (piece === 4) return value.swap32();
  return piece === 8 ? value.swap64() : value;
}

/** Whether there is anything to write. */
export function saysNothing({ picture, shot, place }: ExifFields): boolean {
  return picture.length + shot.length + place.length === 0;
}

/**
 * The bytes, little endian, that stand at `offset` of a file: a first directory of the fields and of `others`, entries
 * of 12 bytes that are taken over as they are, then the directories and values it leads to.
 */
export function directoryBytes(fields: ExifFields, offset: number, others: readonly Buffer[] = []): Buffer {
  const below = [
    [SHOT, fields.shot],
    [PLACE, fields.place],
  ] as const;
  const used = below.filter(([, list]) => list.length > 0);
  const own = new Set([...fields.picture.map(({ tag }) => tag), ...used.map(([tag]) => tag)]);
  const kept = others.filter((entry) => !own.has(entry.readUInt16LE(0)));
  const count = kept.length + fields.picture.length + used.length;
  const parts: Buffer[] = [];
  let end = offset + 2 + 12 * count + 4;
  const put = (bytes: Buffer) => {
    const at = end;
    const padding = Buffer.alloc(bytes.length % 2);
    parts.push(bytes, padding);
    end += bytes.length + padding.length;
    return at;
  };
  const entry = ({ tag, type, count: values, value }: Field) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(values, 4);
    if (value.length <= 4) value.copy(bytes, 8);
    else bytes.writeUInt32LE(put(value), 8);
    return bytes;
  };
  const pointer = (tag: number, to: number) => {
    const value = Buffer.alloc(4);
    value.writeUInt32LE(to, 0);
    return entry({ tag, type: LONG, count: 1, value });
  };
  const table = (entries: Buffer[]) => {
    const counted = Buffer.alloc(2);
    counted.writeUInt16LE(entries.length, 0);
    entries.sort((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0));
    return Buffer.concat([counted, ...entries, Buffer.alloc(4)]);
  };
  const entries = [...kept, ...fields.picture.map(entry)];
  for (const [tag, list] of used) entries.push(pointer(tag, put(table(list.map(entry)))));
  return Buffer.concat([table(entries), ...parts]);
}
