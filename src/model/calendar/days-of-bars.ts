/** Stored bars beside the calendar, a day at a time: bars on closed days, and open days without a bar. */
import { covers, hull, type Interval, type IntervalSet, interval } from '../interval.js';
import { DAY, isIntraday, nextBar, type Timeframe } from '../timeframe.js';
import type { MarketCalendar } from './calendar.js';
import { zoneOf } from './zone.js';

/** Bars by the date they belong to: that of their session, or, outside of every session, of the local clock. */
export interface DaysOfBars {
  readonly traded: Map<number, number>;
  readonly outside: Map<number, number>;
}

export const noDays = (): DaysOfBars => ({ traded: new Map(), outside: new Map() });

const more = (days: Map<number, number>, date: number): unknown => days.set(date, (days.get(date) ?? 0) + 1);

/** Adds bars, in the order of time. */
export function addBars(days: DaysOfBars, calendar: MarketCalendar, timeframe: Timeframe, stamps: Iterable<number>): void {
  const wide = calendar.as({ session: 'extended' });
  const zone = zoneOf(calendar.timezone);
  let near: Interval & { date: number } = { from: 0, to: 0, date: 0 };
  for (const ts of stamps) {
    if (!isIntraday(timeframe)) {
      more(calendar.count(interval(ts, ts + 1), timeframe) > 0 ? days.traded : days.outside, ts);
      continue;
    }
    if (ts < near.from || ts >= near.to) {
      const session = wide.sessionAt(ts);
      const whole = session && hull(session.segments);
      if (session && whole) near = { ...whole, date: session.date };
    }
    if (ts >= near.from && ts < near.to) more(days.traded, near.date);
    else more(days.outside, Math.floor(zone.toLocal(ts) / DAY) * DAY);
  }
}

export interface Doubts {
  /** Closed days with bars, and how many. */
  readonly strays: readonly (readonly [date: number, bars: number])[];
  /** Open days that were asked for and answered, and of which there is no bar. */
  readonly silent: readonly number[];
}

export function doubtsOf({ traded, outside }: DaysOfBars, calendar: MarketCalendar, timeframe: Timeframe, coverage: IntervalSet): Doubts {
  const whole = hull(coverage);
  const grid = isIntraday(timeframe) ? '1d' : timeframe;
  const isOpen = (date: number): boolean => calendar.count(interval(date, date + 1), grid) > 0;
  const asked = (date: number): boolean => {
    if (!isIntraday(timeframe)) return covers(coverage, interval(date, nextBar(date, timeframe)));
    const session = calendar.sessions(interval(date, date + 1))[0];
    const within = session && hull(session.segments);
    return within !== undefined && covers(coverage, within);
  };
  const dates = whole ? Array.from(calendar.expected(interval(whole.from - DAY, whole.to + DAY), grid)) : [];
  return {
    strays: [...outside].filter(([date]) => !isOpen(date)).sort(([a], [b]) => a - b),
    silent: dates.filter(date => !traded.has(date) && asked(date)),
  };
}
