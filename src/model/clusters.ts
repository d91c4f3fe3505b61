/** Times that lie together: what is worked out between bars is not worked out over decades without any. */
import { type Interval, interval } from './interval.js';
import { DAY, nominalMs, type Timeframe } from './timeframe.js';

/** Stretches of times in order, from the first to behind the last of each, cut where nothing is for long. */
export function clustersOf(ts: Float64Array, timeframe: Timeframe): Interval[] {
  const apart = 14 * DAY + 100 * nominalMs(timeframe);
  const clusters: Interval[] = [];
  let first = ts[0];
  for (let i = 1; i <= ts.length; i++) {
    const before = ts[i - 1] as number;
    if (i < ts.length && (ts[i] as number) - before <= apart) continue;
    if (first !== undefined) clusters.push(interval(first, before + 1));
    first = ts[i];
  }
  return clusters;
}
