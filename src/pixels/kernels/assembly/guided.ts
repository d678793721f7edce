// The guided filter's fit (src/pixels/reference/guided.ts has the formulas), a row of cells at a time, in doubles.

/** Doubles of a cell's sums: weight, 3 colours, 6 products of colours, 3 times (change, change·3 colours). */
const SUMS: usize = 22;
/** Doubles of a window's fit: its weight, 3 times (3 slopes, constant), and one unused. */
const FITS: usize = 14;

/** The sums of `count` cells; `change`, `guide`: three planes of floats `plane` bytes apart, `mask` one. */
export function guidedSums(
  change: usize,
  guide: usize,
  mask: usize,
  plane: usize,
  count: i32,
  least: f64,
  out: usize,
): void {
  for (let x = 0; x < count; x++) {
    const share = f64(load<f32>(mask)) / 255;
    const weight = share * share + least;
    const r = f64(load<f32>(guide)) / 255;
    const g = f64(load<f32>(guide + plane)) / 255;
    const b = f64(load<f32>(guide + 2 * plane)) / 255;
    store<f64>(out, weight);
    store<f64>(out, weight * r, 8);
    store<f64>(out, weight * g, 16);
    store<f64>(out, weight * b, 24);
    store<f64>(out, weight * r * r, 32);
    store<f64>(out, weight * r * g, 40);
    store<f64>(out, weight * r * b, 48);
    store<f64>(out, weight * g * g, 56);
    store<f64>(out, weight * g * b, 64);
    store<f64>(out, weight * b * b, 72);
    let at = out + 80;
    let from = change;
    for (let c = 0; c < 3; c++) {
      const changed = (share * f64(load<f32>(from))) / 255;
      store<f64>(at, changed);
      store<f64>(at, changed * r, 8);
      store<f64>(at, changed * g, 16);
      store<f64>(at, changed * b, 24);
      at += 32;
      from += plane;
    }
    mask += 4;
    guide += 4;
    change += 4;
    out += SUMS << 3;
  }
}

/** Sums over 2·reach + 1 cells along a row, `pairs` pairs of doubles a cell, into `sums`; adds them to `total`, too. */
export function sumAlong(row: usize, sums: usize, total: usize, width: i32, reach: i32, pairs: i32): void {
  const cell = usize(pairs) << 4;
  for (let p = 0; p < pairs; p++) {
    const from = row + (usize(p) << 4);
    let ahead = from;
    let behind = from;
    let at = usize(p) << 4;
    let sum = f64x2.splat(0);
    for (let x = 0; x < min(reach, width); x++) {
      sum = f64x2.add(sum, v128.load(ahead));
      ahead += cell;
    }
    for (let x = 0; x < width; x++) {
      if (x + reach < width) {
        sum = f64x2.add(sum, v128.load(ahead));
        ahead += cell;
      }
      if (x > reach) {
        sum = f64x2.sub(sum, v128.load(behind));
        behind += cell;
      }
      v128.store(sums + at, sum);
      v128.store(total + at, f64x2.add(v128.load(total + at), sum));
      at += cell;
    }
  }
}

/** Takes `pairs` pairs of doubles off the total. */
export function takeOff(total: usize, sums: usize, pairs: i32): void {
  for (let p = 0; p < pairs; p++) {
    v128.store(total, f64x2.sub(v128.load(total), v128.load(sums)));
    total += 16;
    sums += 16;
  }
}

/** The damped least-squares fit of each of `count` windows, times the window's weight. */
export function guidedFits(sums: usize, count: i32, damping: f64, out: usize): void {
  for (let x = 0; x < count; x++) {
    const weight = load<f64>(sums);
    const r = load<f64>(sums, 8) / weight;
    const g = load<f64>(sums, 16) / weight;
    const b = load<f64>(sums, 24) / weight;
    const rr = load<f64>(sums, 32) / weight - r * r + damping;
    const rg = load<f64>(sums, 40) / weight - r * g;
    const rb = load<f64>(sums, 48) / weight - r * b;
    const gg = load<f64>(sums, 56) / weight - g * g + damping;
    const gb = load<f64>(sums, 64) / weight - g * b;
    const bb = load<f64>(sums, 72) / weight - b * b + damping;
    // The inverse of the symmetric 3×3 matrix by its cofactors.
    const crr = gg * bb - gb * gb;
    const crg = rb * gb - rg * bb;
    const crb = rg * gb - rb * gg;
    const cgg = rr * bb - rb * rb;
    const cgb = rg * rb - rr * gb;
    const cbb = rr * gg - rg * rg;
    const determinant = rr * crr + rg * crg + rb * crb;
    store<f64>(out, weight);
    let from = sums + 80;
    let to = out + 8;
    for (let c = 0; c < 3; c++) {
      const mean = load<f64>(from) / weight;
      const withR = load<f64>(from, 8) / weight - mean * r;
      const withG = load<f64>(from, 16) / weight - mean * g;
      const withB = load<f64>(from, 24) / weight - mean * b;
      const byR = (crr * withR + crg * withG + crb * withB) / determinant;
      const byG = (crg * withR + cgg * withG + cgb * withB) / determinant;
      const byB = (crb * withR + cgb * withG + cbb * withB) / determinant;
      store<f64>(to, weight * byR);
      store<f64>(to, weight * byG, 8);
      store<f64>(to, weight * byB, 16);
      store<f64>(to, weight * (mean - byR * r - byG * g - byB * b), 24);
      from += 32;
      to += 32;
    }
    store<f64>(to, 0);
    sums += SUMS << 3;
    out += FITS << 3;
  }
}

/** Means of fits as cells of an affine grid: what r, g, b and 1 add to r, g, b in levels, sixteen floats. */
export function guidedCells(fits: usize, count: i32, out: usize): void {
  for (let x = 0; x < count; x++) {
    const weight = load<f64>(fits);
    for (let k: usize = 0; k < 4; k++) {
      store<f32>(out + (k << 4), 0, 12);
      for (let c: usize = 0; c < 3; c++) {
        const value = f32(load<f64>(fits + ((1 + 4 * c + k) << 3)) / weight);
        store<f32>(out + ((4 * k + c) << 2), k === 3 ? value * 255 : value);
      }
    }
    fits += FITS << 3;
    out += 64;
  }
}
