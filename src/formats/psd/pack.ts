/** Where one plane's samples stand: every `step`-th byte of `data` from `offset` on. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  readonly offset: number;
  readonly step: number;
}

/** One plane in PackBits (Apple, Technical Note TN1023): the rows' lengths (4 bytes each in the large format, else 2), then the rows. */
export function packPlane({ width, height, data, offset, step }: Samples, large: boolean): Uint8Array {
  const lengthBytes = (large ? 4 : 2) * height;
  // A row never grows by more than one byte in 128.
  const out = new Uint8Array(lengthBytes + height * (width + Math.ceil(width / 128)));
  const lengths = new DataView(out.buffer, 0, lengthBytes);
  const row = new Uint8Array(width);
  let at = lengthBytes;
  for (let y = 0; y < height; y++) {
    for (let x = 0, from = offset + y * width * step; x < width; x++, from += step) row[x] = data[from]!;
    const end = packRow(row, out, at);
    if (large) lengths.setUint32(4 * y, end - at);
    else lengths.setUint16(2 * y, end - at);
    at = end;
  }
  return out.slice(0, at);
}

/** Packs one row into `out` from `at` on; answers where it ends. */
export function packRow(row: Uint8Array, out: Uint8Array, at: number): number {
  const { length } = row;
  let x = 0;
  while (x < length) {
    const value = row[x]!;
    let run = 1;
    while (run < 128 && x + run < length && row[x + run] === value) run++;
    if (run >= 3 || (run === 2 && x + 2 === length)) {
      out[at++] = 257 - run;
      out[at++] = value;
      x += run;
      continue;
    }
    // Literals up to the next three alike.
    const start = x;
    while (
      x < length &&
      x - start < 128 &&
      !(x + 2 < length && row[x] === row[x + 1] && row[x] === row[x + 2])
    ) {
      x++;
    }
    out[at++] = x - start - 1;
    out.set(row.subarray(start, x), at);
    at += x - start;
  }
  return at;
}
