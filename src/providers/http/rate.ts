/** How much one may ask of a source, in its own unit: weight, where it counts so, else requests. */
export interface Rate {
  /** In any minute at most, whatever moment it begins at. */
  readonly perMinute: number;
  /** What may go at once after a rest. */
  readonly burst: number;
  /** Requests a day; absent: as many as one likes. */
  readonly perDay?: number;
  /** The response header that tells the weight used in the running minute, and its limit there. */
  readonly used?: { readonly header: string; readonly limit: number };
}

export interface Bucket {
  readonly most: number;
  /** What flows in, by the millisecond. */
  readonly perMs: number;
}

/** A request may leave so much later than it was let through, and the minute still holds. */
export const LATE_MS = 1_000;
const MINUTE = 60_000;

/** A full bucket and what flows in during a minute together are no more than the limit. */
export function bucketOf({ perMinute, burst }: Rate): Bucket {
  const most = Math.max(1, Math.min(burst, perMinute / 2));
  return { most, perMs: (perMinute - (most - 1)) / (MINUTE + LATE_MS) };
}
