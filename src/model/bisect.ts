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
