/** A market that never closes: crypto, and the simulated exchange. */
import { interval, toSet } from '../interval.js';
import { barAtOrAfter, barStart, countBars, DAY, nextBar, opensFrom } from '../timeframe.js';
import type { Calendar, Session } from './calendar.js';

export const CALENDAR_24_7: Calendar = {
  name: '24/7',
  version: '1',
  sessions(within) {
    const days: Session[] = [];
    for (let d = barAtOrAfter(within.from, '1d'); d < within.to; d += DAY) days.push({ date: d, segments: [interval(d, d + DAY)] });
    return days;
  },
  open: (within, timeframe) => toSet([interval(barAtOrAfter(within.from, timeframe), barAtOrAfter(within.to, timeframe))]),
  count: (within, timeframe) => countBars(within.from, within.to, timeframe),
  expected: ({ from, to }, timeframe) => opensFrom(barAtOrAfter(from, timeframe), countBars(from, to, timeframe), timeframe),
  closeOf: (ts, timeframe) => nextBar(ts, timeframe),
  next: (ts, timeframe) => nextBar(barStart(ts, timeframe), timeframe),
  previous: (ts, timeframe) => barStart(ts - 1, timeframe),
};
