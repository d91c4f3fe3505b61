/** Clean bars of a market, and the score of some bars: what the tests of quality begin with. */
import { readCalendars } from '../../../src/calendars.js';
import { type Bars, emptyBars, takeBars, VALUES } from '../../../src/model/bars.js';
import type { Calendar } from '../../../src/model/calendar.js';
import { NOTHING } from '../../../src/model/coverage.js';
import { classify } from '../../../src/model/gap-classes.js';
import { type Interval, interval } from '../../../src/model/interval.js';
import { contextOf, measure, type Quality, type QualityFacts, type SessionCounts, scoreOf } from '../../../src/model/quality.js';
import { bitsAt, keyOf, rowKey, spreadOf, unitOf } from '../../../src/model/random.js';
import { DAY, isIntraday, type Timeframe } from '../../../src/model/timeframe.js';

export const XNYS = readCalendars().get('XNYS') as Calendar;
export const TICK = 0.01;

/** Dates from Monday 2024-03-04 on: three weeks over the change to summer time. */
export const WEEKS = interval(Date.UTC(2024, 2, 4), Date.UTC(2024, 2, 23));

/** Every expected bar of the dates, on a seeded walk. */
export function cleanBars(timeframe: Timeframe, dates: Interval = WEEKS, calendar = XNYS): Bars {
  const ts = calendar.expected(timesOf(dates, calendar, timeframe), timeframe);
  const bars = { ...emptyBars(ts.length, ['test']), ts };
  const key = keyOf(7, timeframe);
  let price = 20_000;
  for (let i = 0; i < ts.length; i++) {
    const row = rowKey(key, i);
    const open = price;
    price = Math.max(5_000, open + Math.round(spreadOf(bitsAt(row, 0)) * 15));
    bars.open[i] = open * TICK;
    bars.close[i] = price * TICK;
    bars.high[i] = (Math.max(open, price) + Math.floor(unitOf(bitsAt(row, 1)) * 8)) * TICK;
    bars.low[i] = (Math.min(open, price) - Math.floor(unitOf(bitsAt(row, 2)) * 8)) * TICK;
    bars.volume[i] = 100 + Math.floor(unitOf(bitsAt(row, 3)) * 900);
  }
  return bars;
}

/** The instants of the sessions of some dates. */
export function timesOf(dates: Interval, calendar: Calendar, timeframe: Timeframe): Interval {
  if (!isIntraday(timeframe)) return dates;
  const sessions = calendar.sessions(dates);
  return interval(sessions[0]?.segments[0]?.from ?? dates.from, sessions.at(-1)?.segments.at(-1)?.to ?? dates.from);
}

export type More = Partial<QualityFacts> & { readonly dates?: Interval };

export function factsOf(bars: Bars, timeframe: Timeframe, { dates = WEEKS, ...more }: More = {}): QualityFacts {
  const calendar = more.calendar ?? XNYS;
  const span = timesOf(dates, calendar, timeframe);
  const ts = Float64Array.from(bars.ts).sort();
  const gaps = classify(ts, span, { calendar, timeframe, holdings: NOTHING, finalBefore: Number.POSITIVE_INFINITY });
  return { calendar, timeframe, gaps, tick: TICK, ...more };
}

export const countsOf = (bars: Bars, timeframe: Timeframe, more: More = {}): SessionCounts[] =>
  measure(bars, more.dates ?? WEEKS, factsOf(bars, timeframe, more));

export function qualityOf(bars: Bars, timeframe: Timeframe, more: More = {}): Quality {
  const quality = scoreOf(countsOf(bars, timeframe, more), { freshness: 'fresh', verified: true });
  if (!quality) throw new Error('no bar is expected');
  return quality;
}

/** A copy whose row `i` says something else. */
export function changed(bars: Bars, i: number, change: Partial<Record<(typeof VALUES)[number] | 'ts', number>>): Bars {
  const copy = takeBars(bars, [...bars.ts.keys()]);
  for (const column of ['ts', ...VALUES] as const) if (change[column] !== undefined) copy[column][i] = change[column];
  return copy;
}

/** Prices from row `from` up to row `to`, times a factor. */
export function scaled(bars: Bars, factor: number, from: number, to = bars.ts.length): Bars {
  const copy = takeBars(bars, [...bars.ts.keys()]);
  for (const column of ['open', 'high', 'low', 'close'] as const)
    for (let i = from; i < to; i++) copy[column][i] = (copy[column][i] as number) * factor;
  return copy;
}

export const without = (bars: Bars, from: number, to: number): Bars =>
  takeBars(
    bars,
    [...bars.ts.keys()].filter(i => i < from || i >= to),
  );

/** The bars that a call for some dates is given: those, and their context. */
export function partFor(bars: Bars, dates: Interval, timeframe: Timeframe): Bars {
  const { from, to } = contextOf(dates, timeframe);
  return takeBars(
    bars,
    [...bars.ts.keys()].filter(i => (bars.ts[i] as number) >= from && (bars.ts[i] as number) < to + DAY),
  );
}

/** Row of the first bar of the nth session of the dates. */
export const rowOfSession = (bars: Bars, n: number, dates = WEEKS): number => {
  const open = XNYS.sessions(dates)[n]?.segments[0]?.from as number;
  return bars.ts.indexOf(open);
};

/** The components that are less than whole. */
export const harmed = (quality: Quality): string[] => quality.components.filter(c => c.value < 1).map(c => c.name);
