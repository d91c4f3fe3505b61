/** Which stretches of a series are asked for again: the same seed, the same stretches, spread over all that is stored. */
import type { Calendar } from './calendar.js';
import { countIn } from './calendar.js';
import type { IntervalSet } from './interval.js';
import { keyOf, rowKey, unitOf } from './random.js';
import { planSegments, type Reach, type Segment } from './segments.js';
import type { Timeframe } from './timeframe.js';

export interface Sampling {
  readonly share: number;
  readonly seed: number;
  readonly mostRequests: number;
}

export interface Sample {
  readonly segments: readonly Segment[];
  readonly bars: number;
  /** Expected bars that it was chosen from, and those that lie beyond what the source reaches. */
  readonly of: number;
  readonly unreachable: number;
}

/** Some stretches tell more than one, but each costs a request. */
const LEAST_STRETCHES = 8;
const LEAST_BARS = 10;

/** Stretches of one page each: as many as the share takes, one from each of so many equal parts of the whole. */
export function sampleOf(
  stored: IntervalSet,
  { share, seed, mostRequests }: Sampling,
  reach: Omit<Reach, 'archives'>,
  { timeframe, calendar, now }: { readonly timeframe: Timeframe; readonly calendar: Calendar; readonly now: number },
): Sample {
  const wanted = Math.ceil(share * countIn(calendar, stored, timeframe));
  const stretches = Math.max(Math.ceil(wanted / reach.pageBars), Math.min(LEAST_STRETCHES, Math.floor(wanted / LEAST_BARS)), 1);
  const most = Math.min(stretches, mostRequests);
  const pageBars = Math.min(reach.pageBars, Math.max(1, Math.ceil(wanted / stretches)));
  const cut = { pagesPerSegment: 1, order: 'oldest' } as const;
  const all = planSegments(stored, { pageBars, depthMs: reach.depthMs }, timeframe, calendar, now, cut);
  const segments = chosen(all.segments, Math.min(most, Math.max(1, Math.ceil(share * all.segments.length))), seed);
  return {
    segments,
    bars: segments.reduce((n, s) => n + s.bars, 0),
    of: all.bars,
    unreachable: countIn(calendar, all.unreachable, timeframe),
  };
}

/** One of each of `count` parts of nearly equal length. */
function chosen(all: readonly Segment[], count: number, seed: number): Segment[] {
  if (count >= all.length) return [...all];
  const key = keyOf(seed, 'sample');
  return Array.from({ length: count }, (_, i) => {
    const [first, end] = [Math.floor((i * all.length) / count), Math.floor(((i + 1) * all.length) / count)];
    return all[first + Math.floor(unitOf(rowKey(key, i)) * (end - first))] as Segment;
  });
}
