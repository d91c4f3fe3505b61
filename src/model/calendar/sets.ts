/** Sets of time seen through a calendar. */
import { type IntervalSet, toSet } from '../interval.js';
import type { Timeframe } from '../timeframe.js';
import type { Calendar } from './calendar.js';

/** Bars that open in any interval of the set. */
export const countIn = (calendar: Calendar, set: IntervalSet, timeframe: Timeframe): number =>
  set.reduce((n, i) => n + calendar.count(i, timeframe), 0);

/** The part of a set in which bars open, widened to whole bars: [first open, end of the last bar). */
export const expectedIn = (calendar: Calendar, set: IntervalSet, timeframe: Timeframe): IntervalSet =>
  toSet(set.flatMap(i => calendar.open(i, timeframe)));

/** The first bar that opens at or after an instant. */
export const openFrom = (calendar: Calendar, at: number, timeframe: Timeframe): number => calendar.next(at - 1, timeframe);

/** The first bar that was not over at an instant: all before it are final. */
export function finalUntil(calendar: Calendar, at: number, timeframe: Timeframe): number {
  const last = calendar.previous(at + 1, timeframe);
  return calendar.closeOf(last, timeframe) <= at ? calendar.next(last, timeframe) : last;
}
