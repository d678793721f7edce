// Baseline JPEG's entropy coding (ITU-T T.81, annex F) from one set of Huffman tables to another: the coefficients stay
// what they are. Four tables: direct current of luma and chroma, then alternating current of both.

/** Bits that the first of the two tables for reading looks at. */
const SHORT: i32 = 10;
/** Bytes of one table for reading: 2¹⁰ and 2¹⁶ entries of two bytes. */
const LONG: usize = 2048;
const READING: usize = 2048 + 131072;

/** Whether a byte of the word is 255: in a file a 0 follows such bytes. */
function hasMarker(word: u32): bool {
  return ((~word - 0x01010101) & word & 0x80808080) !== 0;
}

function putByte(at: usize, byte: u32): usize {
  store<u8>(at, byte);
  if (byte !== 255) return at + 1;
  store<u8>(at, 0, 1);
  return at + 2;
}

/**
 * Codes a scan, or one stretch of it between restart markers, anew. `from`..`end`: its bytes as they stand in the
 * file. `units` units of `blocks` blocks each, of which the first `luma` are luma. `reading`: four tables, each 2¹⁰ and
 * 2¹⁶ entries of two bytes, by the next bits of the file: length << 8 | symbol, 0 in the first where the code is longer.
 * `codes`: four times 256 entries of four bytes: code << 8 | length. With `codes` 0 it writes nothing and adds up four
 * times 256 counts of four bytes at `counts`. Writes at `to`, up to `limit` and 640 bytes beyond; answers where it
 * ended, 0 when there was no room.
 */
export function recode(
  from: usize,
  end: usize,
  units: i32,
  blocks: i32,
  luma: i32,
  reading: usize,
  codes: usize,
  counts: usize,
  to: usize,
  limit: usize,
): usize {
  // Everything in local variables: those stay in registers. Of `pending` the lowest `held` bits count, of `out` `filled`.
  let pending: u64 = 0;
  let held: i32 = 0;
  let out: u64 = 0;
  let filled: i32 = 0;
  for (let unit = 0; unit < units; unit++) {
    for (let block = 0; block < blocks; block++) {
      if (to > limit) return 0;
      let table: usize = block < luma ? 0 : 1;
      let k = 0;
      while (k < 64) {
        // A code and its bits are 32 at the most.
        if (held < 32) {
          const word: u32 = from + 4 <= end ? load<u32>(from) : 0xffffffff;
          if (!hasMarker(word)) {
            pending = (pending << 32) | u64(bswap<u32>(word));
            held += 32;
            from += 4;
          } else {
            while (held < 32) {
              let byte: u32 = 0;
              if (from < end) {
                byte = load<u8>(from);
                from += byte === 255 ? 2 : 1;
              }
              pending = (pending << 8) | u64(byte);
              held += 8;
            }
          }
        }
        const next = usize(u32(pending >> u64(held - 16)) & 0xffff);
        const fast = reading + table * READING;
        let entry: u32 = load<u16>(fast + ((next >> (16 - SHORT)) << 1));
        if (entry === 0) entry = load<u16>(fast + LONG + (next << 1));
        const symbol = entry & 255;
        const extra = i32(symbol & 15);
        held -= i32(entry >> 8) + extra;
        const place = ((table << 8) + usize(symbol)) << 2;
        if (codes === 0) {
          store<u32>(counts + place, load<u32>(counts + place) + 1);
        } else {
          const code = load<u32>(codes + place);
          const bits = u32(pending >> u64(held)) & ((1 << extra) - 1);
          const count = i32(code & 255) + extra;
          out = (out << u64(count)) | u64(((code >> 8) << extra) | bits);
          filled += count;
          if (filled >= 32) {
            filled -= 32;
            const word = u32(out >> u64(filled));
            if (hasMarker(word)) {
              for (let shift = 24; shift >= 0; shift -= 8) to = putByte(to, (word >> shift) & 255);
            } else {
              store<u32>(to, bswap<u32>(word));
              to += 4;
            }
          }
        }
        if (k === 0) {
          k = 1;
          table += 2;
        } else {
          // The symbol 0 ends the block.
          k += symbol === 0 ? 64 : i32(symbol >> 4) + 1;
        }
      }
    }
  }
  // The last byte is filled up with ones.
  const spare = (8 - (filled & 7)) & 7;
  out = (out << u64(spare)) | u64((1 << spare) - 1);
  filled += spare;
  while (filled > 0) {
    filled -= 8;
    to = putByte(to, u32(out >> u64(filled)) & 255);
  }
  return to;
}
