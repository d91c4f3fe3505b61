/** The hours in which a symbol of the simulated exchange is traded: those of the calendar it is asked by, or all. */
import { lowerBound } from '../../model/bisect.js';
import { CALENDAR_24_7, type Calendar } from '../../model/calendar.js';
import { type Interval, type IntervalSet, interval } from '../../model/interval.js';
import { specOf } from '../../model/market.js';
import { barAtOrAfter, countBars, isIntraday, nominalMs, type Timeframe } from '../../model/timeframe.js';
import type { Ask } from '../provider.js';

/** The bars that minutes are gathered in. */
export interface Slots {
  readonly count: number;
  /** The stamp of the bar that holds a minute, and where the next bar begins. */
  stampOf(minute: number): number;
  endOf(minute: number): number;
}

export interface Hours {
  /** The minutes of which the bars of an interval are made. */
  readonly minutes: IntervalSet;
  readonly slots: Slots;
}

export const calendarOf = ({ calendar = CALENDAR_24_7 }: Ask): Calendar => (specOf(calendar) ? calendar : CALENDAR_24_7);

export function hoursIn(calendar: Calendar, timeframe: Timeframe, within: Interval): Hours {
  if (calendar === CALENDAR_24_7) return always(timeframe, within);
  if (isIntraday(timeframe)) return intraday(calendar, timeframe, within);
  const sessions = calendar.sessions(within);
  const starts = Float64Array.from(sessions, s => s.segments[0]?.from ?? s.date);
  const dates = Float64Array.from(sessions, s => s.date);
  return { minutes: sessions.flatMap(s => s.segments), slots: slotsFrom(starts, dates) };
}

function always(timeframe: Timeframe, within: Interval): Hours {
  const step = nominalMs(timeframe);
  const from = barAtOrAfter(within.from, timeframe);
  const to = barAtOrAfter(within.to, timeframe);
  const stampOf = (minute: number): number => Math.floor(minute / step) * step;
  return {
    minutes: [interval(from, to)],
    slots: { count: countBars(from, to, timeframe), stampOf, endOf: minute => stampOf(minute) + step },
  };
}

function intraday(calendar: Calendar, timeframe: Timeframe, within: Interval): Hours {
  const opens = calendar.expected(within, timeframe);
  const last = opens.at(-1);
  const minutes = last === undefined ? [] : calendar.open(interval(opens[0] as number, calendar.closeOf(last, timeframe)), '1m');
  return { minutes, slots: slotsFrom(opens, opens) };
}

const slotsFrom = (starts: Float64Array, stamps: Float64Array): Slots => ({
  count: starts.length,
  stampOf: minute => stamps[lowerBound(starts, minute + 1) - 1] as number,
  endOf: minute => starts[lowerBound(starts, minute + 1)] ?? Number.POSITIVE_INFINITY,
});

/** Where a page of so many bars ends that begins at `at`. */
export function pageEnd(calendar: Calendar, timeframe: Timeframe, at: number, bars: number, to: number): number {
  if (calendar === CALENDAR_24_7) return barAtOrAfter(at, timeframe) + bars * nominalMs(timeframe);
  for (let span = 2 * bars * nominalMs(timeframe); ; span *= 2) {
    const end = calendar.expected(interval(at, Math.min(to, at + span)), timeframe)[bars];
    if (end !== undefined) return end;
    if (at + span >= to) return to;
  }
}

/** The bar that holds an instant, or the last one before it. */
export const barOf = (calendar: Calendar, at: number, timeframe: Timeframe): number => calendar.previous(at + 1, timeframe);
