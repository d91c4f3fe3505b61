/** What is known without asking: no bar can be there, or none may be had. The pages of every source begin with this. */
import { emptyBars } from '../model/bars.js';
import { CALENDAR_24_7, type Calendar, finalUntil, openFrom } from '../model/calendar.js';
import type { Verdict } from '../model/coverage.js';
import { barStart, DAY, HOUR, isIntraday, MINUTE } from '../model/timeframe.js';
import { timeText } from './answer.js';
import type { Ask, Listing, Page, Serves } from './provider.js';

export const calendarOf = ({ calendar = CALENDAR_24_7 }: Ask): Calendar => calendar;

/** The first bar of an ask that may still change: its close, or the settling after it, is still to come. */
export const finalIn = (ask: Ask, settleMs: number, now: number): number => finalUntil(calendarOf(ask), now - settleMs, ask.timeframe);

/** The first open behind the last bar there ever was. */
export const lifeEndOf = (ask: Ask, { last }: Listing): number =>
  last === undefined ? Number.POSITIVE_INFINITY : openFrom(calendarOf(ask), last, ask.timeframe);

/** Farther than this from any trade lies a day on which the calendar has the market closed, not an hour before or after it. */
const NEAR = 8 * HOUR;

/**
 * Whether a bar of the ask may open at an instant: for the check of what came. A bar on a closed day may be the calendar's
 * fault: whether it stays is judged with all others, where it is flagged and not refused.
 */
export function opensIn(ask: Ask): (ts: number) => boolean {
  const { timeframe } = ask;
  const calendar = calendarOf(ask);
  const aligned = (ts: number): boolean => (isIntraday(timeframe) ? ts % MINUTE === 0 : barStart(ts, timeframe) === ts);
  return ts =>
    calendar.count({ from: ts, to: ts + 1 }, timeframe) === 1 ||
    (aligned(ts) && calendar.count({ from: ts - NEAR, to: ts + NEAR }, timeframe) === 0);
}

/** The stretch from `at` that needs no request, as one page however long it is; undefined when it has to be asked for. */
export function knownPage(at: number, ask: Ask, serves: Serves, now: number, listing?: Listing): Page | undefined {
  const { timeframe, interval } = ask;
  const calendar = calendarOf(ask);
  const first = listing?.first === undefined ? Number.NEGATIVE_INFINITY : calendar.previous(listing.first + 1, timeframe);
  const end = listing ? lifeEndOf(ask, listing) : Number.POSITIVE_INFINITY;
  const final = finalIn(ask, serves.settleMs, now);
  const depth = serves.depthMs[timeframe];
  const reach = depth === undefined ? Number.NEGATIVE_INFINITY : openFrom(calendar, now - depth, timeframe);
  const none = (to: number, verdict: Verdict, evidence: string): Page => pageWithout(at, Math.min(to, interval.to), ask, verdict, evidence);
  if (at >= end) return none(interval.to, 'empty', listing?.evidence ?? '');
  if (at >= final) return none(end, 'not_yet_published', `bars are final ${serves.settleMs} ms after their close; it is ${timeText(now)}`);
  if (at < first) return none(Math.min(first, final), 'empty', listing?.evidence ?? '');
  if (at < reach) return none(Math.min(reach, end, final), 'beyond_depth', `${timeframe} reaches back ${(depth as number) / DAY} days`);
  return undefined;
}

/** A page without bars. */
export const pageWithout = (from: number, to: number, { interval }: Ask, verdict: Verdict, evidence: string): Page => ({
  bars: emptyBars(),
  answered: { from, to },
  verdict,
  evidence,
  next: to < interval.to ? to : null,
});
