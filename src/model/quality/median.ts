/** Medians of small sets, for which sorting in place is quickest. */

/** The median of the first `n` values; they are in order afterwards. */
export function medianOf(values: Float64Array, n: number): number {
  for (let i = 1; i < n; i++) {
    const value = values[i] as number;
    let k = i - 1;
    while (k >= 0 && (values[k] as number) > value) {
      values[k + 1] = values[k] as number;
      k--;
    }
    values[k + 1] = value;
  }
  const half = n >> 1;
  return n % 2 === 1 ? (values[half] as number) : ((values[half - 1] as number) + (values[half] as number)) / 2;
}

/** A deviation that is the standard deviation where the values are normal: 1.4826 times the median distance from the median. */
export function robustDeviation(values: Float64Array, n: number): { median: number; deviation: number } {
  const median = medianOf(values, n);
  for (let i = 0; i < n; i++) values[i] = Math.abs((values[i] as number) - median);
  return { median, deviation: 1.4826 * medianOf(values, n) };
}
