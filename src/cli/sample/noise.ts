/** A repeatable number in [0, 1) for a lattice point. */
export function lattice(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 374_761_393) + Math.imul(y | 0, 668_265_263) + Math.imul(seed, 2_246_822_519);
  h = Math.imul(h ^ (h >>> 13), 1_274_126_177);
  h = Math.imul(h ^ (h >>> 16), 2_654_435_761);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** Value noise in [0, 1), smooth between lattice points. */
export function noise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const upper = lattice(ix, iy, seed) * (1 - u) + lattice(ix + 1, iy, seed) * u;
  const lower = lattice(ix, iy + 1, seed) * (1 - u) + lattice(ix + 1, iy + 1, seed) * u;
  return upper * (1 - v) + lower * v;
}

/** Fractal noise of `octaves` octaves, about [0, 1). */
export function fractal(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0;
  let weight = 0.5;
  let total = 0;
  for (let i = 0; i < octaves; i++) {
    sum += weight * noise(x * 2 ** i, y * 2 ** i, seed + i);
    total += weight;
    weight /= 2;
  }
  return sum / total;
}
