/** Finding a place in what is sorted. */

/** The first of `length` places at which `isBefore` no longer holds. */
export function placeWhere(length: number, isBefore: (place: number) => boolean): number {
  let lo = 0;
  let hi = length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (isBefore(mid)) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** The first place whose value is at least `value`. JavaScript compares big and plain numbers exactly. Written out: it is asked for every bar. */
export function lowerBound(sorted: ArrayLike<number | bigint>, value: number): number {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((sorted[mid] as number | bigint) < value) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** Whether each is greater than the one before. */
export function isRising(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (!((values[i] as number) > (values[i - 1] as number))) return false;
  return true;
}

/** Times in order: themselves where they are, else a copy. */
export const inTimeOrder = (ts: Float64Array): Float64Array => (isRising(ts) ? ts : Float64Array.from(ts).sort());
