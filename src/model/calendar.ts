/** When a market is open, and so which bars should exist. */
import { type Interval, type IntervalSet, intersect, toSet } from './interval.js';
import { barAtOrAfter, barStart, countBars, DAY, nextBar, type Timeframe } from './timeframe.js';

/** One trading day: its date at 00:00Z and the stretches it trades in. */
export interface Session {
  readonly date: number;
  readonly segments: IntervalSet;
}

export interface Calendar {
  readonly name: string;
  /** Changes whenever its facts do; stands in the lineage of every commit. */
  readonly version: string;
  /** The sessions whose date lies in the interval. */
  sessions(within: Interval): Session[];
  /** The stretches of the interval in which bars of this timeframe open. */
  open(within: Interval, timeframe: Timeframe): IntervalSet;
  /** How many bars open in the interval: counted, not listed. */
  count(within: Interval, timeframe: Timeframe): number;
  /** The opens of the bars in the interval. */
  expected(within: Interval, timeframe: Timeframe): Float64Array;
  /** When the bar that opens at `ts` is over. */
  closeOf(ts: number, timeframe: Timeframe): number;
  /** The next bar after `ts` and the last one before it. */
  next(ts: number, timeframe: Timeframe): number;
  previous(ts: number, timeframe: Timeframe): number;
}

/** A market that never closes: crypto, and the simulated exchange. */
export const CALENDAR_24_7: Calendar = {
  name: '24/7',
  version: '1',
  sessions(within) {
    const days: Session[] = [];
    for (let d = barAtOrAfter(within.from, '1d'); d < within.to; d += DAY) days.push({ date: d, segments: [{ from: d, to: d + DAY }] });
    return days;
  },
  open: within => toSet([within]),
  count: (within, timeframe) => countBars(within.from, within.to, timeframe),
  expected(within, timeframe) {
    const out = new Float64Array(countBars(within.from, within.to, timeframe));
    let ts = barAtOrAfter(within.from, timeframe);
    for (let i = 0; i < out.length; i++) {
      out[i] = ts;
      ts = nextBar(ts, timeframe);
    }
    return out;
  },
  closeOf: (ts, timeframe) => nextBar(ts, timeframe),
  next: (ts, timeframe) => nextBar(barStart(ts, timeframe), timeframe),
  previous: (ts, timeframe) => barStart(ts - 1, timeframe),
};

/** Bars that open in any interval of the set. */
export const countIn = (calendar: Calendar, set: IntervalSet, timeframe: Timeframe): number =>
  set.reduce((n, i) => n + calendar.count(i, timeframe), 0);

/** The part of a set in which bars open, widened to whole bars' opens: [first open, last open's next bar). */
export const expectedIn = (calendar: Calendar, set: IntervalSet, timeframe: Timeframe): IntervalSet =>
  toSet(
    set.flatMap(i =>
      intersect(calendar.open(i, timeframe), [i]).flatMap(o => {
        const from = barAtOrAfter(o.from, timeframe);
        const to = barAtOrAfter(o.to, timeframe);
        return from < to ? [{ from, to }] : [];
      }),
    ),
  );
