/** What really was traded: an emulator tells it in the way of its source. */
import { type Bars, emptyBars, sliceBars, takeBars } from '../../src/model/bars.js';
import { lowerBound } from '../../src/model/bisect.js';
import { zoneOf } from '../../src/model/calendar.js';
import type { Interval } from '../../src/model/interval.js';
import { DAY, HOUR, isIntraday, nextBar, nominalMs, type Timeframe } from '../../src/model/timeframe.js';
import { dateAt } from '../../src/providers/new-york.js';
import { truth as simulated } from '../../src/providers/simulated/simulated.js';

/** Undefined: there is no such symbol. */
export type Truth = (symbol: string, timeframe: Timeframe, interval: Interval) => Bars | undefined;

/** A market that never closes. */
export const always =
  (symbols: readonly string[]): Truth =>
  (symbol, timeframe, interval) =>
    symbols.includes(symbol) ? simulated({}, symbol.toUpperCase().replace(/[^A-Z0-9]/g, ''), timeframe, interval) : undefined;

const FIRST = Date.UTC(2017, 7, 17);
const LAST = Date.UTC(2024, 11, 31);

/** Days of seven years are worked out once. */
const daysOf = new Map<string, Bars>();

function simulatedBars(symbol: string, timeframe: Timeframe, interval: Interval, listed: number): Bars {
  const from = Math.max(interval.from, listed);
  if (from >= interval.to) return emptyBars();
  if (timeframe !== '1d') return simulated({ listed }, symbol, timeframe, { from, to: interval.to });
  const days = daysOf.get(symbol) ?? simulated({}, symbol, '1d', { from: FIRST, to: LAST });
  daysOf.set(symbol, days);
  return sliceBars(days, lowerBound(days.ts, from), lowerBound(days.ts, interval.to));
}

/** Stocks of New York on weekdays, between these hours of its clock. */
export const newYork =
  (symbols: readonly string[], hours: { readonly from: number; readonly to: number }, listed = FIRST): Truth =>
  (symbol, timeframe, interval) => {
    if (!symbols.includes(symbol)) return undefined;
    const bars = simulatedBars(symbol, timeframe, interval, listed);
    const rows: number[] = [];
    bars.ts.forEach((ts, i) => {
      const date = isIntraday(timeframe) ? dateAt(ts) : ts;
      const hour = (zoneOf('America/New_York').toLocal(ts) - date) / HOUR;
      const traded = !isIntraday(timeframe) || (hour >= hours.from && hour < hours.to);
      if (traded && isWeekday(date)) rows.push(i);
    });
    return takeBars(bars, rows);
  };

/** 1970-01-01 was a Thursday. */
const isWeekday = (date: number): boolean => ![2, 3].includes((date / DAY) % 7);

/** The first bars of an interval, and at least one more where there are more: a source that answers a page reads no further. */
export function firstOf(truth: Truth, symbol: string, timeframe: Timeframe, { from, to }: Interval, most: number): Bars | undefined {
  for (let span = 2 * (most + 1) * nominalMs(timeframe); ; span *= 2) {
    const bars = truth(symbol, timeframe, { from, to: Math.min(to, from + span) });
    if (!bars || bars.ts.length > most || from + span >= to) return bars;
  }
}

/** What a source can tell at an instant: of the bar that still runs, a half. */
export function told(bars: Bars, timeframe: Timeframe, now: number): Bars {
  const known = takeBars(
    bars,
    Array.from(bars.ts.keys()).filter(i => (bars.ts[i] as number) <= now),
  );
  const last = known.ts.length - 1;
  if (last >= 0 && nextBar(known.ts[last] as number, timeframe) > now) known.volume[last] = Math.floor((known.volume[last] as number) / 2);
  return known;
}

/** As after a split of so many for one. */
export function divided(bars: Bars, split: number): Bars {
  if (split === 1) return bars;
  const price = (column: Float64Array) => column.map(value => value / split);
  return { ...bars, open: price(bars.open), high: price(bars.high), low: price(bars.low), close: price(bars.close) };
}

/** The bars of a recorded answer, as the whole truth about its symbol. */
export const recorded =
  (symbol: string, bars: Bars): Truth =>
  (asked, _, { from, to }) =>
    asked === symbol
      ? takeBars(
          bars,
          Array.from(bars.ts.keys())
            .filter(i => (bars.ts[i] as number) >= from && (bars.ts[i] as number) < to)
            .sort((a, b) => (bars.ts[a] as number) - (bars.ts[b] as number)),
        )
      : undefined;
