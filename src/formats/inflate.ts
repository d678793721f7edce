import { Inflate, Unzlib } from 'fflate';

/** How much is inflated at once: what comes out of it is at most about a thousand times as much. */
const PIECE = 1 << 14;

/**
 * Inflates exactly `length` bytes, never more, whatever the stream holds (deflate, with zlib's wrapping or `raw`).
 * Answers null when they do not unpack or are fewer.
 */
export function inflateExactly(
  deflated: readonly Uint8Array[],
  length: number,
  wrapping: 'zlib' | 'raw' = 'zlib',
): Uint8Array | null {
  const out = new Uint8Array(length);
  let filled = 0;
  const take = (chunk: Uint8Array) => {
    const room = Math.min(chunk.length, length - filled);
    out.set(chunk.subarray(0, room), filled);
    filled += room;
  };
  const stream = wrapping === 'zlib' ? new Unzlib(take) : new Inflate(take);
  try {
    for (const [index, part] of deflated.entries()) {
      for (let at = 0; at < part.length && filled < length; at += PIECE) {
        const last = index === deflated.length - 1 && at + PIECE >= part.length;
        stream.push(part.subarray(at, at + PIECE), last);
      }
    }
  } catch {
    return null;
  }
  return filled === length ? out : null;
}

/** Inflates a whole zlib stream that comes to at most `most` bytes; null when it does not unpack or is longer. */
export function inflateAtMost(deflated: Uint8Array, most: number): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const stream = new Unzlib((chunk, last) => {
    length += chunk.length;
    if (length <= most) parts.push(chunk);
    ended ||= last;
  });
  try {
    for (let at = 0; at < deflated.length && length <= most; at += PIECE) {
      stream.push(deflated.subarray(at, at + PIECE), at + PIECE >= deflated.length);
    }
  } catch {
    return null;
  }
  if (!ended || length > most) return null;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
