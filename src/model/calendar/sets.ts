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
