// Baseline JPEG's entropy coding (ITU-T T.81, annex F) from one set of Huffman tables to another: the coefficients stay
// what they are. Four tables: direct current of luma and chroma, then alternating current of both.
//
// What a code says is not known before the code before it is read, so the time goes into one long chain of steps. The
// bytes are therefore laid out as words first, so that any place is one load and one shift away, and everything
// about a short code stands in one entry; neither filling up nor writing out asks a question that has to be guessed.

/** Bits that the table of short codes looks at. */
const SHORT: u64 = 10;
/** Bytes of the table of short codes: 2¹⁰ entries of eight; of the table of all codes: 2¹⁶ of two. */
const SHORTS: usize = 8192;
const LONGS: usize = 131072;

/** The bytes of each of four words the other way round. */
function swapped(words: v128): v128 {
  return v128.shuffle<u8>(words, words, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

function hasMarker(bytes: v128): bool {
  return v128.any_true(i8x16.eq(bytes, i8x16.splat(-1)));
}

/**
 * Turns the bytes of a scan, as they stand in the file, into words whose highest bit comes first, where they are: without
 * the 0 after each 255, and 320 zero bytes behind them (there must be room). Answers the number of bits.
 */
function layOut(from: usize, end: usize): i32 {
  let at = from;
  let to = from;
  while (at + 16 <= end) {
    const bytes = v128.load(at);
    if (!hasMarker(bytes)) {
      v128.store(to, bytes);
      at += 16;
      to += 16;
      continue;
    }
    for (const stop = at + 16; at < stop; to++) {
      const byte = load<u8>(at);
      store<u8>(to, byte);
      at += byte === 255 ? 2 : 1;
    }
  }
  while (at < end) {
    const byte = load<u8>(at);
    store<u8>(to++, byte);
    at += byte === 255 ? 2 : 1;
  }
  memory.fill(to, 0, 320);
  for (let word = from; word < to; word += 16) v128.store(word, swapped(v128.load(word)));
  return i32(to - from) << 3;
}

/**
 * Writes `count` bytes, words whose highest bit comes first at `from`, as they stand in a file: with a 0 after each 255.
 * Answers where it ended, 0 when `limit` came first; it may write 32 bytes beyond.
 */
function writeOut(from: usize, count: usize, to: usize, limit: usize): usize {
  const end = from + count;
  for (; from < end; from += 16) {
    if (to > limit) return 0;
    const bytes = swapped(v128.load(from));
    if (from + 16 <= end && !hasMarker(bytes)) {
      v128.store(to, bytes);
      to += 16;
      continue;
    }
    v128.store(from, bytes);
    for (let at = from; at < min(from + 16, end); at++) {
      const byte = load<u8>(at);
      store<u8>(to++, byte);
      if (byte === 255) store<u8>(to++, 0);
    }
  }
  return to;
}

/**
 * Codes a scan, or one stretch of it between restart markers, anew. `from`..`end`: its bytes as they stand in the
 * file, with room for 320 more; they are not the same afterwards. `units` units of `blocks` blocks each, of which the first
 * `luma` are luma. `shorts`: four tables of 2¹⁰ entries by the next bits of the file, two words each: the first symbol << 24
 * | places that it moves on << 16 | bits that follow it << 8 | bits of code and those together, 0 where the code is longer; the second new code << 8
 * | its length. `longs`: four tables of 2¹⁶ entries of two bytes, length << 8 | symbol. `codes`: four times 256 entries of
 * four bytes: new code << 8 | length. With `counts` not 0 it writes nothing and adds up four times 256 counts of four
 * bytes there. Writes at `to`, up to `limit` and 32 bytes beyond; `words` is room for as much and 320 bytes more. Answers
 * where it ended, 0 when there was no room.
 */
export function recode(
  from: usize,
  end: usize,
  units: i32,
  blocks: i32,
  luma: i32,
  shorts: usize,
  longs: usize,
  codes: usize,
  counts: usize,
  words: usize,
  to: usize,
  limit: usize,
): usize {
  const last = layOut(from, end);
  const full = words + (limit - to);
  let place: i32 = 0;
  let next = words;
  // Of `out` the lowest `filled` bits count.
  let out: u64 = 0;
  let filled: u64 = 0;
  for (let unit = 0; unit < units; unit++) {
    for (let block = 0; block < blocks; block++) {
      if (next > full) return 0;
      // A damaged scan ends in zeros; a block has 248 bytes at the most.
      if (place > last) place = last;
      let table: usize = block < luma ? 0 : 1;
      let k: u32 = 0;
      while (k < 64) {
        // A code and its bits are 32 at the most, and there are 33.
        const window = rotl<u64>(load<u64>(from + (usize(place >> 5) << 2)), 32) << u64(place & 31);
        const entry = load<u64>(shorts + table * SHORTS + (usize(window >> (64 - SHORT)) << 3));
        let both = entry & 255;
        let extra = (entry >> 8) & 255;
        let move = u32(entry >> 16) & 255;
        let symbol = usize(entry >> 24) & 255;
        let code = u32(entry >> 32);
        if (both === 0) {
          const long: u32 = load<u16>(longs + table * LONGS + (usize(window >> 48) << 1));
          symbol = usize(long & 255);
          extra = u64(long & 15);
          both = u64(long >> 8) + extra;
          move = symbol === 0 && k > 0 ? 64 : (table < 2 ? 0 : u32(symbol) >> 4) + 1;
          code = load<u32>(codes + (((table << 8) + symbol) << 2));
        }
        place += i32(both);
        if (counts !== 0) {
          const count = counts + (((table << 8) + symbol) << 2);
          store<u32>(count, load<u32>(count) + 1);
        } else {
          const bits = (window >> (64 - both)) & (((<u64>1) << extra) - 1);
          const size = u64(code & 255) + extra;
          out = (out << size) | (u64(code >> 8) << extra) | bits;
          filled += size;
          // Of fewer than 32 bits it makes no whole word: what is written is written over.
          store<u32>(next, u32(out >> (filled - 32)));
          next += usize(filled >> 5) << 2;
          filled &= 31;
        }
        table |= 2;
        k += move;
      }
    }
  }
  if (counts !== 0) return to;
  // The last byte is filled up with ones.
  const spare = (8 - (filled & 7)) & 7;
  out = (out << spare) | (((<u64>1) << spare) - 1);
  filled += spare;
  store<u32>(next, u32(out << (32 - filled)));
  return writeOut(words, next - words + usize(filled >> 3), to, limit);
}
