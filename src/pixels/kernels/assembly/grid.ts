// Filling the bilateral grid (src/pixels/bilateral-grid.ts). While it is filled, a cell holds `levels` vectors of floats
// by brightness: sums of share·change r, g, b and of the weights. As it is read (grid-rows.ts), a cell holds `levels`
// changes by brightness: r, g, b, 0 in whole numbers of 16 bits, 64ths of a level of 255.

/** What weights are multiplied by: they fade from level to level, and stay far from the smallest number of 32 bits. */
const WEIGHT: f32 = 7.9228162514264338e28; // 2^96

/** Weights below this are none. */
const NO_WEIGHT: f32 = 1e-20;

/**
 * Adds a row of a picture's cells to a row of the grid: `count` of them, `reach` to a cell of the grid. `lines`: seven
 * lines of floats, the change's three, the guide's three and the shares 0..255. Cells without foreground add nothing.
 */
export function gridAdd(lines: usize, count: i32, reach: i32, grid: usize, levels: i32, floor: f32): void {
  const line = usize(count) << 2;
  const guide = lines + 3 * line;
  const scale = f32(levels - 1) / 256;
  for (let i = 0; i < count;) {
    for (const end = min(i + reach, count); i < end; i++) {
      const at = usize(i) << 2;
      const share = load<f32>(guide + 3 * line + at) / 255;
      if (share <= 0) continue;
      const red = load<f32>(guide + at);
      const green = load<f32>(guide + line + at);
      const blue = load<f32>(guide + 2 * line + at);
      const height = f32(0.299 * red + 0.587 * green + 0.114 * blue) * scale;
      const level = min(max(i32(height), 0), levels - 2);
      const beyond = min(height - f32(level), 1);
      const weight = WEIGHT * share;
      let cell = f32x4.splat(weight * load<f32>(lines + at));
      cell = f32x4.replace_lane(cell, 1, weight * load<f32>(lines + line + at));
      cell = f32x4.replace_lane(cell, 2, weight * load<f32>(lines + 2 * line + at));
      cell = f32x4.replace_lane(cell, 3, WEIGHT * (share * share + floor));
      const upper = f32x4.mul(cell, f32x4.splat(beyond));
      const to = grid + (usize(level) << 4);
      v128.store(to, f32x4.add(v128.load(to), f32x4.sub(cell, upper)));
      v128.store(to, f32x4.add(v128.load(to, 16), upper), 16);
    }
    grid += usize(levels) << 4;
  }
}

/** Vectors of which each gives `spread` to both neighbours; `before`, `after`: theirs. */
function spreadOut(before: usize, at: usize, after: usize, count: i32, spread: f32, out: usize): void {
  const own = f32x4.splat(1 - 2 * spread);
  const others = f32x4.splat(spread);
  for (const end = out + (usize(count) << 4); out < end; out += 16) {
    const both = f32x4.add(v128.load(before), v128.load(after));
    v128.store(out, f32x4.add(f32x4.mul(v128.load(at), own), f32x4.mul(both, others)));
    before += 16;
    at += 16;
    after += 16;
  }
}

/** Every cell of a row gives `spread` to the cells beside it. */
export function gridAlong(row: usize, width: i32, levels: i32, spread: f32, out: usize): void {
  const cell = usize(levels) << 4;
  for (let x = 0; x < width; x++) {
    const before = x > 0 ? row - cell : row;
    const after = x < width - 1 ? row + cell : row;
    spreadOut(before, row, after, levels, spread, out);
    row += cell;
    out += cell;
  }
}

/** What every level has of those below it (at `below`) and above it (at `above`): `fade` of them a level. */
function fadeOut(own: usize, levels: i32, fade: f32, below: usize, above: usize): void {
  const share = f32x4.splat(fade);
  const last = usize(levels - 1) << 4;
  let up = f32x4.splat(0);
  let down = f32x4.splat(0);
  for (let at: usize = 0; at <= last; at += 16) {
    const back = last - at;
    v128.store(below + at, up);
    v128.store(above + back, down);
    up = f32x4.mul(f32x4.add(up, v128.load(own + at)), share);
    down = f32x4.mul(f32x4.add(down, v128.load(own + back)), share);
  }
}

/** Sums, divided by their weights: the change, at most a colour's whole range, in 64ths of a level. */
function changeOf(sums: v128): v128 {
  const weight = f32x4.pmax(f32x4.splat(NO_WEIGHT), v128.shuffle<i32>(sums, sums, 3, 3, 3, 3));
  const change = f32x4.mul(f32x4.div(sums, weight), f32x4.splat(64));
  const most = f32x4.splat(64 * 255);
  const within = f32x4.pmin(most, f32x4.pmax(f32x4.neg(most), change));
  // 1.5·2²³ leaves the last bits to the whole number.
  const rounder = f32x4.splat(12582912);
  return i32x4.sub(f32x4.add(within, rounder), rounder);
}

/**
 * A row of the grid as it is read: every cell gives `spread` to the cells above and below, every level of a cell takes
 * `fade` of what the level beside it takes, and the sums are divided by their weights. `levels` vectors of floats at
 * `work` three times over.
 */
export function gridDown(
  above: usize,
  row: usize,
  below: usize,
  width: i32,
  levels: i32,
  spread: f32,
  fade: f32,
  work: usize,
  out: usize,
): void {
  const cell = usize(levels) << 4;
  const colours = i16x8(-1, -1, -1, 0, -1, -1, -1, 0);
  for (let x = 0; x < width; x++) {
    spreadOut(above, row, below, levels, spread, work);
    fadeOut(work, levels, fade, work + cell, work + 2 * cell);
    for (let at = work; at < work + cell; at += 32) {
      const first = f32x4.add(v128.load(at), f32x4.add(v128.load(at + cell), v128.load(at + 2 * cell)));
      const next = at + 16;
      const second = f32x4.add(
        v128.load(next),
        f32x4.add(v128.load(next + cell), v128.load(next + 2 * cell)),
      );
      v128.store(out, v128.and(i16x8.narrow_i32x4_s(changeOf(first), changeOf(second)), colours));
      out += 16;
    }
    above += cell;
    row += cell;
    below += cell;
  }
}
