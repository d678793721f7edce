/**
 * A message of JSON and typed arrays as one run of bytes, for hosts that speak HTTP:
 * u32 (little endian) length of the JSON; the JSON, in which `{"$bytes": [type, offset, length]}` stands for a typed
 * array of `length` elements at `offset` (a multiple of 8) of the body; zeros up to a multiple of 8; the body.
 */
const TYPES = { f32: Float32Array, u8: Uint8Array, u8c: Uint8ClampedArray } as const;
type TypeName = keyof typeof TYPES;

/** The most bytes a message may have. */
export const MAX_MESSAGE = 1 << 29;

const align = (n: number) => (n + 7) & ~7;

function typeName(value: unknown): TypeName | null {
  if (value instanceof Float32Array) return 'f32';
  if (value instanceof Uint8ClampedArray) return 'u8c';
  if (value instanceof Uint8Array) return 'u8';
  return null;
}

/** Encodes plain data and typed arrays. */
export function encodeMessage(
  message: unknown,
  encodeText: (text: string) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const parts: { offset: number; bytes: Uint8Array }[] = [];
  let bodyLength = 0;
  const text = JSON.stringify(message, (_key, value: unknown) => {
    const type = typeName(value);
    if (type === null) return value;
    const array = value as Float32Array | Uint8Array | Uint8ClampedArray;
    const offset = bodyLength;
    parts.push({ offset, bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) });
    bodyLength = align(offset + array.byteLength);
    return { $bytes: [type, offset, array.length] };
  });
  const json = encodeText(text);
  const bodyStart = align(4 + json.length);
  const bytes = new Uint8Array(bodyStart + bodyLength);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  for (const part of parts) bytes.set(part.bytes, bodyStart + part.offset);
  return bytes;
}

/** Decodes what {@link encodeMessage} made; throws a SyntaxError or RangeError on anything else. The result is unknown: validate it. */
export function decodeMessage(bytes: Uint8Array, decodeText: (bytes: Uint8Array) => string): unknown {
  if (bytes.length < 4) throw new RangeError('The message is too short.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jsonLength = view.getUint32(0, true);
  if (4 + jsonLength > bytes.length) throw new RangeError('The message is cut short.');
  const bodyStart = align(4 + jsonLength);
  return JSON.parse(decodeText(bytes.subarray(4, 4 + jsonLength)), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
    const { $bytes: reference } = value;
    if (!Array.isArray(reference))
      throw new RangeError('The message names bytes in a way that is not known.');
    const [type, offset, length] = reference as unknown[];
    const Type = typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type as TypeName] : undefined;
    if (!Type || !isCount(offset) || !isCount(length) || offset % 8 !== 0) {
      throw new RangeError('The message names bytes in a way that is not known.');
    }
    const start = bodyStart + offset;
    const end = start + length * Type.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new RangeError('The message is cut short.');
    // Not bytes.slice(): a Node Buffer's shares its memory.
    return new Type(new Uint8Array(bytes.subarray(start, end)).buffer);
  });
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
