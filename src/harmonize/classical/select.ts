/** The k-th smallest value (from 0), found by Hoare's selection; the list is reordered. */
export function nth(values: Float32Array | Float64Array, k: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const other = values[i]!;
        values[i++] = values[j]!;
        values[j--] = other;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
}

/** The mean of the `count` smallest values; the list is reordered. */
export function meanOfLeast(values: Float32Array, count: number): number {
  const limit = nth(values, count - 1);
  let sum = 0;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= limit) continue;
    sum += values[i]!;
    below++;
  }
  return (sum + (count - below) * limit) / count;
}
