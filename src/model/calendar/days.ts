/** Sessions as instants, a year of session dates at a time: worked out when first asked for, then kept. */
import { lowerBound } from '../bisect.js';
import type { Interval } from '../interval.js';
import { DAY, dateOf, MINUTE } from '../timeframe.js';
import type { Session } from './calendar.js';
import { type Day, dayReader, stretchesOf } from './day.js';
import type { Facts } from './facts.js';
import { zoneOf } from './zone.js';

/** Flat, because decades of minutes are counted from it. Segments of date i: from `first[i]` to `first[i + 1]`. */
export interface YearOfDays {
  readonly dates: Float64Array;
  readonly first: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export type Days = (year: number) => YearOfDays;

/** Beyond these years nothing is worked out: a range without an end stays a finite amount of work. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2199;

/** Sessions reach less than two days beyond their date. */
const REACH = 2 * DAY;
export const firstYear = (from: number): number =>
  from <= Date.UTC(FIRST_YEAR, 0, 3) ? FIRST_YEAR : Math.min(dateOf(from - REACH).year, LAST_YEAR + 1);
export const lastYear = (to: number): number =>
  to >= Date.UTC(LAST_YEAR, 11, 30) ? LAST_YEAR : Math.max(dateOf(to + REACH).year, FIRST_YEAR - 1);

export function createDays(facts: Facts, session: 'regular' | 'extended'): Days {
  const read = dayReader(facts);
  const years = new Map<number, YearOfDays>();
  const make = (year: number): YearOfDays => {
    const zone = zoneOf(facts.timezone);
    const [dates, first, from, to]: [number[], number[], number[], number[]] = [[], [], [], []];
    let alike: { day: Day; stretches: [number, number][] } | undefined;
    for (let date = Date.UTC(year, 0, 1); date < Date.UTC(year + 1, 0, 1); date += DAY) {
      const day = read(date);
      if (!day) continue;
      dates.push(date);
      first.push(from.length);
      if (alike?.day !== day) alike = { day, stretches: stretchesOf(day, facts, session) };
      for (const [a, b] of alike.stretches) {
        from.push(zone.toUtc(date + a * MINUTE));
        to.push(zone.toUtc(date + b * MINUTE));
      }
    }
    first.push(from.length);
    return { dates: Float64Array.from(dates), first: Int32Array.from(first), from: Float64Array.from(from), to: Float64Array.from(to) };
  };
  return year => {
    const known = years.get(year) ?? make(year);
    years.set(year, known);
    return known;
  };
}

/** The sessions whose date lies in the interval. */
export function sessionsIn(days: Days, within: Interval): Session[] {
  const out: Session[] = [];
  for (let year = firstYear(within.from); year <= lastYear(within.to); year++) {
    const of = days(year);
    for (let i = lowerBound(of.dates, within.from); i < of.dates.length && (of.dates[i] as number) < within.to; i++)
      out.push(sessionOf(of, i));
  }
  return out;
}

export function sessionOf({ dates, first, from, to }: YearOfDays, i: number): Session {
  const segments: Interval[] = [];
  for (let s = first[i] as number; s < (first[i + 1] as number); s++) segments.push({ from: from[s] as number, to: to[s] as number });
  return { date: dates[i] as number, segments };
}

/** When the last session whose date lies in [from, to) is over. */
export function lastCloseIn(days: Days, from: number, to: number): number | undefined {
  return sessionsIn(days, { from, to }).at(-1)?.segments.at(-1)?.to;
}
