/** Bars that a series lacks and that its source will soon not have any more: it keeps each length for so long and then lets it go. */
import type { Calendar } from './calendar.js';
import { countIn } from './calendar.js';
import { type IntervalSet, intersect, interval, subtract } from './interval.js';
import { DAY, type Timeframe } from './timeframe.js';

export interface Leaving {
  /** Expected, not asked for or not answered, and gone before the notice is over. */
  readonly bars: number;
  /** The first of them. */
  readonly first: number;
  /** When that one is out of reach. */
  readonly until: number;
}

export interface LeavingFacts {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  readonly coverage: IntervalSet;
  /** How far back the source reaches; absent: to the listing, so that nothing is ever lost. */
  readonly depthMs: number | undefined;
  readonly now: number;
}

/** A quarter of the depth is left to do something about it, and never more than two weeks: of Yahoo's minutes a week. */
const NOTICE = 1 / 4;
const LONGEST_NOTICE = 14 * DAY;

/** What lies before the coverage was never wanted. Null: nothing is about to be lost. */
export function leavingOf({ calendar, timeframe, coverage, depthMs, now }: LeavingFacts): Leaving | null {
  const begin = coverage[0]?.from;
  if (depthMs === undefined || begin === undefined) return null;
  const reach = now - depthMs;
  const notice = interval(reach, reach + Math.min(depthMs * NOTICE, LONGEST_NOTICE));
  const lacking = intersect(subtract([interval(begin, now)], coverage), [notice]);
  const bars = countIn(calendar, lacking, timeframe);
  if (bars === 0) return null;
  const first = lacking.map(({ from }) => calendar.next(from - 1, timeframe)).find(ts => ts >= notice.from) as number;
  return { bars, first, until: first + depthMs };
}
