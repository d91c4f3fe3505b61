/**
 * The bars of a market as runs: from an open on, a bar every `step` until the end, the last may be short. Every
 * question about bars is arithmetic on runs. From 1d up a bar is a run of its own, stamped with its date.
 */
import { lowerBound } from '../bisect.js';
import { DAY, dateOf, nextBar, nominalMs, type Timeframe, WEEK } from '../timeframe.js';
import type { View } from './calendar.js';
import { type Days, FIRST_YEAR, type YearOfDays } from './days.js';
import { weekdayOf } from './facts.js';
import { zoneOf } from './zone.js';

export interface Runs {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly step: number;
}

/** The runs of a year of session dates. */
export type RunsOf = (year: number, timeframe: Timeframe) => Runs;

export function createRuns(days: Days, anchor: View['anchor'], timezone: string): RunsOf {
  const known = new Map<string, Runs>();
  const make = (year: number, timeframe: Timeframe): Runs => {
    if (timeframe === '1d') return stamped(days(year).dates, DAY);
    if (timeframe === '1w') return stamped(weeksOf(days, year), WEEK);
    if (timeframe === '1mo') return monthsOf(days, year);
    const step = nominalMs(timeframe);
    if (anchor === 'segment') return { from: days(year).from, to: days(year).to, step };
    const origin = anchor === 'clock' ? (of: YearOfDays, i: number) => zoneOf(timezone).toUtc(of.dates[i] as number) : firstOpen;
    return onGrid(days, year, step, origin);
  };
  return (year, timeframe) => {
    const key = `${year}/${timeframe}`;
    const runs = known.get(key) ?? make(year, timeframe);
    known.set(key, runs);
    return runs;
  };
}

const stamped = (from: Float64Array, span: number): Runs => ({ from, to: from.map(ts => ts + span), step: span });

const hasDate = (days: Days, from: number, to: number): boolean => {
  for (let year = dateOf(from).year; year <= dateOf(to - 1).year; year++) {
    const { dates } = days(year);
    const i = lowerBound(dates, from);
    if (i < dates.length && (dates[i] as number) < to) return true;
  }
  return false;
};

/** The Mondays of a year in whose week there is a session. */
function weeksOf(days: Days, year: number): Float64Array {
  const start = Date.UTC(year, 0, 1);
  const mondays: number[] = [];
  for (let monday = start + ((8 - weekdayOf(start)) % 7) * DAY; monday < Date.UTC(year + 1, 0, 1); monday += WEEK)
    if (hasDate(days, monday, monday + WEEK)) mondays.push(monday);
  return Float64Array.from(mondays);
}

const LONGEST_MONTH = 31 * DAY;

function monthsOf(days: Days, year: number): Runs {
  const months = Array.from({ length: 12 }, (_, m) => Date.UTC(year, m, 1)).filter(from => hasDate(days, from, nextBar(from, '1mo')));
  const from = Float64Array.from(months);
  return { from, to: from.map(ts => nextBar(ts, '1mo')), step: LONGEST_MONTH };
}

const firstOpen = (of: YearOfDays, i: number): number => of.from[of.first[i] as number] as number;

/** Segments on a grid that their breaks do not reset. A bar that two segments share is the first one's. */
function onGrid(days: Days, year: number, step: number, origin: (of: YearOfDays, i: number) => number): Runs {
  const from: number[] = [];
  const to: number[] = [];
  let last = year > FIRST_YEAR ? lastBarOf(days(year - 1), step, origin) : Number.NEGATIVE_INFINITY;
  const of = days(year);
  for (let i = 0; i < of.dates.length; i++) {
    const zero = origin(of, i);
    for (let s = of.first[i] as number; s < (of.first[i + 1] as number); s++) {
      const end = of.to[s] as number;
      const start = zero + Math.floor(((of.from[s] as number) - zero) / step) * step;
      const own = start <= last ? start + step : start;
      if (own >= end) continue;
      from.push(own);
      to.push(end);
      last = own + (Math.ceil((end - own) / step) - 1) * step;
    }
  }
  return { from: Float64Array.from(from), to: Float64Array.from(to), step };
}

function lastBarOf(of: YearOfDays, step: number, origin: (of: YearOfDays, i: number) => number): number {
  const i = of.dates.length - 1;
  if (i < 0) return Number.NEGATIVE_INFINITY;
  const zero = origin(of, i);
  return zero + (Math.ceil(((of.to.at(-1) as number) - zero) / step) - 1) * step;
}

/** How many of a run's bars open before an instant. */
export const barsBefore = (from: number, to: number, step: number, at: number): number =>
  at <= from ? 0 : Math.ceil((Math.min(at, to) - from) / step);
