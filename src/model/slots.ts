/**
 * Which finer bars a coarser bar is made of, by the sessions of a calendar. A slot is a stretch of time that belongs to one
 * bar: those of a day reach from its first open to its last close with the prints of the closing auction; what lies in a
 * break belongs to the bar before it, what lies outside of every session to none. A bar by the clock that begins before
 * the open is of the session it reaches into. A week begins on Monday and, like a month, holds the sessions of its dates.
 */
import { lowerBound } from './bisect.js';
import type { Calendar, MarketCalendar, Session } from './calendar.js';
import { fail } from './errors.js';
import { type Interval, type IntervalSet, interval, isEmpty, toSet } from './interval.js';
import { barAtOrAfter, barStart, DAY, isIntraday, nextBar, nominalMs, type Timeframe } from './timeframe.js';

/** Slot i: the bars that open in [from, to) are part of the bar stamped `stamp`. Several slots may have one stamp. */
export interface Slots {
  readonly stamp: Float64Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** No bar is cut in two: within a day one length has to be a multiple of the other, and a month is not made of weeks. */
export function checkCoarser(finer: Timeframe, coarser: Timeframe): void {
  const fits = isIntraday(coarser) ? nominalMs(coarser) % nominalMs(finer) === 0 : isIntraday(finer) || finer === '1d' || finer === coarser;
  if (!fits) throw fail('USAGE', { reason: `bars of ${coarser} cannot be made of bars of ${finer}. Nothing was done` });
}

/** The slots of the coarser bars that are stamped in an interval. */
export function slotsFor(calendar: Calendar, finer: Timeframe, coarser: Timeframe, stamped: Interval): Slots {
  if (!isIntraday(finer)) return byDates(coarser, stamped);
  return isIntraday(coarser) ? byOpens(calendar, finer, coarser, stamped) : bySessions(calendar, finer, coarser, stamped);
}

/** The slots of all coarser bars that finer ones opening in an interval may be part of. */
export function slotsOf(calendar: Calendar, finer: Timeframe, coarser: Timeframe, { from, to }: Interval): Slots {
  const first = isIntraday(coarser) ? from - REACH : barStart(from - REACH, coarser);
  const { stamp, ...all } = slotsFor(calendar, finer, coarser, interval(first, to + REACH));
  let start = lowerBound(all.to, from + 1);
  let end = lowerBound(all.from, to);
  while (start > 0 && stamp[start - 1] === stamp[start]) start--;
  while (end < stamp.length && stamp[end] === stamp[end - 1]) end++;
  return { stamp: stamp.subarray(start, end), from: all.from.subarray(start, end), to: all.to.subarray(start, end) };
}

/** Sessions reach less than two days beyond their date. */
const REACH = 2 * DAY;

function byDates(timeframe: Timeframe, { from, to }: Interval): Slots {
  const stamps: number[] = [];
  for (let at = barAtOrAfter(from, timeframe); at < to; at = nextBar(at, timeframe)) stamps.push(at);
  const stamp = Float64Array.from(stamps);
  return { stamp, from: stamp, to: stamp.map(at => nextBar(at, timeframe)) };
}

function bySessions(calendar: Calendar, finer: Timeframe, timeframe: Timeframe, stamped: Interval): Slots {
  const dates = interval(barAtOrAfter(stamped.from, timeframe), barAtOrAfter(stamped.to, timeframe));
  const sessions = calendar.sessions(dates);
  const stamps = Float64Array.from(sessions, s => barStart(s.date, timeframe));
  const begins = Float64Array.from(sessions, s => beginOf(calendar, finer, s));
  return within(wholeSessions(calendar, finer, dates), stamps, begins, Number.POSITIVE_INFINITY);
}

function byOpens(calendar: Calendar, finer: Timeframe, timeframe: Timeframe, stamped: Interval): Slots {
  const opens = calendar.expected(stamped, timeframe);
  const sessions = wholeSessions(calendar, finer, interval(stamped.from - REACH, stamped.to + REACH));
  return within(sessions, opens, opens, calendar.next(opens.at(-1) ?? stamped.to, timeframe));
}

/** Sessions with their breaks and the prints after their close; those that follow each other are one. */
function wholeSessions(calendar: Calendar, finer: Timeframe, dates: Interval): IntervalSet {
  const whole = calendar.sessions(dates).map(s => interval(beginOf(calendar, finer, s), (s.segments.at(-1) as Interval).to));
  return toSet([...whole, ...printsOf(calendar, interval(dates.from - REACH, dates.to + REACH))]);
}

/** Where the first bar of a session begins: by the clock that may be before its open. A bar that two sessions share is the first one's. */
function beginOf(calendar: Calendar, finer: Timeframe, { segments }: Session): number {
  const open = (segments[0] as Interval).from;
  const first = calendar.previous(open + 1, finer);
  const reachesIn = first < open && first + nominalMs(finer) > open;
  return reachesIn && isEmpty(calendar.open(interval(first, open), '1m')) ? first : open;
}

/** Seen with all its hours, a market accepts beyond them only the prints of the closing auction. */
function printsOf(calendar: Calendar, within: Interval): IntervalSet {
  const market = 'as' in calendar ? (calendar as MarketCalendar).as({ session: 'extended' }) : undefined;
  return market?.accepted(within) ?? [];
}

/** What lies in a session between one open and the next. On a clock that runs on through the night two sessions may share a bar. */
function within(sessions: IntervalSet, stamps: Float64Array, opens: Float64Array, after: number): Slots {
  const [stamp, from, to]: [number[], number[], number[]] = [[], [], []];
  let s = 0;
  opens.forEach((open, i) => {
    const next = opens[i + 1] ?? after;
    while (s < sessions.length && (sessions[s] as Interval).to <= open) s++;
    for (let k = s; k < sessions.length && (sessions[k] as Interval).from < next; k++) {
      stamp.push(stamps[i] as number);
      from.push(Math.max(open, (sessions[k] as Interval).from));
      to.push(Math.min(next, (sessions[k] as Interval).to));
    }
  });
  return { stamp: Float64Array.from(stamp), from: Float64Array.from(from), to: Float64Array.from(to) };
}

/** The time that holds all finer bars of the coarser ones stamped in an interval. */
export function spanFor(calendar: Calendar, finer: Timeframe, coarser: Timeframe, stamped: Interval): Interval {
  if (!isIntraday(finer)) return interval(barAtOrAfter(stamped.from, coarser), barAtOrAfter(stamped.to, coarser));
  const first = calendar.next(stamped.from - 1, coarser);
  const last = calendar.previous(stamped.to, coarser);
  if (!(stamped.from <= last && first <= last)) return interval(stamped.from, stamped.from);
  const slotsAt = (stamp: number) => slotsFor(calendar, finer, coarser, interval(stamp, stamp + 1));
  return interval(slotsAt(first).from[0] ?? first, slotsAt(last).to.at(-1) ?? last);
}

/** Stamps of the bars that lack a part: expected time that was never asked for and answered reaches into one of their slots. */
export function partialIn({ stamp, from, to }: Slots, missing: IntervalSet): Set<number> {
  const partial = new Set<number>();
  for (const hole of missing) {
    for (let i = lowerBound(to, hole.from + 1); i < from.length && (from[i] as number) < hole.to; i++) partial.add(stamp[i] as number);
  }
  return partial;
}
